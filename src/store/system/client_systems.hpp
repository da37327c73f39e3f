// Client systems (S1.3, S4.27) and their access certificates. A client system is an account of kind client_system and
// a row with its id, which is compared octet by octet. A certificate is registered once, for ever.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct ClientSystem {
  std::string id;  // as it was typed
  base::Id account_id;
  base::Id tenant_id;
  std::string name;
  base::Time created_at;
  std::optional<base::Id> created_by{};  // nullopt: a command
  std::int64_t version = 1;
};
/// nullopt: there is none with exactly this id.
base::Result<std::optional<ClientSystem>> find_client_system(Tx& tx, std::string_view id);
base::Result<std::optional<ClientSystem>> find_client_system_of(Tx& tx, const base::Id& account_id);
/// Of one tenant, by id, at most `most`.
base::Result<std::vector<ClientSystem>> list_client_systems(Tx& tx, const base::Id& tenant_id, std::size_t most);
/// Errors: already_exists (the id).
base::Result<void> insert_client_system(Tx& tx, const ClientSystem& system);
/// Writes the name. False: another change came first (`version`).
base::Result<bool> rename_client_system(Tx& tx, const ClientSystem& system);

struct SystemCertificate {
  std::string sha256;     // lower-case hexadecimal
  std::string system_id;  // of the client system
  base::Id tenant_id;
  base::Bytes der;  // empty in lists
  std::string subject;
  std::string issuer;
  std::string serial;     // lower-case hexadecimal
  std::string algorithm;  // "RSA 2048", "ECC P-256"
  base::Time not_before;
  base::Time not_after;
  bool is_own = false;  // issued by this server
  base::Time created_at;
  std::optional<base::Id> created_by{};
  // Of the revocation, here or by the own authority (of the certificate or of what has issued it), whichever stands.
  std::optional<base::Time> revoked_at{};
  std::optional<base::Id> revoked_by{};  // nullopt: a command, or the holder itself (EST)
  std::string reason{};                  // flow::revocation_reasons, or crypto::RevocationReason by name
  std::string revoker{};  // name of the account revoked_by, for people (S1.3.6); "" = as revoked_by. The looks of
                          // flow/system fill it; the store does not.

  /// In time and not revoked.
  [[nodiscard]] bool is_good(base::Time now) const { return !revoked_at && not_before <= now && now < not_after; }
};
/// Errors: already_exists (the certificate is registered, for whatever client system, revoked or not).
base::Result<void> insert_system_certificate(Tx& tx, const SystemCertificate& certificate);
base::Result<std::optional<SystemCertificate>> find_system_certificate(Tx& tx, std::string_view sha256);
/// Of one client system, the newest first, at most `most`; without their octets.
base::Result<std::vector<SystemCertificate>> list_system_certificates(Tx& tx, std::string_view system_id,
                                                                      std::size_t most);
/// Of one tenant, the newest first, at most `most`; without their octets.
base::Result<std::vector<SystemCertificate>> list_certificates_of_tenant(Tx& tx, const base::Id& tenant_id,
                                                                         std::size_t most);
struct SystemRevocation {
  base::Time at;
  std::optional<base::Id> by{};
  std::string reason{};
};
/// False: there is none, or it is revoked already, and its time and reason stay.
base::Result<bool> revoke_system_certificate(Tx& tx, std::string_view sha256, const SystemRevocation& revocation);

}  // namespace store
