// Keys that sign documents, with their certificates (S4.22). A key is in the row, sealed under the master key, or on a
// token, of which the row has the name and the id of the object. A PIN of a software key is kept as a sealed hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"

namespace store {

struct SigningCredential {
  base::Id id;
  base::Id tenant_id;
  std::optional<base::Id> account_id;  // nullopt: a seal of the organisation
  std::string label;
  std::string status;        // requested (no certificate yet) | active | suspended | revoked
  std::string activation;    // password | pin | second_factor | none
  std::string backend;       // software | token
  std::string token;         // name in the configuration; "" = software
  base::Bytes token_object;  // CKA_ID
  base::Bytes spki;          // SubjectPublicKeyInfo, DER
  bool has_pin = false;      // of a software key
  base::Bytes certificate;   // DER; "" = requested
  base::Bytes chain;         // DER, one behind the other, the issuer first
  std::string sha256;        // of the certificate, lower-case hexadecimal; "" = requested
  std::string subject;
  std::string issuer;
  bool is_own_issue = false;             // by the own authority
  std::optional<base::Time> not_before;  // nullopt: requested
  std::optional<base::Time> not_after;
  std::int64_t uses = 0;
  std::optional<base::Time> last_used_at{};
  std::int64_t wrong_pins = 0;  // since the last right one
  std::optional<base::Time> pins_wait_until{};
  std::optional<std::int64_t> warned_days{};  // least number of days before the end at which it was told
  std::int64_t version = 1;
  base::Time created_at;
  std::optional<base::Id> created_by{};
  base::Time changed_at;
};

/// What is sealed: PKCS#8 of a software key, and the hash of its PIN. "" = there is none.
struct SigningSecrets {
  base::Secret pkcs8{};
  base::Secret pin_hash{};
};

/// Errors: already_exists (a credential with the same certificate).
base::Result<void> insert_signing_credential(Tx& tx, const SigningCredential& row, const SigningSecrets& secrets);
base::Result<std::optional<SigningCredential>> find_signing_credential(Tx& tx, const base::Id& id);
base::Result<std::optional<SigningCredential>> find_signing_credential_by(Tx& tx, std::string_view sha256);
/// Of an account, the newest first.
base::Result<std::vector<SigningCredential>> list_signing_credentials_of(Tx& tx, const base::Id& account_id,
                                                                         std::int64_t most);
/// Seals of an organisation, the newest first.
base::Result<std::vector<SigningCredential>> list_seals_of(Tx& tx, const base::Id& tenant_id, std::int64_t most);
/// All of an organisation, the newest first.
base::Result<std::vector<SigningCredential>> list_signing_credentials(Tx& tx, const base::Id& tenant_id,
                                                                      std::int64_t most);
/// Whether any key of people or organisations is on the token, by its name in the configuration.
base::Result<bool> has_credential_on_token(Tx& tx, std::string_view token);
/// Errors: not_found, internal (a value cannot be opened).
base::Result<SigningSecrets> find_signing_secrets(Tx& tx, const base::Id& id);

/// Everything but owner, counters and secrets; raises the version. Errors: conflict (it has another version by now),
/// already_exists.
base::Result<void> update_signing_credential(Tx& tx, const SigningCredential& row);
/// Replaces the key. Errors: not_found.
base::Result<void> set_signing_secrets(Tx& tx, const base::Id& id, const SigningSecrets& secrets);
/// Errors: not_found.
base::Result<void> delete_signing_credential(Tx& tx, const base::Id& id);

/// Counts `uses` more of an active credential with the same version, and forgets wrong PINs. False: it is not active
/// any more, or was changed since it was read.
base::Result<bool> count_signing_uses(Tx& tx, const SigningCredential& row, std::int64_t uses, base::Time now);
/// One wrong PIN more, and until when the next one has to wait; nullopt = not at all.
base::Result<void> count_wrong_pin(Tx& tx, const base::Id& id, const std::optional<base::Time>& wait_until);

/// After a right PIN.
base::Result<void> forgive_wrong_pins(Tx& tx, const base::Id& id);

/// Active ones that end before `before` and were not told of `days` or fewer, in the order of their ends.
base::Result<std::vector<SigningCredential>> list_ending_credentials(Tx& tx, base::Time now, base::Time before,
                                                                     std::int64_t days, std::int64_t most);
/// False: it was told already.
base::Result<bool> note_credential_warning(Tx& tx, const base::Id& id, std::int64_t days);

/// Seals all secrets under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_signing_credentials_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
