// The proof by password (S4.3): one Argon2id computation outside of any transaction, whether the account exists or not.
#pragma once

#include <optional>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/proof/policy_in_force.hpp"
#include "flow/proof/settle_proof.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"

namespace flow {

class PasswordProof : public ComparedProof {
 public:
  [[nodiscard]] rights::ProofMethod method() const override { return rights::ProofMethod::password; }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override;
  base::Result<audit::Code> find_end(store::Tx& tx, const identity::Account& account, base::Time now) override;
  /// The account's password as read_again found it; of a proven one it is the one that was compared.
  [[nodiscard]] const std::optional<store::PasswordCredential>& stored() const { return stored_; }
  /// The policy of the account as find_end found it.
  [[nodiscard]] const PolicyInForce& policy() const { return policy_; }
  /// The PHC string that was compared.
  [[nodiscard]] const base::Secret& phc() const { return phc_; }
  /// What the comparison cost.
  [[nodiscard]] const crypto::HashParameters& cost() const { return cost_; }
  /// What was given, in its normal form (NFC).
  [[nodiscard]] const base::Secret& password() const { return password_; }

 private:
  friend base::Result<PasswordProof> compare_password(const Proving& proving, Claim claim, const base::Secret& typed);
  base::Secret password_;
  base::Secret phc_;
  crypto::HashParameters cost_;
  std::optional<store::PasswordCredential> stored_;
  PolicyInForce policy_;
};

/// Password lane. A text that cannot be a password, and a claim that leads to no account or to an account without a
/// password, cost one computation too: with the parameters of another account's password, so that after a change of the
/// settings, when old and new hashes are stored side by side, the time of an answer does not show whether somebody has
/// that name. For one name it is the same account each time. Errors: unavailable.
base::Result<PasswordProof> compare_password(const Proving& proving, Claim claim, const base::Secret& typed);

}  // namespace flow
