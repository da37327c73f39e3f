#include "flow/login/login_remembered.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/proof/login_code.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/known_device.hpp"
#include "flow/session/session_cookie.hpp"
#include "store/account/accounts.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

/// Whether the first step is remembered on the device, by the rules that are in force.
base::Result<bool> is_remembered(store::Tx& tx, const store::Device& device, const identity::Account& account,
                                 base::Time now) {
  if (!device.first_step_until || now >= *device.first_step_until) return false;
  if (device.trusted_stamp != account.security_stamp || !identity::may_log_in(account)) return false;
  ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, account.id));
  return demand.is_on && demand.rules.first_step_days > 0;
}

base::Result<std::optional<store::Device>> find_device_of(const House& house, store::Tx& tx, const base::Id& account_id,
                                                          const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto devices, list_carried_devices(house, tx, facts.devices, facts.now));
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [&](const store::Device& one) { return one.account_id == account_id; });
  if (found == devices.end()) return std::nullopt;
  return std::move(*found);
}

class RememberedProof : public ComparedProof {
 public:
  RememberedProof(const House& house, const RequestFacts& facts) : house_(house), facts_(facts) {}
  [[nodiscard]] rights::ProofMethod method() const override { return rights::ProofMethod::remembered; }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override {
    ASSIGN_OR_RETURN(const auto device, find_device_of(house_, tx, account_id, facts_));
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, account_id));
    if (!device || !account) return Held::none;
    ASSIGN_OR_RETURN(const bool remembered, is_remembered(tx, *device, *account, facts_.now));
    return remembered ? Held::same : Held::changed;
  }

 private:
  const House& house_;
  const RequestFacts& facts_;
};

}  // namespace

base::Result<std::optional<RememberedPerson>> find_remembered(const House& house, const RequestFacts& facts) {
  if (facts.devices.empty()) return std::nullopt;
  return house.store.read([&](store::Tx& tx) -> base::Result<std::optional<RememberedPerson>> {
    ASSIGN_OR_RETURN(const auto devices, list_carried_devices(house, tx, facts.devices, facts.now));
    for (const store::Device& device : devices) {
      if (!device.first_step_until) continue;
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, device.account_id));
      if (!account) continue;
      ASSIGN_OR_RETURN(const bool remembered, is_remembered(tx, device, *account, facts.now));
      if (!remembered) continue;
      ASSIGN_OR_RETURN(const rights::FactorDemand demand, find_demand(tx, account->id));
      ASSIGN_OR_RETURN(const auto steps, list_second_steps(house, tx, *account, demand.rules.methods));
      if (steps.empty()) continue;
      RememberedPerson person{account->id, account->display_name(), {}, steps.front()};
      ASSIGN_OR_RETURN(const auto to, find_code_address(tx, *account, steps.front()));
      if (to) person.shown_to = shorten_address(to->address);
      return person;
    }
    return std::nullopt;
  });
}

base::Result<LoginDone> login_remembered(const House& house, const RememberedLogin& wished, const RequestFacts& facts) {
  const Claim claim{wished.account_id};
  ASSIGN_OR_RETURN(Proving proving, begin_proof(house, facts,
                                                {.event = audit::type::login,
                                                 .client_id = wished.client_id,
                                                 .method = rights::ProofMethod::remembered},
                                                claim));
  RememberedProof proof(house, facts);
  proof.claim = claim;
  proof.matches = true;  // read_again judges the device in the transaction
  bool refused = false;
  ASSIGN_OR_RETURN(Finished finished, house.store.write([&](store::Tx& tx) -> base::Result<Finished> {
    ASSIGN_OR_RETURN(const Settled settled, settle_proof(proving, tx, proof));
    refused = !settled.refusal.empty();
    if (refused) return Finished{};
    StepOfLogin step{proving, settled, rights::Proofs(proof.method())};
    step.replaced_cookie = wished.replaced_cookie;
    step.client_id = wished.client_id;
    return finish_step(house, tx, step, facts);
  }));
  if (refused) return refuse_login();
  return tell_finished(std::move(finished));
}

}  // namespace flow
