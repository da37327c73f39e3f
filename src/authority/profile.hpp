// What the own authority issues: profiles, their validity and the names allowed (RFC 5280; BSI TR-03145 for the
// limits).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/issue.hpp"

namespace authority {

enum class Profile : std::uint8_t {
  client_system,
  person_login,
  tls_server,
  ocsp,
  time_stamp,
  signature,  // of documents: a person, or the seal of an organisation
};
inline constexpr std::array all_profiles{Profile::client_system, Profile::person_login, Profile::tls_server,
                                         Profile::ocsp,          Profile::time_stamp,   Profile::signature};
/// "client_system"
std::string_view name_of(Profile profile);
/// Errors: invalid_input.
base::Result<Profile> parse_profile(std::string_view name);

struct ProfileRules {
  base::Duration standard;  // validity
  base::Duration longest;
  std::vector<crypto::ExtendedUse> extended_uses;
  bool is_in_lists = true;  // false: too short-lived to be revoked (OCSP)
};
const ProfileRules& rules_of(Profile profile);
/// keyUsage follows the key: an RSA key of a TLS server also enciphers. One that signs documents commits to their
/// content too (ETSI EN 319 412-2 §4.3.2, type B).
std::vector<crypto::KeyUse> key_uses_of(Profile profile, std::string_view key_algorithm);

struct Names {
  std::string common_name;
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
};
/// What is wrong with the names, in words; "" = nothing. Common names have 1 to 64 characters without control
/// characters; DNS names are LDH labels, perhaps with "*." before them; only TLS servers have other names than the
/// common one, and need at least one.
std::string find_flaw(Profile profile, const Names& names);

inline constexpr base::Duration root_lasts = std::chrono::hours(24 * 365 * 20);
inline constexpr base::Duration issuing_lasts = std::chrono::hours(24 * 365 * 8);
/// Certificates are valid from a little before their issue on, because clocks differ.
inline constexpr base::Duration clocks_differ = std::chrono::minutes(5);

/// Whether a new issuing certificate is due: the rest of the present one is shorter than the longest validity that it
/// may have to give, so that nothing issued outlives its issuer.
bool is_rollover_due(base::Time not_after, base::Time now);
/// When a certificate ends that is wanted for `validity` (0 = standard): never after its issuer.
base::Result<base::Time> find_end(Profile profile, base::Duration validity, base::Time now, base::Time issuer_ends);

}  // namespace authority
