#include "flow/session/acting.hpp"

#include <boost/json.hpp>

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/session_settings.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<std::variant<ActingRole, audit::Code>> judge_acting(store::Tx& tx, const ActingHolder& holder,
                                                                 base::Time now) {
  using Verdict = std::variant<ActingRole, audit::Code>;
  const rights::ActingFor& wished = *holder.session.acting_for;
  if (now >= wished.until) return Verdict(audit::why::time_over);
  if (!rights::allows(holder.context, rights::Permission::act_for_others)) {
    return Verdict(audit::why::permission_taken);
  }
  ASSIGN_OR_RETURN(auto account, store::find_account(tx, wished.account_id));
  const bool is_there = account && identity::may_log_in(*account) && account->tenant_id == holder.account.tenant_id &&
                        account->id != holder.account.id;
  if (!is_there) return Verdict(audit::why::account_not_active);
  ASSIGN_OR_RETURN(auto context, store::find_context_of(tx, account->id, wished.context_id, now));
  const bool is_open = context && rights::is_offered(*context, {holder.session.proofs, holder.session.ip, holder.ip});
  if (!is_open) return Verdict(audit::why::context_taken);
  ASSIGN_OR_RETURN(const bool above, is_above(tx, rights::granted(holder.context), account->id, now));
  if (above) return Verdict(audit::why::more_rights);
  return Verdict(ActingRole{std::move(*account), std::move(*context)});
}

base::Result<void> stop_acting(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                               audit::Code why, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const bool stopped, store::stop_acting(tx, session.id));
  if (!stopped) return {};  // another request was faster
  return record_acting(tx, session, tenant_id, {"ended", why}, facts);
}

base::Result<void> record_acting(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                                 const ActingStep& step, const RequestFacts& facts) {
  audit::Event event = make_event(audit::type::act_for, {tenant_id, session.acting_for->account_id}, facts,
                                  {{"step", step.step}, {"why", step.why}, {"motive", facts.motive}});
  event.actor = session.account_id;
  event.on_behalf_of = session.acting_for->account_id;
  event.session = session.id;
  event.context = step.context;
  return store::append_event(tx, std::move(event));
}

std::optional<bool> read_acting_told(const store::Tenant& tenant) {
  boost::json::error_code error;
  const boost::json::value settings = boost::json::parse(tenant.settings.empty() ? "{}" : tenant.settings, error);
  if (error || !settings.is_object()) return std::nullopt;
  const boost::json::value* told = settings.get_object().if_contains("acting_told");
  return told != nullptr && told->is_bool() ? std::optional(told->get_bool()) : std::nullopt;
}

base::Result<bool> is_acting_told(const House& house, store::Tx& tx, const base::Id& tenant_id) {
  ASSIGN_OR_RETURN(const auto line, store::list_tenants_up(tx, tenant_id));
  for (const store::Tenant& tenant : line) {
    if (const auto told = read_acting_told(tenant)) return *told;
  }
  return house.settings.session.acting_told;
}

}  // namespace flow
