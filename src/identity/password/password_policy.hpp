// Which passwords a tenant, group or context accepts (S0.1, S4.11; NIST SP 800-63B-4 §3.1.1.2; ASVS 5.0 V6.2). No
// policy is below the floor: 8 characters, no common password, no words that belong to the person or to the service
// (ASVS 5.0 6.2.1, 6.2.4, 6.2.11). If several policies apply to an account, the strictest value of each rule counts.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace identity {

/// What an expired password still allows: nothing but a reset (S4.11), or a login that ends at the change page (S0.3).
enum class ExpiryMeaning : std::uint8_t {
  reset_only,
  change_at_login
};
std::string_view name_of(ExpiryMeaning meaning);

struct PasswordPolicy {
  static constexpr std::int64_t ever = std::numeric_limits<std::int64_t>::max();  // history without end
  static constexpr std::int64_t floor = 8;                                        // no policy accepts shorter passwords

  std::string name;
  std::int64_t version = 1;
  std::int64_t min_length = 15;                     // visible code points
  std::int64_t min_length_with_second_factor = 15;  // for accounts that must use one
  std::int64_t max_length = 128;                    // code points
  std::int64_t required_classes = 0;                // of capitals, small letters, digits, special characters
  bool forbid_login = true;                         // each: forwards or backwards, in comparison form
  bool forbid_email = false;                        // local part and its words of 3 or more code points
  bool forbid_names = true;                         // names' words of 3 or more code points
  bool forbid_service = true;                       // name of the installation and of the product
  std::int64_t history = 0;                         // how many earlier passwords must not come again, or `ever`
  base::Duration min_age{0};                        // before the owner may change it again
  base::Duration max_age{0};                        // 0 = never expires
  ExpiryMeaning expiry_meaning = ExpiryMeaning::reset_only;
  base::Duration remind_before{0};  // 0 = no reminder
  base::Duration temporary_lasts = std::chrono::hours(24);
  base::Duration initial_lasts = std::chrono::days(7);  // 0 (from an earlier version) = seven days as well
  bool forbid_common = true;                            // the list of common passwords
  std::int64_t least_score = 0;                         // of zxcvbn's scores 0 to 4; 0 = not checked

  friend bool operator==(const PasswordPolicy&, const PasswordPolicy&) = default;
};

/// S0.1 and S4.11: 8 characters, three of four classes, no login in it, never again; 30 days, reminder 7 days before.
PasswordPolicy classic();
/// 15 characters (8 with a second factor), nothing common or easily guessed; no classes, no expiry.
PasswordPolicy nist_800_63b();
/// A preset by its name "classic" or "nist-800-63b". Errors: not_found.
base::Result<PasswordPolicy> find_preset(std::string_view name);

/// The strictest of each rule; the version is the sum, so that it changes with each of them. Without policies:
/// nist_800_63b().
PasswordPolicy strictest(const std::vector<PasswordPolicy>& policies);

/// Raises each rule that is below the floor to it, for policies that were stored before the floor existed.
PasswordPolicy raised_to_floor(PasswordPolicy policy);

/// Everything that is wrong with the policy itself: names of rules out of their limits or below the floor. Empty =
/// usable.
std::vector<std::string> find_mistakes(const PasswordPolicy& policy);

/// Rule name → value: numbers, "true"/"false", "ever", durations in seconds. For store and administration.
std::map<std::string, std::string> to_map(const PasswordPolicy& policy);
/// Rules that are missing keep their default. Errors: invalid_input (names every unknown rule and wrong value at once).
base::Result<PasswordPolicy> from_map(const std::map<std::string, std::string>& rules);
/// The same for a stored policy; rules below the floor are raised to it.
base::Result<PasswordPolicy> from_stored(const std::map<std::string, std::string>& rules);

/// A sentence for a person: a key of room text, and what stands for its placeholders (same type as text::Arguments).
struct Sentence {
  std::string key;
  std::vector<std::pair<std::string, std::variant<std::string, std::int64_t>>> arguments;
  friend bool operator==(const Sentence&, const Sentence&) = default;
};

/// The policy in words, for /policy: one sentence for each rule that demands something, keys
/// password_policy.*. The greatest length is left out: only its flaw tells it.
std::vector<Sentence> describe(const PasswordPolicy& policy);

}  // namespace identity
