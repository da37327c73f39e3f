#include "trust/revocation.hpp"

#include <algorithm>
#include <string>

namespace trust {
namespace {

constexpr std::array<std::string_view, 3> asks_names{"none", "crl", "ocsp"};
constexpr std::array<std::string_view, 2> mode_names{"refuse", "accept"};
constexpr base::Duration without_end = std::chrono::hours(24);
constexpr base::Duration clocks_differ = std::chrono::minutes(5);
constexpr base::Duration shortest = std::chrono::minutes(5);
constexpr base::Duration longest = std::chrono::hours(6);
constexpr base::Duration after_failure = std::chrono::minutes(5);

template <class Enum, std::size_t n>
base::Result<Enum> parse(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return base::fail(base::Code::invalid_input, "no such rule: " + std::string(name));
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name_of(Asks asks) {
  return asks_names.at(static_cast<std::size_t>(asks));
}

base::Result<Asks> parse_asks(std::string_view name) {
  return parse<Asks>(asks_names, name);
}

std::string_view name_of(Unreachable mode) {
  return mode_names.at(static_cast<std::size_t>(mode));
}

base::Result<Unreachable> parse_unreachable(std::string_view name) {
  return parse<Unreachable>(mode_names, name);
}

Freshness judge_freshness(std::optional<base::Time> this_update, std::optional<base::Time> next_update,
                          base::Time now) {
  if (!this_update || *this_update > now + clocks_differ) return Freshness::absent;
  const base::Time end = next_update ? *next_update : *this_update + without_end;
  return now <= end ? Freshness::fresh : Freshness::stale;
}

crypto::PathFlaw judge_revocation(const RevocationFacts& facts) {
  if (facts.asks == Asks::none) return crypto::PathFlaw::none;
  if (facts.is_revoked) return crypto::PathFlaw::revoked;
  if (facts.freshness == Freshness::fresh || facts.mode == Unreachable::accept) return crypto::PathFlaw::none;
  return crypto::PathFlaw::unknown_revocation;
}

base::Time find_due(std::optional<base::Time> next_update, bool has_failed, base::Time now) {
  if (has_failed) return now + after_failure;
  if (!next_update || *next_update <= now) return now + shortest;
  return now + std::clamp<base::Duration>((*next_update - now) / 2, shortest, longest);
}

}  // namespace trust
