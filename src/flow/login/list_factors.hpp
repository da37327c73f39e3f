// The second steps that an account can take, and the contexts that it reaches with them.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/find_visitor.hpp"
#include "identity/account/account.hpp"
#include "rights/context.hpp"
#include "rights/factor_policy.hpp"
#include "rights/proofs.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The methods of the account that are among `counted`, from the strongest to the weakest.
base::Result<std::vector<rights::ProofMethod>> list_second_steps(const House& house, store::Tx& tx,
                                                                 const identity::Account& account,
                                                                 const std::vector<rights::ProofMethod>& counted);

/// What an account that owes a factor and has none that counts may set up during the login.
struct EnrolmentOffer {
  std::vector<rights::ProofMethod> methods;  // totp, passkey; empty: nothing
  /// What it holds already, although it does not count: one of these is to be proven before anything is set up, because
  /// a stolen password alone must not add a factor to an account that has one. Empty: nothing, or it was proven.
  std::vector<rights::ProofMethod> first;
};
/// `proofs`: of the login so far.
base::Result<EnrolmentOffer> find_enrolment(const House& house, store::Tx& tx, const identity::Account& account,
                                            const rights::FactorDemand& demand, const rights::Proofs& proofs);

/// The highest level that the account reaches with one more proof by a method that it has.
base::Result<std::int64_t> find_best_level(const House& house, store::Tx& tx, const identity::Account& account,
                                           const rights::Proofs& proofs);

/// What a login has proven, from where, and the address of the request.
struct LoginPlace {
  const rights::Proofs& proofs;
  std::string_view login_ip;
  std::string_view request_ip;
};
struct ReachableContext {
  rights::ActingContext context;
  bool is_stronger = false;  // it opens after one more proof only
};
/// The contexts of `all` that the login opens, or would open with one more proof by a method that the account has.
base::Result<std::vector<ReachableContext>> find_reachable(const House& house, store::Tx& tx,
                                                           const identity::Account& account,
                                                           const std::vector<rights::ActingContext>& all,
                                                           const LoginPlace& place);
/// For the page of the choice. Errors: login_failed (nobody is logged in), denied (acting for another person).
base::Result<std::vector<ReachableContext>> list_reachable_contexts(const House& house, const Visitor& visitor,
                                                                    const RequestFacts& facts);

/// Whether the login opens one of the account's contexts, or would with one more proof. The same statements for every
/// account, the empty one included.
base::Result<bool> has_way_in(const House& house, store::Tx& tx, const identity::Account& account,
                              const LoginPlace& place, base::Time now);

}  // namespace flow
