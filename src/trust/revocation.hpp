// Which answer about a revocation counts. The own authority is asked in the database and is always reached. Of others
// the newest list or answer counts that was fetched; nobody waits for a fetch.
//
//   answer in time ─> counts      no answer, or one whose next update is over ─> "cannot be reached": refused for a
//   login of a person, unless the operator has said otherwise for that authority; an old list still refuses what it
//   names
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/verify_chain.hpp"

namespace trust {

/// What of an authority of others is asked.
enum class Asks : std::uint8_t {
  none,
  crl,
  ocsp,
};
std::string_view name_of(Asks asks);
base::Result<Asks> parse_asks(std::string_view name);

/// What holds without an answer in time.
enum class Unreachable : std::uint8_t {
  refuse,
  accept,
};
std::string_view name_of(Unreachable mode);
base::Result<Unreachable> parse_unreachable(std::string_view name);

enum class Freshness : std::uint8_t {
  fresh,
  stale,
  absent,
};
/// An answer without a next update counts for a day.
Freshness judge_freshness(std::optional<base::Time> this_update, std::optional<base::Time> next_update, base::Time now);

struct RevocationFacts {
  Asks asks = Asks::crl;
  Unreachable mode = Unreachable::refuse;
  Freshness freshness = Freshness::absent;  // of the answer about the certificate
  bool is_revoked = false;                  // as the answer says, however old it is
};
/// none, revoked or unknown_revocation.
crypto::PathFlaw judge_revocation(const RevocationFacts& facts);

/// When an answer is asked for again: half of its time before it ends, at least every `longest`, at most every
/// `shortest`; after a failure in `after_failure`.
base::Time find_due(std::optional<base::Time> next_update, bool has_failed, base::Time now);

}  // namespace trust
