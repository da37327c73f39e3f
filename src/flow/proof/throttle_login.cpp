#include "flow/proof/throttle_login.hpp"

#include "base/ip_address.hpp"
#include "flow/house/record.hpp"
#include "flow/session/known_device.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

bool is_classic(const House& house) {
  return house.settings.lockout_form == LockoutForm::classic;
}

// No failure ever leads to a delay.
bool is_off(const House& house) {
  return house.settings.throttle.free_failures <= 0;
}

std::string_view name_of(Proof proof) {
  return proof == Proof::password ? "password" : "code";
}

base::Bytes key_of(const House& house, std::string_view source, Proof proof, std::string_view who) {
  std::string text(source);
  text.append("|").append(name_of(proof)).append("|").append(who);
  return house.master.authenticate("throttle", text);
}

base::Result<void> record_lockout(store::Tx& tx, const identity::Account& account, std::string_view form,
                                  base::Time until, const RequestFacts& facts) {
  return store::append_event(tx, make_event(audit::type::lockout, account.tenant_id, account.id, facts,
                                            {{"form", form}, {"until", base::to_rfc3339(until)}}));
}

base::Result<void> count_classic(const House& house, store::Tx& tx, const Claimed& claimed, const RequestFacts& facts) {
  if (claimed.account == nullptr) {
    // Counted as well, for the work must not tell who exists.
    const base::Bytes name = house.master.authenticate("throttle", "name|" + std::string(claimed.name));
    return store::set_failure_count(tx, name, std::nullopt, {1, facts.now}, base::Time());
  }
  const identity::LockoutState state = identity::after_failure(*claimed.account, house.settings.lockout, facts.now);
  RETURN_IF_ERROR(store::set_failures(tx, claimed.account->id, state));
  if (!state.newly_locked) return {};
  return record_lockout(tx, *claimed.account, "classic", *state.locked_until, facts);
}

}  // namespace

base::Bytes network_key(const House& house, std::string_view ip) {
  const auto address = base::IpAddress::parse(ip);
  if (!address) return {};
  return house.master.authenticate("throttle", "network|" + identity::network_of(*address).to_string());
}

base::Result<Standing> find_standing(const House& house, store::Tx& tx, const Claimed& claimed, Proof proof,
                                     const RequestFacts& facts) {
  Standing standing;
  if (claimed.account != nullptr && identity::is_locked(*claimed.account, facts.now)) standing.bar = "locked";
  if (is_classic(house)) return standing;
  const identity::ThrottlePolicy& policy = house.settings.throttle;
  const base::Id* account_id = claimed.account != nullptr ? &claimed.account->id : nullptr;
  standing.network_key = network_key(house, facts.ip);
  ASSIGN_OR_RETURN(const auto device, find_known_device(house, tx, account_id, facts.devices, facts.now));
  if (device) {
    standing.key = key_of(house, "device", proof, device->id.bytes());
    ASSIGN_OR_RETURN(standing.count, store::find_failures(tx, standing.key));
    standing.known_device = identity::has_allowance(standing.count, policy, facts.now);
    if (standing.known_device) return standing;
  }
  standing.key = account_id != nullptr ? key_of(house, "strangers", proof, account_id->bytes())
                                       : key_of(house, "nobody", proof, claimed.name);
  ASSIGN_OR_RETURN(standing.count, store::find_failures(tx, standing.key));
  if (!standing.network_key.empty()) {
    ASSIGN_OR_RETURN(standing.network, store::find_network(tx, standing.network_key, facts.now));
  }
  if (!standing.bar.empty()) return standing;
  if (!is_off(house) && identity::find_stranger_barrier(standing.count, policy, facts.now)) {
    standing.bar = "delayed";
  } else if (!standing.network_key.empty() && house.settings.network.capacity > 0 &&
             identity::take(standing.network, house.settings.network, facts.now).retry_from) {
    standing.bar = "network";
  }
  return standing;
}

base::Result<void> count_failure(const House& house, store::Tx& tx, const Claimed& claimed, const Standing& standing,
                                 const RequestFacts& facts) {
  if (is_classic(house)) return count_classic(house, tx, claimed, facts);
  // Only strangers' failures fill a network's bucket: a ward behind one address must not lock itself out.
  if (!standing.known_device && !standing.network_key.empty()) {
    const identity::NetworkVerdict verdict = identity::take(standing.network, house.settings.network, facts.now);
    RETURN_IF_ERROR(store::set_network(tx, standing.network_key, verdict.bucket));
  }
  const identity::ThrottlePolicy& policy = house.settings.throttle;
  // What was tried during a delay proved nothing and does not lengthen it.
  const identity::FailureCount next =
      standing.bar.empty() ? identity::after_failure(standing.count, policy, facts.now) : standing.count;
  const base::Duration delay =
      standing.known_device || is_off(house) ? base::Duration(0) : identity::delay_after(next.failures, policy);
  const base::Time barrier = delay.count() > 0 && next.last ? *next.last + delay : base::Time();
  const std::optional<base::Id> account_id =
      claimed.account != nullptr ? std::optional(claimed.account->id) : std::nullopt;
  RETURN_IF_ERROR(store::set_failure_count(tx, standing.key, account_id, next, barrier));
  const bool begins = delay.count() > 0 && next.failures == policy.free_failures && standing.bar.empty();
  if (!begins || claimed.account == nullptr) return {};
  return record_lockout(tx, *claimed.account, "protective", barrier, facts);
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
