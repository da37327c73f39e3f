#include "flow/login/find_way_in.hpp"

#include <algorithm>

#include "flow/login/list_factors.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/session/factor_demand.hpp"
#include "identity/lockout/lockout.hpp"
#include "rights/context.hpp"
#include "rights/proofs.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/login_codes.hpp"

namespace flow {
namespace {

base::Result<std::string_view> judge_password(store::Tx& tx, const identity::Account& account, base::Time now) {
  using identity::PasswordOrigin;
  ASSIGN_OR_RETURN(const auto stored, store::find_password(tx, account.id));
  if (!stored) return "message.way_in.no_password";
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  if (!find_end_of_password(*stored, in_force.policy, now).empty()) return "message.way_in.expired";
  switch (stored->origin) {
    case PasswordOrigin::initial: return "message.way_in.initial";
    case PasswordOrigin::temporary: return "message.way_in.temporary";
    case PasswordOrigin::own: break;
  }
  return "message.way_in.open";
}

/// Whether each login by password ends because a second factor is demanded that the account has not.
base::Result<bool> lacks_factor(const House& house, store::Tx& tx, const identity::Account& account, base::Time now) {
  ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, account.id));
  if (!demand.is_on || demand.rules.exempts_internal) return false;
  ASSIGN_OR_RETURN(const auto factors, list_second_steps(house, tx, account, demand.rules.methods));
  if (!factors.empty()) return false;
  ASSIGN_OR_RETURN(const auto since, store::find_grace(tx, account.id));
  const auto grace = std::chrono::hours(24 * demand.rules.grace_days);
  if (demand.rules.grace_days > 0 && (!since || now < *since + grace)) return false;
  ASSIGN_OR_RETURN(const EnrolmentOffer offer,
                   find_enrolment(house, tx, account, demand, rights::Proofs(rights::ProofMethod::password)));
  return offer.methods.empty();
}

}  // namespace

base::Result<std::string_view> find_way_in(const House& house, store::Tx& tx, const base::Id& account_id,
                                           base::Time now) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, account_id));
  if (!account || !identity::may_log_in(*account)) return "message.way_in.suspended";
  ASSIGN_OR_RETURN(const auto barrier, store::find_barrier_of(tx, account_id, now));
  if (barrier || identity::is_locked(*account, now)) return "message.way_in.locked";
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, account_id, now));
  const rights::Proofs by_password(rights::ProofMethod::password);
  if (std::none_of(contexts.begin(), contexts.end(),
                   [&](const auto& context) { return rights::is_proven(context, by_password); })) {
    return "message.way_in.no_context";
  }
  ASSIGN_OR_RETURN(const std::string_view by_password_now, judge_password(tx, *account, now));
  ASSIGN_OR_RETURN(const bool is_shut_out, lacks_factor(house, tx, *account, now));
  return is_shut_out ? "message.way_in.no_factor" : by_password_now;
}

}  // namespace flow
