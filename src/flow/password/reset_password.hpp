// A forgotten password (S4.10; security rules 1 and 3; NIST SP 800-63B-4 §4.2).
//
//                  ┌─ unknown, not active, no password, no channel, over a limit: nothing is sent (audit log says why)
//   asked ─worker──┤
//   (same answer)  └─ link sent ──opened──> link sent        opening changes nothing, because mail scanners open links
//                        │  │  └──time────> expired          (ResetSettings::link_lasts)
//                        │  └─another link confirmed, password changed, access ended──> void
//                        └──confirmed──> used: the old password ends
//                              │         ResetForm::temporary: a temporary one goes out by the same channel
//                              │         └──login──> must change ──> own password     (flow/password/change_password)
//                              └──────── ResetForm::direct: the page behind the link asked for the new password
//
// The link of an invitation is the same, for an account that waits for its first password: it lasts longer, always asks
// for the person's own password, and makes the account active (S4.25).
//
// A request only writes one item for the worker. The worker looks whether the login is known, so that the answer and
// its time are the same for every login. The link needs no cookie and can be opened in another browser. One conditional
// UPDATE consumes it in the transaction that sets the temporary password, so that one confirmation has an effect.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/password/change_password.hpp"
#include "flow/password/find_policy.hpp"
#include "identity/account/account.hpp"
#include "text/language.hpp"

namespace flow {

struct ResetRequest {
  std::string typed_login;
  std::string attempt;  // id of the login that was interrupted, or ""
  text::Language language = text::Language::en;
  std::string client{};  // id of the client to which that login leads, or ""
};
/// The result is the same for known and unknown logins. Errors: unavailable.
base::Result<void> ask_for_reset(const House& house, const ResetRequest& request, const RequestFacts& facts);

/// Delivers the outbox items of ask_for_reset (kind "reset").
Deliver make_reset_deliverer(const House& house);

struct ResetLink {
  base::BytesView secret;                // at least reset_token_octets
  std::string attempt{};                 // id of the login that was interrupted, or ""
  std::string client{};                  // id of the client to which that login leads, or ""
  std::optional<text::Language> page{};  // of the browser in which the person asked
  bool by_administrator = false;         // the message says so
};
/// Where a link would be sent: the account's destination; an account without a password also has its unverified
/// mailbox. nullopt = nowhere.
base::Result<std::optional<Destination>> find_reset_place(store::Tx& tx, const identity::Account& account);

/// Sends a link to the account's channel, an invitation if the account is invited, inside the transaction of its cause.
/// Errors: conflict (neither active nor invited, or no channel that can be used; the reason is for the audit log).
base::Result<void> send_reset_link(const House& house, store::Tx& tx, const identity::Account& account,
                                   const ResetLink& link, const RequestFacts& facts);

/// Whether the link is open and is an invitation. Changes nothing.
base::Result<bool> is_invitation(const House& house, std::string_view token, base::Time now);
/// Whether the link could be confirmed now. Changes nothing.
base::Result<bool> is_reset_link_open(const House& house, std::string_view token, base::Time now);
/// The policy for the password that the link may set; nothing = the link could not be confirmed. Changes nothing.
base::Result<std::optional<identity::PasswordPolicy>> find_policy_of_reset(const House& house, std::string_view token,
                                                                           base::Time now);
/// What is told of a password that is being typed behind the link. Errors: expired, unavailable.
base::Result<PasswordPreview> preview_reset(const House& house, std::string_view token, std::string_view typed,
                                            base::Time now);

struct ResetDone {
  Channel channel = Channel::email;  // of the link, and of the temporary password
  std::string attempt;               // id of the login that was interrupted, or ""
  std::string client;                // id of the client to which that login leads, or ""
  bool was_invited = false;          // the account is active now
};
/// Ends the old password, all sessions and a lockout. Other credentials stay, so that a second factor is never skipped.
/// Password lane. Errors: expired (one answer for used, too old, void and unknown), unavailable.
base::Result<ResetDone> confirm_reset(const House& house, std::string_view token, const RequestFacts& facts);

struct ResetWish {
  base::Secret new_password;
  base::Secret repeated;
};
struct ResetSet {
  ChangeJudgement judgement;
  std::optional<ResetDone> done;  // only if the judgement is fine; else the link is as it was
};
/// The same with the person's own password instead of a temporary one. No session begins, so that the login asks for
/// everything that it asks for. Password lane.
/// Errors: expired (as above), denied (ResetForm::temporary, and not an invitation), unavailable.
base::Result<ResetSet> set_by_reset(const House& house, std::string_view token, const ResetWish& wish,
                                    const RequestFacts& facts);

}  // namespace flow
