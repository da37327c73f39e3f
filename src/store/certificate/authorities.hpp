// The own authority: its certificates, keys (sealed under the master key), lists and responders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"

namespace store {

struct AuthorityRow {
  base::Id id;
  std::optional<base::Id> tenant_id;  // nullopt = of the installation
  std::optional<base::Id> parent_id;  // of an issuing one: its root
  std::string kind;                   // root | issuing
  std::string state;                  // active | retiring | revoked
  std::string key_kind;               // crypto::KeyKind
  std::string subject;
  std::string sha256;
  base::Bytes der;
  base::Time not_before;
  base::Time not_after;
  std::int64_t number = 0;       // of the newest list
  std::int64_t base_number = 0;  // of the complete list that the delta list continues
  base::Time base_at{};
  base::Time listed_at{};
  std::optional<base::Time> changed_at{};  // a revocation that no list shows yet
  base::Time created_at{};
  std::optional<base::Time> revoked_at{};
  std::string reason{};

  /// Whether what it has signed can still count.
  [[nodiscard]] bool counts(base::Time now) const { return state != "revoked" && not_after > now; }
};

/// Where a private key is: in the database, or on a token. Both are sealed to their row, so that nobody who writes into
/// the database leads an authority to another key.
struct AuthorityKey {
  base::Secret pkcs8{};        // "" = on a token
  std::string token{};         // name in the configuration; "" = in the database
  base::Bytes token_object{};  // CKA_ID
};

base::Result<void> insert_authority(Tx& tx, const AuthorityRow& row, const AuthorityKey& key);
base::Result<std::optional<AuthorityRow>> find_authority(Tx& tx, const base::Id& id);
base::Result<std::optional<AuthorityRow>> find_authority_by(Tx& tx, std::string_view sha256);
/// The active one of a kind, the newest. `tenant_id`: nullopt = of the installation.
base::Result<std::optional<AuthorityRow>> find_active_authority(Tx& tx, const std::optional<base::Id>& tenant_id,
                                                                std::string_view kind);
/// All, the oldest first; at most 1000.
base::Result<std::vector<AuthorityRow>> list_authorities(Tx& tx);
/// Those with a revocation that no list shows yet, the longest waiting first, at most 100.
base::Result<std::vector<base::Id>> list_changed_authorities(Tx& tx);
/// Errors: internal (it cannot be opened).
base::Result<AuthorityKey> find_authority_key(Tx& tx, const base::Id& id);
base::Result<void> set_authority_state(Tx& tx, const base::Id& id, std::string_view state);
base::Result<void> revoke_authority(Tx& tx, const base::Id& id, std::string_view reason, base::Time now);
/// A list must be made anew.
base::Result<void> mark_authority_changed(Tx& tx, const base::Id& id, base::Time now);

struct AuthorityLists {
  std::int64_t number = 0;
  std::int64_t base_number = 0;
  base::Time base_at;
  base::Time listed_at;
};
/// The lists were made: nothing is left to be shown.
base::Result<void> set_authority_lists(Tx& tx, const base::Id& id, const AuthorityLists& lists);

struct CertificateList {
  base::Id authority_id;
  std::string kind;  // complete | delta
  std::int64_t number = 0;
  base::Bytes der;
  base::Time this_update;
  base::Time next_update;
};
base::Result<void> put_certificate_list(Tx& tx, const CertificateList& list);
base::Result<std::optional<CertificateList>> find_certificate_list(Tx& tx, const base::Id& authority_id,
                                                                   std::string_view kind);

struct OcspResponder {
  base::Id authority_id;
  std::string sha256;
  base::Bytes der;
  AuthorityKey key;
  base::Time not_after;
  base::Time created_at;
};
/// Instead of the one before it.
base::Result<void> put_ocsp_responder(Tx& tx, const OcspResponder& responder);
/// Errors: internal (the key cannot be opened).
base::Result<std::optional<OcspResponder>> find_ocsp_responder(Tx& tx, const base::Id& authority_id);

/// Seals all keys under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_authority_keys_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
