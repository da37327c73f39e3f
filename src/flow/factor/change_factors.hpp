// What every change of factors does besides the change: the event and the notice to the person.
#pragma once

#include <string_view>

#include "audit/event.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "identity/factor/factor.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Whose factors change, and by whom: the actor; or the person who logs in and has no context yet.
struct FactorHolder {
  FactorHolder(const rights::Actor& by)  // NOLINT(*-explicit-*)
      : account(by.account()), session_id(by.session().id), actor(&by) {}
  FactorHolder(const identity::Account& own, const base::Id& session) : account(own), session_id(session) {}

  const identity::Account& account;
  base::Id session_id;
  const rights::Actor* actor = nullptr;
};

struct FactorChange {
  const identity::Account& account;
  audit::Code factor;          // totp, webauthn, recovery; all: not one in particular
  audit::Code change;          // added, added_at_login, removed, renamed, made, always_on, always_off
  base::Id id{};               // of the credential
  std::string_view message{};  // of the notice; "" = none
};
audit::Code code_of(identity::FactorKind kind);
/// What an event says of a factor that the holder adds.
audit::Code code_of_addition(const FactorHolder& holder);
/// Inside the transaction of the change.
base::Result<void> record_factor_change(const House& house, store::Tx& tx, const FactorHolder& by,
                                        const FactorChange& change, const RequestFacts& facts);

/// What remains if the account has neither app nor passkey any more: no recovery codes, and without a phone number no
/// wish to be asked, so that nobody is asked for what is not there.
base::Result<void> tidy_factors(store::Tx& tx, const identity::Account& account);

}  // namespace flow
