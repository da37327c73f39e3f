#include "authority/profile.hpp"

#include <algorithm>
#include <cctype>

#include "base/bytes.hpp"
#include "base/ip_address.hpp"

namespace authority {
namespace {

constexpr base::Duration day = std::chrono::hours(24);
constexpr std::array<std::string_view, 6> names{"client_system", "person_login", "tls_server",
                                                "ocsp",          "time_stamp",   "signature"};
static_assert(names.size() == all_profiles.size());
constexpr std::size_t longest_common_name = 64;  // RFC 5280, ub-common-name
constexpr std::size_t longest_dns_name = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t most_names = 50;

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_dns_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || name.size() > longest_dns_name || base::IpAddress::parse(name)) return false;
  while (true) {
    const std::size_t end = std::min(name.find('.'), name.size());
    if (!is_label(name.substr(0, end))) return false;
    if (end == name.size()) return true;
    name.remove_prefix(end + 1);
  }
}

bool is_common_name(std::string_view name) {
  if (name.empty() || !base::is_utf8(name) || base::count_code_points(name) > longest_common_name) return false;
  return std::none_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

}  // namespace

std::string_view name_of(Profile profile) {
  return names.at(static_cast<std::size_t>(profile));
}

base::Result<Profile> parse_profile(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return base::fail(base::Code::invalid_input, "no such profile: " + std::string(name));
  return all_profiles.at(static_cast<std::size_t>(found - names.begin()));
}

const ProfileRules& rules_of(Profile profile) {
  using crypto::ExtendedUse;
  static const std::array<ProfileRules, 6> rules{
      ProfileRules{730 * day, 1095 * day, {ExtendedUse::client_auth}},
      ProfileRules{365 * day, 1095 * day, {ExtendedUse::client_auth}},
      ProfileRules{365 * day, 398 * day, {ExtendedUse::server_auth}},
      ProfileRules{7 * day, 14 * day, {ExtendedUse::ocsp_signing}, false},
      ProfileRules{1095 * day, 1825 * day, {ExtendedUse::time_stamping}},
      ProfileRules{730 * day, 1095 * day, {}},
  };
  return rules.at(static_cast<std::size_t>(profile));
}

std::vector<crypto::KeyUse> key_uses_of(Profile profile, std::string_view key_algorithm) {
  using crypto::KeyUse;
  // Key transport by RSA is only in TLS 1.2, where old servers' clients still choose it.
  if (profile == Profile::tls_server && key_algorithm.starts_with("RSA")) {
    return {KeyUse::digital_signature, KeyUse::key_encipherment};
  }
  if (profile == Profile::signature) return {KeyUse::digital_signature, KeyUse::non_repudiation};
  return {KeyUse::digital_signature};
}

std::string find_flaw(Profile profile, const Names& wanted) {
  if (!is_common_name(wanted.common_name)) {
    return "the name has 1 to 64 characters and no control characters";
  }
  const bool has_more = !wanted.dns_names.empty() || !wanted.ip_addresses.empty();
  if (profile != Profile::tls_server) return has_more ? "only a server has host names and addresses" : "";
  if (!has_more) return "a server needs a host name or an address";
  if (wanted.dns_names.size() + wanted.ip_addresses.size() > most_names) return "too many names";
  for (const std::string& name : wanted.dns_names) {
    if (!is_dns_name(name)) return "no host name: " + name.substr(0, longest_common_name);
  }
  for (const std::string& address : wanted.ip_addresses) {
    if (!base::IpAddress::parse(address)) return "no address: " + address.substr(0, longest_common_name);
  }
  return {};
}

bool is_rollover_due(base::Time not_after, base::Time now) {
  base::Duration longest{0};
  for (const Profile profile : all_profiles) longest = std::max(longest, rules_of(profile).longest);
  return not_after - now < longest;
}

base::Result<base::Time> find_end(Profile profile, base::Duration validity, base::Time now, base::Time issuer_ends) {
  const ProfileRules& rules = rules_of(profile);
  const base::Duration wanted = validity == base::Duration(0) ? rules.standard : validity;
  if (wanted < std::chrono::hours(1) || wanted > rules.longest) {
    return base::fail(base::Code::invalid_input, "a certificate of this kind is valid for 1 hour to " +
                                                     std::to_string(rules.longest / day) + " days");
  }
  if (issuer_ends <= now) return base::fail(base::Code::conflict, "the authority's certificate has ended");
  return std::min(now + wanted, issuer_ends);
}

}  // namespace authority
