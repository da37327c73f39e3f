// Whether a correct password is enough for a login (S0.3), or must be changed first. The
// password itself is judged only if the policy has changed since the last judgement.
#pragma once

#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/proof/policy_in_force.hpp"
#include "identity/account/account.hpp"
#include "identity/password/password_state.hpp"
#include "store/password/passwords.hpp"

namespace flow {

struct LoginVerdict {
  identity::MustChange must_change = identity::MustChange::no;
  std::string rules;  // for note_rules(), if the password keeps them
};
/// A password that was compared, and has not ended. `stored` is that of the account, or nullptr; `given` is the NFC
/// form.
struct PasswordToJudge {
  const store::PasswordCredential* stored = nullptr;
  const PolicyInForce& in_force;
  const base::Secret& given;
  bool is_proven = false;  // only then is its strength estimated, once after each change of the policy
};
/// Runs the same statements for every account, the empty one included. Without a proven password the verdict is empty.
base::Result<LoginVerdict> find_verdict(store::Tx& tx, const identity::Account& account,
                                        const PasswordToJudge& password, base::Time now);
/// Notes that the password keeps the rules, so that the next login does not judge it again.
base::Result<void> note_rules(store::Tx& tx, const base::Id& account_id, const LoginVerdict& verdict);

}  // namespace flow
