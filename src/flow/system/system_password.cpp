#include "flow/system/system_password.hpp"

#include "audit/event.hpp"
#include "flow/password/find_policy.hpp"
#include "identity/password/password_state.hpp"
#include "store/account/accounts.hpp"

namespace flow {
namespace {

/// Why a right password opens nothing.
base::Result<audit::Code> find_end(store::Tx& tx, const identity::Account& account,
                                   const std::optional<store::PasswordCredential>& password, base::Time now) {
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  if (!password) return audit::Code();
  const bool is_over = password->not_after && now >= *password->not_after;
  const auto state = identity::state_of({password->origin, password->set_at, false}, in_force.policy, now);
  return is_over || !state.can_log_in ? audit::Code("expired") : audit::Code();
}

}  // namespace

base::Result<SystemPassword> SystemPassword::compare(const House& house, Claim claim, const base::Secret& password,
                                                     const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto system,
                   house.store.read([&](store::Tx& tx) { return store::find_client_system(tx, claim.typed); }));
  if (system) claim.account_id = system->account_id;
  ASSIGN_OR_RETURN(Proving proving, begin_proof(house, facts, {.event = audit::type::login}, claim));
  ASSIGN_OR_RETURN(PasswordProof proof, compare_password(proving, claim, password));
  return SystemPassword(std::move(proving), std::move(proof), std::move(system));
}

base::Result<Settled> SystemPassword::settle(store::Tx& tx) {
  const auto is_over = [this](store::Tx& inside, const identity::Account& account, bool) {
    return find_end(inside, account, proof_.stored(), proving_.facts.now);
  };
  ASSIGN_OR_RETURN(Settled settled, settle_proof(proving_, tx, proof_, is_over));
  if (settled.refusal.empty() && has_failures(proving_.house, settled.account, settled.standing)) {
    RETURN_IF_ERROR(forget_failures(proving_.house, tx, settled.account, settled.standing));
  }
  return settled;
}

}  // namespace flow
