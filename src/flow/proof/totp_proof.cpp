#include "flow/proof/totp_proof.hpp"

#include <algorithm>

#include "crypto/factor/totp.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {

base::Result<Held> TotpProof::read_again(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto app, store::find_factor(tx, account_id, app_));
  if (app) return Held::same;
  // The app was removed meanwhile, or the code is no one's.
  if (!app_.is_none()) return Held::changed;
  return has_apps_ ? Held::same : Held::none;
}

base::Result<bool> TotpProof::use_up(store::Tx& tx, const identity::Account& /*account*/, base::Time now) {
  return store::raise_counter(tx, app_, step_, now);
}

base::Result<TotpProof> compare_totp(const Proving& proving, Claim claim, const base::Secret& typed) {
  std::vector<store::Factor> apps;
  const auto find = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, proving.facts.now));
    claim.account_id = account ? std::optional(account->id) : std::nullopt;
    ASSIGN_OR_RETURN(apps, store::list_factors(tx, claim.account_id.value_or(base::Id()), identity::FactorKind::totp));
    return {};
  };
  RETURN_IF_ERROR(proving.house.store.read(find));
  std::string bare(typed.reveal());
  bare.erase(std::remove(bare.begin(), bare.end(), ' '), bare.end());
  const base::Secret code(std::move(bare));
  TotpProof proof;
  proof.has_apps_ = !apps.empty();
  static const base::Secret decoy = crypto::make_totp_secret();
  for (std::size_t i = 0; i < std::max(apps.size(), identity::most_totp); ++i) {
    const bool is_app = i < apps.size();
    // The step that was used already is judged by use_up, so that the record says why such a code is refused.
    const auto step = crypto::find_totp_step(is_app ? apps[i].data : decoy, code.reveal(), -1, proving.facts.now);
    if (!step || !is_app) continue;
    proof.matches = true;
    proof.app_ = apps[i].id;
    proof.step_ = *step;
  }
  proof.claim = std::move(claim);
  return proof;
}

}  // namespace flow
