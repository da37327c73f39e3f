// The proof by a passkey (WebAuthn level 3 §7.2): an assertion of a credential of the account, for a challenge that
// counts once. With the person verified by the device it is two factors at once, otherwise one.
//
// A signature counter that does not rise may mean that the key was copied. Such a proof is refused, and an event says
// so (docs/decisions/0059-what-a-person-holds.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/proof/passkey_data.hpp"
#include "flow/proof/settle_proof.hpp"
#include "store/factor/factors.hpp"

namespace flow {

class PasskeyProof : public ComparedProof {
 public:
  [[nodiscard]] rights::ProofMethod method() const override {
    return is_verified_ ? rights::ProofMethod::passkey : rights::ProofMethod::security_key;
  }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override;
  /// Spends the challenge and moves the counter forward.
  base::Result<bool> use_up(store::Tx& tx, const identity::Account& account, base::Time now) override;

 private:
  friend class PasskeyComparison;
  const House* house_ = nullptr;         // of the Proving, which lives longer
  const RequestFacts* facts_ = nullptr;  // likewise
  std::optional<store::Factor> passkey_;
  PasskeyData data_;
  base::Bytes challenge_;
  std::int64_t count_ = 0;
  bool is_verified_ = true;
};

/// Second step and "prove it again": `answer` is what the script of the page sends (web/assets/passkeys.js), JSON with
/// ticket, id, client_data, authenticator_data, signature and user_handle, each base64url. A foreign credential, a
/// broken answer and an account without passkeys cost the verification of one signature too. Errors: unavailable.
base::Result<PasskeyProof> compare_passkey(const Proving& proving, Claim claim, const base::Secret& answer,
                                           const base::Id& session_id);
/// A login by passkey alone: the credential names the account, and the device must have verified the person. `bound_to`
/// as in begin_passkey_login. Errors: unavailable.
base::Result<PasskeyProof> compare_passkey_login(const Proving& proving, const base::Secret& answer,
                                                 base::BytesView bound_to);

}  // namespace flow
