#include "flow/admin/bulk_at_once.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/log.hpp"
#include "flow/admin/bulk_act.hpp"
#include "flow/admin/do_bulk.hpp"
#include "flow/admin/record_bulk.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

namespace outcome = bulk_outcome;

/// What the events of the whole are made of. It is never written as a run.
base::Result<store::BulkAct> make_act(const House& house, const BulkWish& wish, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const store::Tenant first,
                   house.store.read([](store::Tx& tx) { return store::find_first_tenant(tx); }));
  store::BulkAct act;
  act.id = base::Id::make(facts.now);
  act.tenant_id = first.id;
  act.act = wish.act;
  act.target = wish.target;
  return act;
}

base::Result<void> record(const House& house, const rights::Actor& actor, const store::BulkAct& act,
                          const BulkStep& step, const RequestFacts& facts) {
  return write_for(house, actor, facts.now,
                   [&](store::Tx& tx) { return store::append_event(tx, bulk_event(actor, act, step, facts)); });
}

base::Result<void> settle(const House& house, const rights::Actor& actor, const BulkTask& task, BulkRow& row) {
  auto done = write_for(house, actor, task.facts.now, [&](store::Tx& tx) { return do_bulk(house, tx, actor, task); });
  if (done) {
    row = *std::move(done);
    return {};
  }
  if (done.error().code == base::Code::unavailable) return base::pass_on(std::move(done));
  row.outcome = outcome_of(done.error());
  if (row.outcome == outcome::failed) {
    base::log(base::Level::warning, "an account could not be changed",
              {{"run", task.facts.request_id}, {"reason", base::describe(done.error())}});
  }
  return {};
}

}  // namespace

base::Result<std::vector<BulkRow>> do_bulk_at_once(const House& house, const rights::Actor& actor, const BulkWish& wish,
                                                   const RequestFacts& asked) {
  if (!actor.is_operator()) return base::fail(base::Code::denied, "a person begins a run (begin_bulk)");
  ASSIGN_OR_RETURN(std::vector<BulkRow> rows, preview_bulk(house, actor, wish, asked.now));
  ASSIGN_OR_RETURN(const store::BulkAct act, make_act(house, wish, asked));
  RequestFacts facts = asked;
  facts.request_id = act.id.to_string();
  RETURN_IF_ERROR(record(house, actor, act, {"begun", rows.size()}, facts));
  for (BulkRow& row : rows) {
    const base::Id account = row.account_id;
    RETURN_IF_ERROR(settle(house, actor, {wish, account, facts}, row));
  }
  const auto changed =
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.outcome == outcome::done; });
  RETURN_IF_ERROR(record(house, actor, act, {"done", static_cast<std::size_t>(changed)}, facts));
  return rows;
}

}  // namespace flow
