// Client systems as an administrator sees and changes them (S1.2, S1.3): with the permission manage_systems, in the
// tenants that the actor reaches. A change needs a fresh proof and has its audit event. Keys and passwords of client
// systems are given once, as the answer, and are stored nowhere (a password only as its hash).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/value.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/password/password_flaws.hpp"
#include "rights/actor.hpp"
#include "store/system/client_systems.hpp"

namespace flow {

inline constexpr std::size_t most_systems = 2000;      // of one tenant; further ones are refused
inline constexpr std::size_t most_certificates = 200;  // of one client system
inline constexpr std::size_t longest_system_id = 64;   // in code points, as ClientSystemId of the connector's interface
inline constexpr base::Duration certificate_warning = std::chrono::hours(24 * 30);

/// 1 to 64 characters without control characters, line breaks, quotes, angle brackets, slashes, backslashes or colons,
/// and not only dots: what stands in a file's name and in Basic. Upper and lower case are different.
bool is_system_id(std::string_view id);

using SystemCertificate = store::SystemCertificate;

struct SystemLook {
  store::ClientSystem system{};
  std::string tenant{};  // its name
  bool is_active = true;
  bool has_password = false;
  std::int64_t good_certificates = 0;
};
struct SystemsLook {
  std::vector<SystemLook> systems{};                     // by id
  std::vector<store::SystemCertificate> certificates{};  // the newest first
};
/// Of all tenants that the actor reaches. Errors: denied.
base::Result<SystemsLook> look_at_systems(const House& house, const rights::Actor& actor, base::Time now);
struct OneSystemLook : SystemLook {
  std::vector<store::SystemCertificate> certificates{};  // the newest first
};
/// Errors: denied, not_found (also of a tenant that the actor does not reach).
base::Result<OneSystemLook> look_at_system(const House& house, const rights::Actor& actor, std::string_view id,
                                           base::Time now);
/// The same for one certificate.
base::Result<store::SystemCertificate> look_at_certificate(const House& house, const rights::Actor& actor,
                                                           std::string_view sha256);

struct NewSystem {
  std::string id;
  std::string name;      // "" = as the id; at most 100 characters
  std::string tenant{};  // as in find_managed_tenant
};
/// Errors: denied, invalid_input (reason "id" or "name"), already_exists (the id), not_found (tenant), too_many.
base::Result<void> add_system(const House& house, const rights::Actor& actor, const NewSystem& wish,
                              const RequestFacts& facts);

/// Mode user name and password: sets the account's password, by the policy in force. Empty: one is made (20
/// characters). Gives the password. Password lane. Errors: denied, not_found, invalid_input (breaks the policy).
base::Result<base::Secret> set_system_password(const House& house, const rights::Actor& actor, std::string_view id,
                                               const base::Secret& password, const RequestFacts& facts);
/// All that is wrong with a password that set_system_password refuses. Password lane. Errors: denied, not_found.
base::Result<std::vector<identity::PasswordFlaw>> find_system_password_flaws(
    const House& house, const rights::Actor& actor, std::string_view id, const base::Secret& password, base::Time now);

/// Why a certificate of others is not taken.
enum class CertificateFlaw : std::uint8_t {
  none,
  unreadable,   // not a certificate, or something behind it
  several,      // more than one in the file
  private_key,  // a private key comes with it, which must never leave its owner
  expired,
  early,  // not yet valid
  authority,
  weak_key,
  weak_digest,
  registered,  // here or at another client system, also if it is revoked
  too_many,
  revoked,    // by the own authority
  other_use,  // the own authority has made it for something else: a person, a server
};
std::string_view name_of(CertificateFlaw flaw);

/// What is wrong with a certificate of others, also whether it is registered already. Writes nothing. Errors:
/// unavailable.
base::Result<CertificateFlaw> judge_system_certificate(const House& house, base::BytesView octets, base::Time now);
/// Registers a certificate that another authority has made: PEM or DER. Nothing is saved with a flaw.
/// Errors: denied, not_found.
base::Result<CertificateFlaw> import_system_certificate(const House& house, const rights::Actor& actor,
                                                        std::string_view id, base::BytesView octets,
                                                        const RequestFacts& facts);

/// Why a certificate is revoked: one of a list, because free text would stay in the log for ever.
inline constexpr std::string_view revocation_reasons[] = {"lost", "replaced", "left", "mistake", "other"};
bool is_revocation_reason(std::string_view reason);

/// For ever: from the next request on it proves nothing, also on open connections. Errors: denied, not_found,
/// invalid_input (no such reason), conflict (it is revoked already).
base::Result<void> revoke_system_certificate(const House& house, const rights::Actor& actor, std::string_view sha256,
                                             std::string_view reason, const RequestFacts& facts);

}  // namespace flow
