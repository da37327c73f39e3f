#include "flow/admin/run_bulk.hpp"

#include "audit/event.hpp"
#include "base/log.hpp"
#include "flow/admin/do_bulk.hpp"
#include "flow/admin/record_bulk.hpp"
#include "flow/session/find_actor.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/bulk_acts.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

// Of different administrators, one account of each in turn.
constexpr std::size_t most_runs = 50;

namespace outcome = bulk_outcome;

/// What the events of a run have in common: its id is the number of the request, by which the audit log finds them.
RequestFacts facts_of(const store::BulkAct& act, base::Time now) {
  RequestFacts facts;
  facts.now = now;
  facts.request_id = act.id.to_string();
  facts.motive = audit::motive::find(act.motive);
  return facts;
}

/// One account of a run inside a transaction.
class OneAccount {
 public:
  OneAccount(const House& house, const rights::Actor& actor, const store::BulkAct& act, const store::BulkItem& item,
             const RequestFacts& facts)
      : house_(house), actor_(actor), act_(act), item_(item), facts_(facts) {}

  /// Gives the outcome, which is written; an error undoes the whole transaction.
  base::Result<void> run(store::Tx& tx) {
    const BulkWish wish{act_.act, act_.target, {}};
    ASSIGN_OR_RETURN(const BulkRow row, do_bulk(house_, tx, actor_, {wish, item_.account_id, facts_}));
    ASSIGN_OR_RETURN(const bool is_first, store::settle_bulk_item(tx, act_.id, item_.position, row.outcome));
    if (!is_first) return base::fail(base::Code::conflict, "another node has done it, or the run has ended");
    return {};
  }

 private:
  const House& house_;
  const rights::Actor& actor_;
  const store::BulkAct& act_;
  const store::BulkItem& item_;
  const RequestFacts& facts_;
};

/// The person as the session is now; nullopt: may not act any more.
base::Result<std::optional<rights::Actor>> find_actor_of(const House& house, const store::BulkAct& act,
                                                         const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto actor, house.store.read([&](store::Tx& tx) { return find_actor(tx, act.session_id, facts); }));
  const bool may_act = actor && actor->account().id == act.actor_id && actor->context().id == act.context_id &&
                       actor->may(permission_of_bulk(act.act));
  if (!may_act) return std::nullopt;
  return actor;
}

struct End {
  audit::Code state;
  std::string_view outcome;  // of the accounts that wait
};

/// Of several nodes one ends the run and records it.
base::Result<void> end_run(const House& house, const store::BulkAct& act, const End& end, const RequestFacts& facts) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool ended, store::end_bulk_act(tx, act.id, {end.state, end.outcome, facts.now}));
    if (!ended) return {};
    ASSIGN_OR_RETURN(const std::int64_t done, store::count_bulk_items(tx, act.id, outcome::done));
    audit::Event event = bulk_event(act, {end.state, static_cast<std::size_t>(done)}, facts);
    if (end.outcome == outcome::refused) event.outcome = "failure";
    return store::append_event(tx, std::move(event));
  });
}

base::Result<void> refuse_rest(const House& house, const store::BulkAct& act, const RequestFacts& facts) {
  return end_run(house, act, {"refused", outcome::refused}, facts);
}

/// The account could not be changed: nothing of it happened, and the outcome says why.
base::Result<void> settle_failure(const House& house, const store::BulkAct& act, const store::BulkItem& item,
                                  const base::Error& error) {
  const std::string_view told = outcome_of(error);
  if (told == outcome::failed) {
    base::log(base::Level::warning, "an account of a run could not be changed",
              {{"run", act.id.to_string()}, {"reason", base::describe(error)}});
  }
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::settle_bulk_item(tx, act.id, item.position, told));
    return {};
  });
}

base::Result<void> run_item(const House& house, const store::BulkAct& act, const store::BulkItem& item,
                            const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto actor, find_actor_of(house, act, facts));
  if (!actor) return refuse_rest(house, act, facts);
  bool was_judged = false;
  OneAccount one(house, *actor, act, item, facts);
  const auto done = write_for(house, *actor, facts.now, [&](store::Tx& tx) {
    was_judged = true;
    return one.run(tx);
  });
  if (done) return {};
  if (done.error().code == base::Code::unavailable) return done;
  if (!was_judged) return refuse_rest(house, act, facts);
  return settle_failure(house, act, item, done.error());
}

}  // namespace

base::Result<bool> run_bulk_step(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(const auto running, house.store.read_background(
                                           [](store::Tx& tx) { return store::list_running_bulk_acts(tx, most_runs); }));
  for (const store::BulkAct& act : running) {
    const RequestFacts facts = facts_of(act, now);
    ASSIGN_OR_RETURN(const auto item,
                     house.store.read_background([&](store::Tx& tx) { return store::find_waiting_item(tx, act.id); }));
    if (item) {
      RETURN_IF_ERROR(run_item(house, act, *item, facts));
    } else {
      RETURN_IF_ERROR(end_run(house, act, {"done", outcome::done}, facts));
    }
  }
  return !running.empty();
}

}  // namespace flow
