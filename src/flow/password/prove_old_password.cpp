#include "flow/password/prove_old_password.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/proof/password_proof.hpp"
#include "store/engine/store.hpp"

namespace flow {

base::Result<ProvenPassword> prove_old_password(const House& house, const Claim& claim, const base::Secret& typed,
                                                const RequestFacts& facts) {
  ASSIGN_OR_RETURN(Proving proving,
                   begin_proof(house, facts, {.event = audit::type::proof, .purpose = "password_change"}, claim));
  ASSIGN_OR_RETURN(PasswordProof proof, compare_password(proving, claim, typed));
  std::optional<ProvenPassword> proven;
  const auto decide = [&](store::Tx& tx) -> base::Result<void> {
    proven.reset();
    ASSIGN_OR_RETURN(Settled settled, settle_proof(proving, tx, proof));
    if (settled.refusal.empty()) proven = ProvenPassword{std::move(settled.account), *proof.stored(), proof.password()};
    return {};
  };
  RETURN_IF_ERROR(house.store.write(decide));
  if (!proven) return refuse_login();
  return std::move(*proven);
}

}  // namespace flow
