// One mechanism for every proof of a person: password today; later code, passkey, certificate, LDAP bind and Basic
// (S4.6, S4.7, security rules 2, 7, 8; docs/decisions/0015-one-mechanism-for-proofs.md).
//
//   begin     refuses a network that has failed too often (network_gate.hpp), with neither a hash nor a row
//   compare   outside the transaction: a method reads what it compares with and does the slow work (with a decoy if
//             there is no account)
//   settle    inside the transaction of the effect: reads again, judges, then
//               refused → counts the failure, writes the event with the true reason
//               proven  → the caller continues
//   forget_when_complete   the caller's last step: failures are forgotten only when the login has every proof it needed
//
// Invariant: the work depends on the kind of the proof and not on the account. Whatever the reason, a refusal
// computes one hash (or its decoy) and runs the same number of statements, so that its time tells nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/network_gate.hpp"
#include "flow/proof/throttle_login.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"
#include "rights/proofs.hpp"

namespace flow {

/// The account that the proof is for: a known one, or the name that was typed.
struct Claim {
  std::optional<base::Id> account_id{};
  std::string canonical{};  // of what was typed; "" = cannot be the login of anyone
  std::string_view typed{};
};
/// The claim for a typed login. It refers to the memory of `typed`.
Claim claim_login(std::string_view typed);
/// Finds the account that the claim names by a number of statements that does not depend on whether there is one.
base::Result<std::optional<identity::Account>> find_claimed(store::Tx& tx, const Claim& claim, base::Time now);

/// What the credential is inside the transaction.
enum class Held : std::uint8_t {
  none,     // the account has none of this kind
  same,     // the one that was compared
  changed,  // another one by now: what was compared proves nothing
};

/// A proof after the comparison. Each method derives its own.
class ComparedProof {
 public:
  virtual ~ComparedProof() = default;
  [[nodiscard]] virtual rights::ProofMethod method() const = 0;
  /// Reads the credential again. The same number of statements for every id, the empty one included.
  virtual base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) = 0;
  /// Why a right credential proves nothing any more ("" = it does) by rules that may have changed since, as those of
  /// passwords (S4.11). Called after read_again for every attempt. The same statements for every account, the empty one
  /// included.
  virtual base::Result<audit::Code> find_end(store::Tx& /*tx*/, const identity::Account& /*account*/,
                                             base::Time /*now*/) {
    return audit::Code();
  }
  /// Uses up what counts once (a code, a step of time, a challenge), by one conditional change in the transaction of
  /// the effect: false = another request has used it. Called only for a proof that is right in every other way.
  virtual base::Result<bool> use_up(store::Tx& /*tx*/, const identity::Account& /*account*/, base::Time /*now*/) {
    return true;
  }

  /// Takes what was handed over once and counts once whatever the outcome, by one conditional change: false = another
  /// request came with it before. Called for every attempt at an account. The attempt is refused then, and recorded,
  /// but counts as no failure, because nobody has tried anything new.
  virtual base::Result<bool> take(store::Tx& /*tx*/, const identity::Account& /*account*/, base::Time /*now*/) {
    return true;
  }
  /// False: nothing came that could be right or wrong (none, too late). It counts as no failure of the account.
  [[nodiscard]] virtual bool is_judged() const { return true; }

  /// Why it does not match, if the method tells more than "wrong"; for the audit log only.
  [[nodiscard]] virtual audit::Code flaw() const { return {}; }

  Claim claim;           // `account_id`: whose credential was compared, nullopt = none
  bool matches = false;  // what was given is right
};

/// What the proof is for: where its outcome is written.
struct ProofUse {
  audit::Code event;                     // audit::type::login; audit::type::proof is written for successes, too
  audit::Code purpose{};                 // detail "for": "password_change"; "" = none
  std::string_view client_id{};          // the application that asked for the login; "" = the own pages
  const rights::Actor* actor = nullptr;  // who proves it again
  rights::ProofMethod method = rights::ProofMethod::password;
};

/// A further reason to refuse ("" = none) that only the caller knows, such as that no context is open. It is called for
/// every attempt, so that each runs the same statements. If `is_proven` is false, `account` may be empty and the answer
/// is ignored.
using FurtherReason =
    std::function<base::Result<audit::Code>(store::Tx& tx, const identity::Account& account, bool is_proven)>;

struct Settled {
  audit::Code refusal{};  // for log and tests; "" = proven, and all below is there
  identity::Account account{};
  Standing standing{};
};

/// A proof in progress: who gives it, and for what.
struct Proving {
  const House& house;
  const RequestFacts& facts;
  ProofUse use;
  NetworkGate::Pass pass{};
};
/// The first step. Errors: too_many (the network has failed too often, and this browser is not known at the account;
/// nothing was computed, and one event a minute is written), unavailable.
base::Result<Proving> begin_proof(const House& house, const RequestFacts& facts, const ProofUse& use,
                                  const Claim& claim);

/// Inside the writing transaction. A refusal is counted and recorded, and is no error: the transaction must commit.
/// Errors: unavailable, internal.
base::Result<Settled> settle_proof(Proving& proving, store::Tx& tx, ComparedProof& compared,
                                   const FurtherReason& further = {});

/// Forgets the failures that count against this attempt, if a login with these proofs is complete: the account has a
/// context that they open. After a correct first factor alone the failures stay.
base::Result<void> forget_when_complete(const Proving& proving, store::Tx& tx, const Settled& settled,
                                        const rights::Proofs& proofs);

/// The one error of all refusals.
tl::unexpected<base::Error> refuse_login();

}  // namespace flow
