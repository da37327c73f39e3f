// What an act on many accounts does to one of them: judged and done by the same functions as on the account's own page.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/admin/judge_bulk.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// One account, inside a transaction in which the actor was judged.
struct BulkTask {
  const BulkWish& wish;
  const base::Id& account_id;
  const RequestFacts& facts;
};
/// The row with its outcome, never bulk_outcome::waits. An error undoes the transaction (outcome_of).
base::Result<BulkRow> do_bulk(const House& house, store::Tx& tx, const rights::Actor& actor, const BulkTask& task);

/// The outcome of an account whose transaction failed: of bulk_outcome.
std::string_view outcome_of(const base::Error& error);

}  // namespace flow
