#include "flow/password/prove_old_password.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/proof/password_proof.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

// The reason why the password may not be changed with the old one; "" = none. An expired password can only be reset
// (S4.11).
base::Result<audit::Code> find_end_of_password(store::Tx& tx, const identity::Account& account,
                                               const std::optional<store::PasswordCredential>& password,
                                               base::Time now) {
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  if (!password) return audit::Code();
  const bool is_over = password->not_after && now >= *password->not_after;
  const auto state = identity::state_of({password->origin, password->set_at, false}, in_force.policy, now);
  return is_over || !state.can_log_in ? audit::Code("expired") : audit::Code();
}

}  // namespace

base::Result<ProvenPassword> prove_old_password(const House& house, const Claim& claim, const base::Secret& typed,
                                                const RequestFacts& facts) {
  ASSIGN_OR_RETURN(Proving proving,
                   begin_proof(house, facts, {.event = audit::type::proof, .purpose = "password_change"}, claim));
  ASSIGN_OR_RETURN(PasswordProof proof, compare_password(proving, claim, typed));
  std::optional<ProvenPassword> proven;
  const auto decide = [&](store::Tx& tx) -> base::Result<void> {
    proven.reset();
    const auto is_expired = [&](store::Tx& inside, const identity::Account& account, bool) {
      return find_end_of_password(inside, account, proof.stored(), facts.now);
    };
    ASSIGN_OR_RETURN(Settled settled, settle_proof(proving, tx, proof, is_expired));
    if (settled.refusal.empty()) proven = ProvenPassword{std::move(settled.account), *proof.stored(), proof.password()};
    return {};
  };
  RETURN_IF_ERROR(house.store.write(decide));
  if (!proven) return refuse_login();
  return std::move(*proven);
}

}  // namespace flow
