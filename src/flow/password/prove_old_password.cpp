#include "flow/password/prove_old_password.hpp"

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/proof/throttle_login.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/account/accounts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

struct Found {
  std::optional<identity::Account> account;
  std::optional<store::PasswordCredential> password;
};

base::Result<Found> find(store::Tx& tx, const ProofOf& whose, base::Time now) {
  Found found;
  if (whose.account_id) {
    ASSIGN_OR_RETURN(found.account, store::find_account(tx, *whose.account_id));
  } else if (!whose.canonical.empty()) {
    ASSIGN_OR_RETURN(found.account, store::find_account_by_login(tx, whose.canonical, now));
  }
  if (found.account) {
    ASSIGN_OR_RETURN(found.password, store::find_password(tx, found.account->id));
  }
  return found;
}

// "" = proven. The order matters only for the audit log.
base::Result<std::string_view> find_reason(store::Tx& tx, const Found& found, const Standing& standing, bool matches,
                                           const base::Secret& compared, base::Time now) {
  if (!found.account) return "unknown_login";
  if (found.account->status == identity::AccountStatus::deleted) return "deleted";
  if (!identity::may_log_in(*found.account)) return "suspended";
  if (!standing.bar.empty()) return standing.bar;
  if (!found.password) return "no_password";
  if (!matches) return "wrong_password";
  if (!(found.password->phc == compared)) return "password_changed";
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, *found.account, now));
  const store::PasswordCredential& password = *found.password;
  const bool is_over = password.not_after && now >= *password.not_after;
  const auto state = identity::state_of({password.origin, password.set_at, false}, in_force.policy, now);
  return is_over || !state.can_log_in ? "expired" : std::string_view();
}

base::Result<std::int64_t> count_in_this_minute(const House& house, store::Tx& tx, const Found& found,
                                                const RequestFacts& facts) {
  const std::string who = found.account ? found.account->id.to_string() : "unknown";
  const base::Bytes bucket = house.master.authenticate("throttle", "failure|" + who + "|" + facts.ip);
  return store::count_in_window(tx, bucket, std::chrono::minutes(1), facts.now);
}

base::Result<void> record_failure(const House& house, store::Tx& tx, const ProofOf& whose, const Found& found,
                                  const Standing& standing, std::string_view reason, const RequestFacts& facts) {
  const Claimed claimed{found.account ? &*found.account : nullptr, whose.canonical};
  RETURN_IF_ERROR(count_failure(house, tx, claimed, standing, facts));
  base::Id tenant_id;
  if (found.account) {
    tenant_id = found.account->tenant_id;
    RETURN_IF_ERROR(store::record_login(tx, found.account->id, "own", false, facts.ip, facts.now));
  } else {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    tenant_id = tenant.id;
  }
  ASSIGN_OR_RETURN(const std::int64_t count, count_in_this_minute(house, tx, found, facts));
  if (!is_written(count, house.settings.failures_audited_each_minute)) return {};
  audit::Event event =
      make_event(audit::type::proof, tenant_id, found.account ? found.account->id : base::Id(), facts,
                 {{"method", "password"}, {"for", "password_change"}, {"reason", reason}}, whose.typed);
  event.outcome = "failure";
  return store::append_event(tx, std::move(event));
}

}  // namespace

base::Result<ProvenPassword> prove_old_password(const House& house, const ProofOf& whose, const base::Secret& typed,
                                                const RequestFacts& facts) {
  auto normal = identity::normal_password(typed.reveal());
  const bool possible = normal.has_value();
  base::Secret password(possible ? std::move(*normal) : std::string("-"));
  ASSIGN_OR_RETURN(const Found before, house.store.read([&](store::Tx& tx) { return find(tx, whose, facts.now); }));
  bool matches = false;
  base::Secret compared;
  if (before.password) {
    matches = crypto::matches(password, before.password->phc.reveal()) && possible;
    compared = before.password->phc;
  } else {
    crypto::do_decoy_work(password, house.settings.password_hash);
  }
  std::optional<ProvenPassword> proven;
  const auto decide = [&](store::Tx& tx) -> base::Result<void> {
    proven.reset();
    ASSIGN_OR_RETURN(Found found, find(tx, whose, facts.now));
    const Claimed claimed{found.account ? &*found.account : nullptr, whose.canonical};
    ASSIGN_OR_RETURN(const Standing standing, find_standing(house, tx, claimed, Proof::password, facts));
    ASSIGN_OR_RETURN(const std::string_view reason, find_reason(tx, found, standing, matches, compared, facts.now));
    if (!reason.empty()) return record_failure(house, tx, whose, found, standing, reason, facts);
    RETURN_IF_ERROR(forget_failures(house, tx, *found.account, standing));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::proof, found.account->tenant_id, found.account->id,
                                                       facts, {{"method", "password"}, {"for", "password_change"}})));
    proven = ProvenPassword{std::move(*found.account), std::move(*found.password), {}};
    return {};
  };
  RETURN_IF_ERROR(house.store.write(decide));
  if (!proven) return base::fail(base::Code::login_failed, "see the audit log");
  proven->password = std::move(password);
  return std::move(*proven);
}

}  // namespace flow
