#include "flow/audit/check_chain.hpp"

#include <chrono>

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/audit/chain_check.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

// A node that ended in the middle of a check shows nothing more of it. A step takes a second at most.
constexpr base::Duration longest_silence = std::chrono::minutes(2);

bool is_open(const store::ChainCheck& check) {
  return check.state == "waiting" || check.state == "running";
}

bool is_silent(const store::ChainCheck& check, base::Time now) {
  return is_open(check) && now - check.moved_at > longest_silence;
}

CheckState state_of(const store::ChainCheck& check) {
  if (check.state == "waiting") return CheckState::waiting;
  if (check.state == "running") return CheckState::running;
  if (check.state == "intact") return CheckState::intact;
  return check.state == "broken" ? CheckState::broken : CheckState::failed;
}

/// The flaw of the smallest number; those of the head have none.
const audit::ChainFlaw* find_first(const ChainReport& report) {
  const audit::ChainFlaw* first = nullptr;
  for (const audit::ChainFlaw& flaw : report.flaws) {
    const bool is_before = first == nullptr || first->first == 0 || (flaw.first != 0 && flaw.first < first->first);
    if (is_before) first = &flaw;
  }
  return first;
}

void put_report(store::ChainCheck& check, const ChainReport& report) {
  check.checked = report.events;
  check.erased = report.erased;
  check.flaws = static_cast<std::int64_t>(report.flaws.size());
  const audit::ChainFlaw* first = find_first(report);
  if (first == nullptr) return;
  check.flaw = audit::name_of(first->flaw);
  check.first_event = first->first;
  check.last_event = first->last;
}

base::Result<void> record_end(store::Tx& tx, const store::ChainCheck& check, const ChainReport& report,
                              base::Time now) {
  const audit::ChainFlaw* first = find_first(report);
  const bool has_number = first != nullptr && first->first != 0;
  audit::Event event =
      make_event(audit::type::audit_check, check.tenant_id, {{}, {}, {}, now},
                 {{"step", "done"},
                  {"flaw", first != nullptr ? audit::Code(first->flaw) : audit::Code()},
                  {"event", audit::Value::count(has_number ? std::optional(first->first) : std::nullopt)},
                  {"events", audit::Value::count(check.checked)}});
  event.outcome = check.flaws == 0 ? "success" : "failure";
  return store::append_event(tx, std::move(event));
}

}  // namespace

base::Result<void> ask_for_check(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (!actor.may(rights::Permission::read_audit)) return base::fail(base::Code::denied, "may not read the audit log");
  return write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto last, store::find_chain_check(tx));
    if (last && is_open(*last) && !is_silent(*last, facts.now)) {
      return base::fail(base::Code::conflict, "a check of the chain is running");
    }
    store::ChainCheck check;
    check.state = "waiting";
    check.tenant_id = actor.account().tenant_id;
    check.asked_by = actor.account().id;
    check.asked_at = facts.now;
    check.moved_at = facts.now;
    RETURN_IF_ERROR(store::set_chain_check(tx, check));
    return store::append_event(
        tx, make_event(audit::type::audit_check, actor, actor.account().tenant_id, facts, {{"step", "asked"}}));
  });
}

base::Result<std::optional<ChainCheck>> find_check(const House& house, const rights::Actor& actor, base::Time now) {
  if (!actor.may(rights::Permission::read_audit)) return base::fail(base::Code::denied, "may not read the audit log");
  ASSIGN_OR_RETURN(const auto found, house.store.read([](store::Tx& tx) { return store::find_chain_check(tx); }));
  if (!found) return std::optional<ChainCheck>();
  ChainCheck check;
  check.state = is_silent(*found, now) ? CheckState::failed : state_of(*found);
  check.asked_at = found->asked_at;
  check.checked = found->checked;
  check.total = found->total;
  check.erased = found->erased;
  check.flaws = found->flaws;
  check.flaw = found->flaw;
  check.first_event = found->first_event;
  return std::optional(check);
}

base::Result<bool> CheckRunner::begin(const House& house, base::Time now) {
  // A read comes first, because an idle server must not write every few seconds.
  const auto find = [](store::Tx& tx) { return store::find_chain_check(tx); };
  ASSIGN_OR_RETURN(const auto asked, house.store.read_background(find));
  if (!asked || asked->state != "waiting") return false;
  walk_ = ChainWalk();
  return house.store.write([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(auto check, store::find_chain_check(tx));
    if (!check || check->state != "waiting") return false;  // another node was faster
    ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
    check->state = "running";
    check->total = head ? head->seq : 0;
    check->moved_at = now;
    check->run_id = run_ = base::Id::make(now);
    RETURN_IF_ERROR(store::set_chain_check(tx, *check));
    return true;
  });
}

base::Result<bool> CheckRunner::step(const House& house, base::Time now) {
  if (!run_) return begin(house, now);
  const auto more = walk_.step(house);
  const std::optional<base::Id> run = run_;
  if (!more || !*more) run_.reset();
  return house.store.write([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(auto check, store::find_chain_check(tx));
    // The check was given up as silent, and somebody has asked anew.
    if (!check || check->run_id != run) {
      run_.reset();
      return false;
    }
    check->moved_at = now;
    put_report(*check, walk_.report());
    if (!more) {
      check->state = "failed";
    } else if (!*more) {
      check->state = check->flaws == 0 ? "intact" : "broken";
      RETURN_IF_ERROR(record_end(tx, *check, walk_.report(), now));
    }
    RETURN_IF_ERROR(store::set_chain_check(tx, *check));
    return more && *more;
  });
}

}  // namespace flow
