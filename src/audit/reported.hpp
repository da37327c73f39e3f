// What a relying system says in an event that it writes (S4.26), and whether that may be stored. Invariant: a type has
// a dot ("record.read"), and no type of our own has one, so that nobody can write an event that looks like one of ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/value.hpp"
#include "base/time.hpp"

namespace audit {

/// Members as received; nullopt = not sent.
struct Reported {
  std::optional<std::string> type{};
  std::optional<std::string> at{};       // RFC 3339
  std::optional<std::string> outcome{};  // success | failure
  std::optional<std::string> actor{};    // id or login of an account, or a text
  std::optional<std::string> subject{};
  std::optional<std::string> object{};  // what was read, changed, …
  std::optional<std::string> reason{};
  std::optional<std::string> request_id{};
};

inline constexpr std::size_t longest_reported_type = 64;   // octets
inline constexpr std::size_t longest_reported_text = 200;  // code points
inline constexpr std::size_t longest_reported_code = 100;  // octets
inline constexpr base::Duration clocks_may_differ = std::chrono::minutes(5);

struct ReportFlaw {
  std::string_view field;
  /// missing | bad_form | too_long | bad_character | not_a_choice | in_the_future
  Code code;
};
/// All that is wrong, in the order of the members. "" counts as a value.
std::vector<ReportFlaw> find_flaws(const Reported& reported, base::Time now);

/// "record.read": words of small letters, digits and '_', at least two, joined by dots; at most 64 octets.
bool is_reported_type(std::string_view type);

}  // namespace audit
