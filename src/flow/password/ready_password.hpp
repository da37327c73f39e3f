// How a new password gets into the database: the flow reads the facts that it is judged by, judges and hashes it
// outside any transaction, and writes it in the transaction of the effect. It is written only if the rules under which
// it was judged are still in force. Earlier passwords: docs/decisions/0004-password-history.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/password/find_policy.hpp"
#include "identity/account/account.hpp"
#include "identity/password/password_flaws.hpp"
#include "store/password/passwords.hpp"

namespace flow {

/// The facts that a new password of an account is judged by.
struct PasswordGround {
  identity::Account account;
  identity::PasswordFacts facts;
  std::optional<store::PasswordCredential> current;
  PolicyInForce in_force;
  std::vector<store::FormerPassword> former;  // the newest first
};
base::Result<PasswordGround> find_ground(store::Tx& tx, identity::Account account, base::Time now);

/// A password that was judged and hashed.
struct ReadyPassword {
  base::Secret phc;
  store::FormerPassword remembered;
  std::string rules;  // under which it was judged
};
struct PasswordJudgement {
  std::vector<identity::PasswordFlaw> flaws;
  std::optional<ReadyPassword> ready;  // only without flaws
};
/// Finds all flaws; a password without flaws is hashed. Password lane: up to three Argon2id computations, and more only
/// while entries of the account's history were made with other parameters. Errors: unavailable.
base::Result<PasswordJudgement> judge_password(const House& house, const PasswordGround& ground,
                                               const base::Secret& typed, base::Time now);

/// For a password that the owner has not chosen. Errors: those of judge_password, and invalid_input (names all flaws).
base::Result<ReadyPassword> judge_given_password(const House& house, const PasswordGround& ground,
                                                 const base::Secret& given, base::Time now);

/// Who has chosen a password, and until when it may be used.
struct PasswordTerms {
  identity::PasswordOrigin origin = identity::PasswordOrigin::own;
  std::optional<base::Time> not_after{};
};
/// For a password that the owner has not chosen. `must_change`: at the next login.
PasswordTerms terms_of_given(bool must_change);

/// Sets the password and remembers it. Errors: conflict (other rules are in force now), not_found.
base::Result<void> write_password(store::Tx& tx, const identity::Account& account, const ReadyPassword& ready,
                                  const PasswordTerms& terms, base::Time now);

/// Names of all flaws, for errors and the audit log: "too_short, too_few_classes".
std::string names_of(const std::vector<identity::PasswordFlaw>& flaws);

}  // namespace flow
