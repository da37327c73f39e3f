#include "flow/admin/do_bulk.hpp"

#include "flow/account/change_contexts.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"

namespace flow {
namespace {

namespace outcome = bulk_outcome;

/// False: it was so already.
base::Result<bool> change(const House& house, store::Tx& tx, const rights::Actor& actor, const BulkTask& task) {
  const std::string& act = task.wish.act;
  const std::string& target = task.wish.target;
  const std::string account = task.account_id.to_string();
  const RequestFacts& facts = task.facts;
  if (act == "suspend") return suspend_in(house, tx, actor, account, facts);
  if (act == "restore") return restore_in(house, tx, actor, account, facts);
  if (act == "reset") return start_reset_in(house, tx, actor, account, facts);
  if (act == "sessions") return end_sessions_in(tx, actor, account, facts);
  if (act == "add_group") return add_member_in(tx, actor, {target, account}, facts);
  if (act == "remove_group") return remove_member_in(tx, actor, {target, account}, facts);
  if (act == "give_context") return add_context_in(tx, actor, {account, target}, facts);
  if (act == "take_context") return remove_context_in(tx, actor, {account, target}, facts);
  return base::fail(base::Code::internal, "no such act");
}

}  // namespace

base::Result<BulkRow> do_bulk(const House& house, store::Tx& tx, const rights::Actor& actor, const BulkTask& task) {
  ASSIGN_OR_RETURN(BulkRow row, judge_bulk(tx, actor, task.wish, task.account_id, task.facts.now));
  if (row.outcome != outcome::waits) return row;
  ASSIGN_OR_RETURN(const bool changed, change(house, tx, actor, task));
  row.outcome = changed ? outcome::done : outcome::already;
  return row;
}

std::string_view outcome_of(const base::Error& error) {
  switch (error.code) {
    case base::Code::not_found: return outcome::gone;
    case base::Code::denied: return outcome::above;
    case base::Code::conflict: return outcome::impossible;
    case base::Code::too_many: return outcome::limited;
    default: return outcome::failed;
  }
}

}  // namespace flow
