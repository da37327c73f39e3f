// E-mail addresses and telephone numbers are verified by a code before they are in force (S4.13).
//
//   wished ──code sent──> pending ──right code, 10 min, 5 tries──> in force; the old one gets a message and is deleted
//                            │ └── wrong code: one try less        (until then the old one stays in force)
//                            └── a new wish, a new code, or dropped: the earlier code is void
//
// A pending address reserves nothing: the first account that proves it gets it. The code is stored as a keyed hash. One
// conditional DELETE consumes it in the transaction that puts the address in force (security rule 3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/identifier/identifier.hpp"
#include "rights/actor.hpp"
#include "store/account/identifiers.hpp"

namespace flow {

inline constexpr base::Duration code_of_address_lasts = std::chrono::minutes(10);
inline constexpr std::int64_t most_tries_of_address = 5;
/// A message may take some time: only then a new code, which makes the first one void, can be sent.
inline constexpr base::Duration code_of_address_again_after = std::chrono::seconds(60);
/// From when on a new code for the address can be sent; zero if none was sent.
base::Time may_send_again_at(const store::PendingAddress& pending);

struct WishedAddress {
  identity::Identifier identifier;
  bool redirect_to_main = false;  // of an e-mail: a pseudo address (S2.5)
};
/// Makes `wished` pending and sends the code to it, inside the transaction of the change.
/// Errors: too_many (codes of this account or to this address in the last hour), already_exists.
base::Result<void> begin_verification(const House& house, store::Tx& tx, const identity::Account& account,
                                      const WishedAddress& wished, const RequestFacts& facts);

/// Sends a new code for the pending address, or the first one for an address that an administrator entered. `type`:
/// "email" or "phone". Needs a fresh proof. Errors: not_found (nothing to verify), too_many (also before
/// may_send_again_at), already_exists (another account has verified the address meanwhile), denied (not an employee, no
/// fresh proof).
base::Result<void> send_code_again(const House& house, const rights::Actor& actor, std::string_view type,
                                   const RequestFacts& facts);

enum class Verified : std::uint8_t {
  yes,
  wrong_code,
  over,
  taken
};
/// `code` may have blanks and hyphens. `over`: expired, or no try left. Errors: not_found (no such channel), denied.
base::Result<Verified> confirm_address(const House& house, const rights::Actor& actor, std::string_view type,
                                       std::string_view code, const RequestFacts& facts);
/// If nothing is pending, that is no error, and nothing is recorded. Errors: not_found (no such channel), denied.
base::Result<void> drop_pending_address(const House& house, const rights::Actor& actor, std::string_view type,
                                        const RequestFacts& facts);

/// The mailbox of an address, with ASCII letters in lower case. Two addresses with the same canonical form may be two
/// mailboxes, because the canonical form folds full-width letters into ASCII ones.
std::string mailbox_of(std::string_view type, const std::string& canonical, const std::string& display);

/// Sends a message to an address that was in force.
base::Result<void> tell_old_address(const House& house, store::Tx& tx, const identity::Account& account,
                                    const store::Identifier& old, const RequestFacts& facts);

}  // namespace flow
