#include "flow/factor/make_recovery_codes.hpp"

#include "flow/factor/change_factors.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/proof/recovery_proof.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/factor/factor.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {

base::Result<std::vector<base::Secret>> write_recovery_codes(const House& house, store::Tx& tx,
                                                             const FactorHolder& holder, std::string_view message,
                                                             const RequestFacts& facts) {
  const base::Id& account_id = holder.account.id;
  std::vector<base::Secret> codes;
  RETURN_IF_ERROR(store::delete_factors(tx, account_id, identity::FactorKind::recovery));
  for (std::size_t i = 0; i < identity::recovery_codes_made; ++i) {
    codes.push_back(make_recovery_code());
    store::Factor factor;
    factor.id = base::Id::make(facts.now);
    factor.account_id = account_id;
    factor.kind = identity::FactorKind::recovery;
    factor.data = digest_recovery_code(codes.back().reveal());
    RETURN_IF_ERROR(store::insert_factor(tx, factor, facts.now));
  }
  RETURN_IF_ERROR(record_factor_change(house, tx, holder, {holder.account, "recovery", "made", {}, message}, facts));
  return codes;
}

base::Result<std::vector<base::Secret>> make_recovery_codes(const House& house, const rights::Actor& actor,
                                                            const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_password, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::vector<base::Secret>> {
    const base::Id& account_id = actor.account().id;
    ASSIGN_OR_RETURN(const std::int64_t apps, store::count_factors(tx, account_id, identity::FactorKind::totp));
    ASSIGN_OR_RETURN(const std::int64_t passkeys, store::count_factors(tx, account_id, identity::FactorKind::passkey));
    if (apps + passkeys == 0 && !actor.account().has_phone_in_force()) {
      return base::fail(base::Code::conflict, "there is nothing that a recovery code could stand in for");
    }
    return write_recovery_codes(house, tx, actor, "recovery_made", facts);
  });
}

}  // namespace flow
