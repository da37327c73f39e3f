// The code that is sent for a second step (S3.1, S3.3), or to prove it again (S4.28): by SMS to the mobile number of
// the account, or by e-mail. It belongs to one session, goes to the number that is in force when it is sent and counts
// only while that one is; a new code ends the one before.
//
//   send_login_code ─> login_code row (keyed hash) + item of the outbox, in one transaction
//   compare_login_code ─> one try is counted in a transaction of its own, before anything is compared, so that
//                         parallel guesses never get more tries than one after the other
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/proof/proof_methods.hpp"
#include "flow/proof/settle_proof.hpp"

namespace flow {

/// Where a code of this method goes: the mobile number in force (verified by the person, or entered by an
/// administrator), never one that waits for its verification; or the mailbox. nullopt = there is none, or `method` is
/// neither sms nor email.
base::Result<std::optional<Destination>> find_code_address(store::Tx& tx, const identity::Account& account,
                                                           rights::ProofMethod method);

struct CodeWish {
  const identity::Account& account;
  base::Id session_id;
  rights::ProofMethod method = rights::ProofMethod::sms;
  CodeUse use = CodeUse::login;
};
/// False: a limit of short messages is reached (S3.8). Nothing is sent, the code before stays, and the transaction must
/// commit, because it has the counts. Errors: not_found (no address), too_many (the code before was sent a moment ago).
base::Result<bool> send_login_code(const House& house, store::Tx& tx, const CodeWish& wish, const RequestFacts& facts);

/// Ends the code that a session took over from an earlier login in the same browser.
base::Result<void> forget_login_code(store::Tx& tx, const base::Id& session_id, base::Time now);

/// The code of a session as its page shows it.
struct SentCode {
  rights::ProofMethod method = rights::ProofMethod::sms;
  std::string shown_to;  // "+48…201", "a…@clinic.example"
  base::Time again_at;   // another one can be sent from then on
  base::Time expires_at;
  std::int64_t tries_left = 0;
  bool is_dead = false;     // used, over, without tries, or sent to an address that is not in force any more
  bool is_waiting = false;  // its message has not left yet
  bool has_failed = false;  // its message could not be sent yet, or was given up
};
/// nullopt = none was sent in this session.
base::Result<std::optional<SentCode>> find_sent_code(const House& house, store::Tx& tx, const base::Id& session_id,
                                                     base::Time now);

class LoginCodeProof : public ComparedProof {
 public:
  explicit LoginCodeProof(rights::ProofMethod method) : method_(method) {}
  [[nodiscard]] rights::ProofMethod method() const override { return method_; }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override;
  base::Result<bool> use_up(store::Tx& tx, const identity::Account& account, base::Time now) override;

 private:
  friend base::Result<std::unique_ptr<ComparedProof>> compare_login_code(const Proving& proving, Claim claim,
                                                                         const GivenProof& given);
  rights::ProofMethod method_;
  base::Id session_id_;
  base::Bytes stored_;  // the hash that was compared; "" = there is no code that counts
};

/// Blanks and hyphens between the digits are ignored. Errors: unavailable.
base::Result<std::unique_ptr<ComparedProof>> compare_login_code(const Proving& proving, Claim claim,
                                                                const GivenProof& given);

}  // namespace flow
