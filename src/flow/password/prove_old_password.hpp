// The proof that comes before a change of password: the old one, under the same lock-out as a login (S4.7, S4.15).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "store/password/passwords.hpp"

namespace flow {

/// Whose password it is said to be: an account, or what was typed as its login.
struct ProofOf {
  std::optional<base::Id> account_id;
  std::string canonical;  // of the login, without account_id
  std::string_view typed;
};

struct ProvenPassword {
  identity::Account account;
  store::PasswordCredential credential;  // that the proof was compared with
  base::Secret password;                 // NFC
};
/// One Argon2id computation whoever it is, one transaction with one audit event. Every failure counts. Password lane.
/// Errors: login_failed (one for all reasons; the true one is in the audit log), unavailable.
base::Result<ProvenPassword> prove_old_password(const House& house, const ProofOf& whose, const base::Secret& typed,
                                                const RequestFacts& facts);

}  // namespace flow
