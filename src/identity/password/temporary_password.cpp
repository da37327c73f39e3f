#include "identity/password/temporary_password.hpp"

#include <algorithm>
#include <array>

namespace identity {
namespace {

constexpr std::string_view capitals = "ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::string_view small_letters = "abcdefghjkmnpqrstuvwxyz";
constexpr std::string_view digits = "23456789";
constexpr std::array<std::string_view, 4> group{capitals, small_letters, small_letters, digits};
constexpr std::size_t least_groups = 4;  // 4 × log2(24·23·23·8) = 66.5 bits

/// One symbol, each equally likely; false when the octets have run out.
bool take(base::BytesView& random, std::string_view symbols, std::string& out) {
  while (random.size() >= 2) {
    const std::size_t value = static_cast<unsigned char>(random[0]) * 256U + static_cast<unsigned char>(random[1]);
    random.remove_prefix(2);
    if (value >= 65536 / symbols.size() * symbols.size()) continue;
    out += symbols[value % symbols.size()];
    return true;
  }
  return false;
}

}  // namespace

base::Result<base::Secret> make_temporary_password(base::BytesView random, const PasswordPolicy& policy,
                                                   const PasswordFacts& facts) {
  // n groups with hyphens between them have 5n - 1 characters.
  const std::size_t wanted = static_cast<std::size_t>(std::max<std::int64_t>(policy.min_length, 0)) / 5 + 1;
  const std::size_t groups = std::max(least_groups, wanted);
  bool made_one = false;
  while (true) {
    std::string password;
    password.reserve(5 * groups);  // no copies of the secret are left behind by growing
    for (std::size_t g = 0; g < groups; ++g) {
      if (g > 0) password += '-';
      for (const std::string_view symbols : group) {
        if (take(random, symbols, password)) continue;
        if (made_one) return base::fail(base::Code::internal, "no random password conforms to policy " + policy.name);
        return base::fail(base::Code::invalid_input, "too few random octets for a password");
      }
    }
    made_one = true;
    base::Secret made(std::move(password));
    if (find_flaws(made.reveal(), policy, facts).empty()) return made;
  }
}

}  // namespace identity
