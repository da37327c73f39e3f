// One act of an administrator on many accounts (S4.25): a preview says for each account whether it will be done or why
// not; then the act runs in the background (run_bulk.hpp) with its progress and an outcome for each account.
//
//   running ──all accounts have an outcome──> done
//      ├─────its person stops it────────────> stopped
//      └─────its person may not act any more> refused
//
// A person has one run at a time. What was done stays in every case
// (docs/decisions/0049-bulk-acts-keep-the-session.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/account/create_account.hpp"
#include "flow/admin/judge_bulk.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// The groups of the organisations of these accounts, and their contexts that give no more rights than the actor has:
/// what an act can be about. Errors: denied.
base::Result<AccountChoices> find_bulk_choices(const House& house, const rights::Actor& actor,
                                               const std::vector<base::Id>& accounts);

/// What the act would do now, each account once. Errors: denied, those of check_bulk, invalid_input (the target is none
/// of find_bulk_choices).
base::Result<std::vector<BulkRow>> preview_bulk(const House& house, const rights::Actor& actor, const BulkWish& wish,
                                                base::Time now);

/// Begins a run and gives its id. `facts` has the reason. Errors: those of preview_bulk, denied (no fresh proof),
/// already_exists (the person has another run that has not ended).
base::Result<base::Id> begin_bulk(const House& house, const rights::Actor& actor, const BulkWish& wish,
                                  const RequestFacts& facts);

struct BulkRun {
  base::Id id;
  std::string act;
  std::string target;
  std::string state;
  base::Time begun_at;
  std::optional<base::Time> ended_at;
};
struct BulkProgress {
  BulkRun run;
  std::int64_t waiting = 0;
  std::int64_t done = 0;
  std::vector<BulkRow> rows;  // all accounts, with their outcomes
};
/// A run of this person. Errors: denied, not_found (also another person's).
base::Result<BulkProgress> read_bulk(const House& house, const rights::Actor& actor, const base::Id& id);
/// The runs of this person, the newest first, at most `most`. Errors: denied.
base::Result<std::vector<BulkRun>> list_bulk(const House& house, const rights::Actor& actor, std::size_t most);

/// The accounts that wait stay as they are. Errors: denied, not_found, conflict (it has ended).
base::Result<void> stop_bulk(const House& house, const rights::Actor& actor, const base::Id& id,
                             const RequestFacts& facts);

}  // namespace flow
