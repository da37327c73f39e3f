// What a login makes of a password that was right (S4.11, S0.3): it may be refused all the same, or lead to the change
// page alone. The password itself is judged only if the policy has changed since it was judged last.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/password/find_policy.hpp"
#include "identity/account/account.hpp"
#include "identity/password/password_state.hpp"
#include "store/password/passwords.hpp"

namespace flow {

struct LoginVerdict {
  std::string_view refusal;  // "expired"; "" = may log in
  identity::MustChange must_change = identity::MustChange::no;
  std::string rules;  // to be kept by note_rules() if the password keeps them
};
/// `password`: NFC form, proven right for an account that may log in; of any other the time that this takes would tell
/// that the guess was right. Its strength is estimated once after each change of the policy.
base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const store::PasswordCredential& stored, const base::Secret& password,
                                        base::Time now);
/// The next login does not judge again. Nothing is written if it is known already.
base::Result<void> note_rules(store::Tx& tx, const base::Id& account_id, const LoginVerdict& verdict);

}  // namespace flow
