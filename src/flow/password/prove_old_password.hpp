// The proof that comes before a change of password: the old one, with the same lockout as a login (S4.7, S4.15).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/settle_proof.hpp"
#include "store/password/passwords.hpp"

namespace flow {

struct ProvenPassword {
  identity::Account account;
  store::PasswordCredential credential;  // that the proof was compared with
  base::Secret password;                 // NFC; empty = the login has just proven it, and it is not known here
};
/// One Argon2id computation, whether the account exists or not, and one transaction with one audit event. Every failure
/// counts; a success does not reset the count, because the old password alone is not always a complete login. Password
/// lane. Errors: login_failed (one for all reasons; the true one is in the audit log), too_many (begin_proof),
/// unavailable.
base::Result<ProvenPassword> prove_old_password(const House& house, const Claim& claim, const base::Secret& typed,
                                                const RequestFacts& facts);

}  // namespace flow
