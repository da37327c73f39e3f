#include "flow/login/login_key.hpp"

#include <optional>

#include "flow/login/list_factors.hpp"
#include "rights/proofs.hpp"
#include "store/engine/store.hpp"

namespace flow {

base::Result<LoginDone> login_key(Proving& proving, ComparedProof& proof, const KeyLogin& wished) {
  const House& house = proving.house;
  const RequestFacts& facts = proving.facts;
  const rights::Proofs proofs(proof.method());
  const auto further = [&](store::Tx& tx, const identity::Account& account, bool) -> base::Result<audit::Code> {
    ASSIGN_OR_RETURN(const bool has_way, has_way_in(house, tx, account, {proofs, facts.ip, facts.ip}, facts.now));
    return has_way ? audit::Code() : audit::Code("no_context");
  };
  // May run again, because it sets only what it gives.
  const auto decide = [&](store::Tx& tx) -> base::Result<std::optional<Finished>> {
    ASSIGN_OR_RETURN(const Settled settled, settle_proof(proving, tx, proof, further));
    if (!settled.refusal.empty()) return std::nullopt;
    StepOfLogin step{proving, settled, proofs};
    step.replaced_cookie = wished.replaced_cookie;
    step.client_id = wished.client_id;
    ASSIGN_OR_RETURN(Finished finished, finish_step(house, tx, step, facts));
    return std::optional(std::move(finished));
  };
  ASSIGN_OR_RETURN(std::optional<Finished> finished, house.store.write(decide));
  if (!finished) return refuse_login();
  return tell_finished(std::move(*finished));
}

}  // namespace flow
