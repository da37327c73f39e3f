#include "flow/session/factor_demand.hpp"

#include "base/time.hpp"
#include "store/factor/factors.hpp"
#include "store/proof/factor_policies.hpp"
#include "store/session/devices.hpp"
#include "store/session/login_codes.hpp"

namespace flow {
namespace {

base::Result<bool> is_device_trusted(store::Tx& tx, const rights::Session& session, base::Time now) {
  if (!session.device_id) return false;
  ASSIGN_OR_RETURN(const auto device, store::find_device(tx, *session.device_id));
  return device && device->account_id == session.account_id && device->trusted_stamp == session.security_stamp &&
         device->second_step_until && now < *device->second_step_until;
}

/// Until when the account may still do without: it had no factor when it was first asked. nullopt = not any more.
base::Result<std::optional<base::Time>> find_grace_end(store::Tx& tx, const rights::FactorDemand& demand,
                                                       const rights::Session& session, base::Time now) {
  if (demand.rules.grace_days == 0 || session.proofs.first_method() == name_of(rights::ProofMethod::remembered)) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(const auto since, store::find_grace(tx, session.account_id));
  if (!since) return std::nullopt;
  const base::Time end = *since + std::chrono::hours(24 * demand.rules.grace_days);
  return now < end ? std::optional(end) : std::nullopt;
}

}  // namespace

base::Result<rights::FactorDemand> find_demand(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto policies, store::list_factor_policies_of_account(tx, account_id));
  rights::FactorDemand demand = rights::combine(policies);
  ASSIGN_OR_RETURN(const bool always, store::always_wants_factor(tx, account_id));
  return always ? rights::with_own_switch(std::move(demand)) : demand;
}

base::Result<bool> meets_demand(store::Tx& tx, const rights::FactorDemand& demand, const rights::Session& session,
                                std::string_view request_ip, base::Time now) {
  rights::FactorSituation situation{session.proofs, session.ip, request_ip, false};
  if (rights::is_met(demand, situation)) return true;
  if (!demand.is_on) return false;
  ASSIGN_OR_RETURN(const auto grace_end, find_grace_end(tx, demand, session, now));
  if (grace_end) return true;
  if (demand.rules.second_step_days == 0) return false;
  ASSIGN_OR_RETURN(situation.is_device_trusted, is_device_trusted(tx, session, now));
  return rights::is_met(demand, situation);
}

base::Result<std::optional<std::int64_t>> find_grace_left(store::Tx& tx, const rights::FactorDemand& demand,
                                                          const rights::Session& session, std::string_view request_ip,
                                                          base::Time now) {
  if (!demand.is_on || rights::is_met(demand, {session.proofs, session.ip, request_ip, false})) return std::nullopt;
  ASSIGN_OR_RETURN(const auto end, find_grace_end(tx, demand, session, now));
  if (!end) return std::nullopt;
  using Days = std::chrono::duration<std::int64_t, std::ratio<86'400>>;
  return std::chrono::ceil<Days>(*end - now).count();
}

base::Result<bool> owes_nothing(store::Tx& tx, const rights::Session& session, std::string_view request_ip,
                                base::Time now) {
  ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, session.account_id));
  return meets_demand(tx, demand, session, request_ip, now);
}

}  // namespace flow
