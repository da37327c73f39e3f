// The proof by a recovery code: one of ten that the person printed, each for one use.
//
// A code has 80 random bits, and its SHA-256, sealed under the master key, is what is stored. A password hash would add
// nothing: 2^80 guesses are out of reach, and ten of them would make each proof ten times as slow
// (docs/decisions/0059-what-a-person-holds.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/proof/settle_proof.hpp"

namespace flow {

class RecoveryProof : public ComparedProof {
 public:
  [[nodiscard]] rights::ProofMethod method() const override { return rights::ProofMethod::recovery; }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override;
  /// Spends the code; false if it is spent already.
  base::Result<bool> use_up(store::Tx& tx, const identity::Account& account, base::Time now) override;

 private:
  friend base::Result<RecoveryProof> compare_recovery(const Proving& proving, Claim claim, const base::Secret& typed);
  bool has_codes_ = false;
  base::Id code_;  // that was typed; none = no one's
};

/// `typed`: the code in both cases, with or without its hyphens and blanks. Errors: unavailable.
base::Result<RecoveryProof> compare_recovery(const Proving& proving, Claim claim, const base::Secret& typed);

/// A new code: "abcd-efgh-ijkm-npqr", without letters and digits that look alike.
base::Secret make_recovery_code();
/// What is stored of a code: 32 octets, the same for each way of typing it.
base::Secret digest_recovery_code(std::string_view code);

}  // namespace flow
