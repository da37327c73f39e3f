#include "flow/system/system_password.hpp"

#include "audit/event.hpp"
#include "store/account/accounts.hpp"

namespace flow {

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
  ASSIGN_OR_RETURN(Settled settled, settle_proof(proving_, tx, proof_));
  if (settled.refusal.empty() && has_failures(proving_.house, settled.account, settled.standing)) {
    RETURN_IF_ERROR(forget_failures(proving_.house, tx, settled.account, settled.standing));
  }
  return settled;
}

}  // namespace flow
