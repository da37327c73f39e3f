#include "flow/proof/throttle_login.hpp"

#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/known_device.hpp"
#include "identity/lockout/lockout.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/message/outbox.hpp"
#include "store/proof/throttling.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

bool is_classic(const House& house) {
  return house.settings.lockout.form == LockoutForm::classic;
}

// No failure ever leads to a delay.
bool is_off(const House& house) {
  return house.settings.lockout.throttle.free_failures <= 0;
}

base::Bytes key_of(const House& house, std::string_view source, std::string_view kind, std::string_view who) {
  std::string text(source);
  text.append("|").append(kind).append("|").append(who);
  return house.master.authenticate("throttle", text);
}

struct Lockout {
  audit::Code form;
  base::Time until;
};

// Written also for a name that no account has, so that the rows that are written do not show which names exist. The
// owner is told later, by an item of the outbox (flow/message/notify_lockout), which is also written in both cases.
base::Result<void> record_lockout(store::Tx& tx, const Claimed& claimed, const Lockout& lockout,
                                  const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  const bool is_known = claimed.account != nullptr;
  const Subject whose = is_known ? Subject(*claimed.account) : Subject{first.id};
  store::OutboxItem item;
  item.id = base::Id::make(facts.now);
  item.tenant_id = whose.tenant_id;
  item.kind = lockout_item_kind;
  item.payload = to_json_object(
      {{"account", whose.account.to_string()}, {"form", lockout.form}, {"until", base::to_rfc3339(lockout.until)}});
  item.next_at = item.created_at = facts.now;
  RETURN_IF_ERROR(store::insert_outbox(tx, item));
  return store::append_event(tx, make_event(audit::type::lockout, whose, facts,
                                            {{"form", lockout.form},
                                             {"until", lockout.until},
                                             {"reason", is_known ? audit::Code() : audit::Code("unknown_login")}}));
}

// The classic count for a name that no account has, kept in the same table as the counts of strangers.
identity::LockoutState after_failure_of_nobody(const identity::FailureCount& count,
                                               const identity::LockoutPolicy& policy, base::Time now) {
  identity::Account pretended;
  pretended.failures = count.failures;
  if (policy.failures > 0 && count.failures >= policy.failures && count.last) {
    pretended.locked_until = *count.last + policy.lasts;
  }
  return identity::after_failure(pretended, policy, now);
}

base::Result<void> count_classic(const House& house, store::Tx& tx, const Claimed& claimed, const RequestFacts& facts) {
  const identity::LockoutPolicy& policy = house.settings.lockout.classic;
  const base::Bytes name = house.master.authenticate("throttle", "name|" + std::string(claimed.name));
  ASSIGN_OR_RETURN(const identity::FailureCount count, store::find_failures(tx, name));
  identity::LockoutState state;
  if (claimed.account != nullptr) {
    state = identity::after_failure(*claimed.account, policy, facts.now);
    RETURN_IF_ERROR(store::set_failures(tx, claimed.account->id, state));
  } else {
    state = after_failure_of_nobody(count, policy, facts.now);
    // During a lock the time of the last failure stays, because the lock begins at it.
    const bool is_held = state.locked_until && !state.newly_locked;
    const identity::FailureCount next{state.failures, is_held ? count.last : facts.now};
    RETURN_IF_ERROR(store::set_failure_count(tx, name, std::nullopt, next, base::Time()));
  }
  if (!state.newly_locked) return {};
  return record_lockout(tx, claimed, {"classic", *state.locked_until}, facts);
}

}  // namespace

base::Result<Standing> find_standing(const House& house, store::Tx& tx, const Claimed& claimed, std::string_view kind,
                                     const RequestFacts& facts) {
  Standing standing;
  if (claimed.account != nullptr && identity::is_locked(*claimed.account, facts.now)) standing.bar = "locked";
  const identity::ThrottlePolicy& policy = house.settings.lockout.throttle;
  const base::Id* account_id = claimed.account != nullptr ? &claimed.account->id : nullptr;
  ASSIGN_OR_RETURN(const auto device, find_known_device(house, tx, account_id, facts.devices, facts.now));
  standing.has_device = device.has_value();
  if (is_classic(house)) {
    // The lock of the account is the allowance of all devices together.
    standing.known_device = standing.has_device && standing.bar.empty();
    return standing;
  }
  if (device) {
    standing.key = key_of(house, "device", kind, device->id.bytes());
    ASSIGN_OR_RETURN(standing.count, store::find_failures(tx, standing.key));
    standing.known_device = identity::has_allowance(standing.count, policy, facts.now);
    if (standing.known_device) return standing;
  }
  standing.key = account_id != nullptr ? key_of(house, "strangers", kind, account_id->bytes())
                                       : key_of(house, "nobody", kind, claimed.name);
  ASSIGN_OR_RETURN(standing.count, store::find_failures(tx, standing.key));
  if (!standing.bar.empty()) return standing;
  if (!is_off(house) && identity::find_stranger_barrier(standing.count, policy, facts.now)) {
    standing.bar = "delayed";
  }
  return standing;
}

base::Result<void> count_failure(const House& house, store::Tx& tx, const Claimed& claimed, const Standing& standing,
                                 const RequestFacts& facts) {
  if (is_classic(house)) return count_classic(house, tx, claimed, facts);
  // If find_standing needed one read less, one is added here, so that the work of a refusal does not show whether there
  // is a known device.
  const bool read_one_less = standing.known_device || !standing.has_device;
  if (read_one_less) RETURN_IF_ERROR(store::find_failures(tx, key_of(house, "nothing", "", "")));
  const identity::ThrottlePolicy& policy = house.settings.lockout.throttle;
  // An attempt during a delay is refused unseen and does not lengthen the delay.
  const identity::FailureCount next =
      standing.bar.empty() ? identity::after_failure(standing.count, policy, facts.now) : standing.count;
  const base::Duration delay =
      standing.known_device || is_off(house) ? base::Duration(0) : identity::delay_after(next.failures, policy);
  const base::Time barrier = delay.count() > 0 && next.last ? *next.last + delay : base::Time();
  const std::optional<base::Id> account_id =
      claimed.account != nullptr ? std::optional(claimed.account->id) : std::nullopt;
  RETURN_IF_ERROR(store::set_failure_count(tx, standing.key, account_id, next, barrier));
  const bool begins = delay.count() > 0 && next.failures == policy.free_failures && standing.bar.empty();
  if (!begins) return {};
  return record_lockout(tx, claimed, {"protective", barrier}, facts);
}

bool has_failures(const House& house, const identity::Account& account, const Standing& standing) {
  return account.failures != 0 || account.locked_until || (!is_classic(house) && standing.count.last);
}

base::Result<void> forget_failures(const House& house, store::Tx& tx, const identity::Account& account,
                                   const Standing& standing) {
  if (account.failures != 0 || account.locked_until) RETURN_IF_ERROR(store::set_failures(tx, account.id, {}));
  if (is_classic(house) || !standing.count.last) return {};
  return store::delete_failures(tx, standing.key);
}

base::Result<void> unlock(store::Tx& tx, const base::Id& account_id) {
  RETURN_IF_ERROR(store::set_failures(tx, account_id, {}));
  return store::delete_failures_of(tx, account_id);
}

}  // namespace flow
