// What a login makes of a password that was right (S4.11, S0.3): it may be refused all the same, or lead to the change
// page alone. The password itself is judged outside of the transaction, and only if the policy has changed since.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/find_policy.hpp"
#include "flow/house.hpp"
#include "identity/account.hpp"
#include "identity/password_state.hpp"
#include "store/passwords.hpp"

namespace flow {

/// Under which rules a right password was judged; made by judge_typed().
struct TypedJudgement {
  std::string rules;
  bool breaks_policy = false;
};
/// `password`: NFC form. Costs an estimate of its strength once after each change of the policy.
base::Result<TypedJudgement> judge_typed(const House& house, const identity::Account& account,
                                         const base::Secret& password, base::Time now);

struct LoginVerdict {
  std::string_view refusal;  // "expired"; "" = may log in
  identity::MustChange must_change = identity::MustChange::no;
  std::string rules;         // to be kept by note_rules() if the password keeps them
};
base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const store::PasswordCredential& stored, const TypedJudgement& judged,
                                        const base::Secret& password, base::Time now);
/// The next login does not judge again. Nothing is written if it is known already.
base::Result<void> note_rules(store::Tx& tx, const base::Id& account_id, const LoginVerdict& verdict);

}  // namespace flow
