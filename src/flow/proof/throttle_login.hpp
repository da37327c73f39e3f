// The lockout that applies to every proof (S4.7, security rule 7): read, judge, count, in the transaction of the
// attempt.
//
//   classic     M failures of any method and any identifier lock the account for N minutes
//   protective  failures of strangers delay strangers; a known device keeps an allowance of its own; passwords and
//               codes are counted separately
//   both        a network that fails too often waits (network_gate.hpp), but for known devices
//
// "Delay" is a refusal like any other failure until the time has come; no worker sleeps. A name that no account has
// gets the same delays, under a keyed hash, with the same work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "identity/lockout/throttling.hpp"

namespace flow {

/// Whose proof is tried, as found in this transaction.
struct Claimed {
  const identity::Account* account = nullptr;  // nullptr: no account has the name
  std::string_view name;                       // canonical form of what was typed
};

/// What counts against this attempt. Valid in the transaction in which it was read.
struct Standing {
  bool has_device = false;       // the browser is known at this account
  bool known_device = false;     // … and it has its allowance
  identity::FailureCount count;  // of the device, or of the strangers
  base::Bytes key;               // under which it is counted
  audit::Code bar;               // "locked", "delayed"; "" = may try
};
/// `kind`: what is counted together, "password".
base::Result<Standing> find_standing(const House& house, store::Tx& tx, const Claimed& claimed, std::string_view kind,
                                     const RequestFacts& facts);

/// One more failure. Writes the audit event `lockout` when an account becomes locked, or strangers at it delayed. A
/// name that no account has, and a known device, cost the same statements as all others.
base::Result<void> count_failure(const House& house, store::Tx& tx, const Claimed& claimed, const Standing& standing,
                                 const RequestFacts& facts);

/// Whether forget_failures would change anything.
bool has_failures(const House& house, const identity::Account& account, const Standing& standing);
/// After a login that is complete (settle_proof.hpp, forget_when_complete): the failures of its source are deleted.
base::Result<void> forget_failures(const House& house, store::Tx& tx, const identity::Account& account,
                                   const Standing& standing);

/// Kind of the outbox items that count_failure writes when a lock or a delay begins: {"account","form","until"}.
inline constexpr std::string_view lockout_item_kind = "lockout";

/// For an administrator: removes the lock and every count.
base::Result<void> unlock(store::Tx& tx, const base::Id& account_id);

}  // namespace flow
