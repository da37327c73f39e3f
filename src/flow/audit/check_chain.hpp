// A person who reads the audit log has its chain verified in the background (S4.26), one check at a time. The row that
// all nodes see says how far it is and what was found.
//
//   ask_for_check → waiting → running → intact | broken | failed        (a run that is not seen for a while has ended)
#pragma once

#include <optional>

#include "flow/audit/verify_audit.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

enum class CheckState : std::uint8_t {
  waiting,
  running,
  intact,
  broken,
  failed  // it ended before it was done
};
struct ChainCheck {
  CheckState state = CheckState::waiting;
  base::Time asked_at;
  std::int64_t checked = 0;
  std::int64_t total = 0;  // as counted at its beginning
  std::int64_t erased = 0;
  std::int64_t flaws = 0;
  std::string flaw{};            // the first: name of an audit::Flaw; "" = none
  std::int64_t first_event = 0;  // at which it is; 0 = at the head
};

/// Errors: denied, conflict (one waits or runs).
base::Result<void> ask_for_check(const House& house, const rights::Actor& actor, const RequestFacts& facts);

/// The check that was asked for last; nullopt = none was. A run that is not seen any more is given as failed. Errors:
/// denied.
base::Result<std::optional<ChainCheck>> find_check(const House& house, const rights::Actor& actor, base::Time now);

/// Does what was asked for, a few thousand events a step. Each node has one; a check is taken by the first.
class CheckRunner {
 public:
  /// Gives whether there is more to do.
  base::Result<bool> step(const House& house, base::Time now);

 private:
  base::Result<bool> begin(const House& house, base::Time now);

  std::optional<base::Id> run_;  // of this runner
  ChainWalk walk_;
};

}  // namespace flow
