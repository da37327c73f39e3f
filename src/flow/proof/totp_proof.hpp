// The proof by an authenticator app (RFC 6238): the code of one of the account's apps, of a step that no code was
// accepted for yet (§5.2: "the verifier MUST NOT accept the second attempt of the OTP").
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/proof/settle_proof.hpp"

namespace flow {

class TotpProof : public ComparedProof {
 public:
  [[nodiscard]] rights::ProofMethod method() const override { return rights::ProofMethod::totp; }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override;
  /// Moves the app's last step forward; false if it stands there already, on this node or another.
  base::Result<bool> use_up(store::Tx& tx, const identity::Account& account, base::Time now) override;

 private:
  friend base::Result<TotpProof> compare_totp(const Proving& proving, Claim claim, const base::Secret& typed);
  bool has_apps_ = false;
  base::Id app_;           // whose code it is; none = no one's
  std::int64_t step_ = 0;  // of the code
};

/// `typed`: six digits; blanks between them are ignored, because apps show "123 456". As many codes are computed as for
/// an account with the most apps, whatever the account has. Errors: unavailable.
base::Result<TotpProof> compare_totp(const Proving& proving, Claim claim, const base::Secret& typed);

}  // namespace flow
