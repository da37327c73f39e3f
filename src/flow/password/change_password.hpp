// An account changes its own password (S4.15, S2.7, S0.3, S0.4): the old one once, the new one twice, under the policy
// in force.
//
//   check_change ──old proven, new judged──> ticket ──"really?"──> confirm_change ─> password set, other sessions end
//        └─ wrong old: counts as a failed login        └─ too old, used, or the password or policy changed: expired
//
// The ticket is the typed record of the proof (security rule 1). Only check_change makes it; it is sealed and bound to
// the session and to the row of the old password. It holds the hash of the new password, and nothing is stored for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/find_visitor.hpp"
#include "identity/password/password_flaws.hpp"

namespace flow {

struct ChangeWish {
  base::Secret old_password;
  base::Secret new_password;
  base::Secret repeated;
};

/// All reasons against the change at once.
struct ChangeJudgement {
  bool repeat_differs = false;
  std::vector<identity::PasswordFlaw> flaws;
  std::optional<base::Time> not_before;  // policy.min_age
  [[nodiscard]] bool is_fine() const { return !repeat_differs && flaws.empty() && !not_before; }
};

/// Whether a change needs the old password: always, except a change that must be made while the login with that
/// password is fresh (S0.3).
bool needs_old_password(const House& house, const Visitor& visitor, base::Time now);

struct CheckedChange {
  ChangeJudgement judgement;
  base::Secret ticket;  // only if the judgement is fine
};
/// For an actor, or a visitor who must change the password. Password lane. Errors: login_failed (nobody is logged in,
/// or the old password is not proven: one answer for all reasons), unavailable.
base::Result<CheckedChange> check_change(const House& house, const Visitor& visitor, const ChangeWish& wish,
                                         const RequestFacts& facts);

struct ChangeDone {
  base::Secret session_cookie;  // the session continues under a new id and secret
  bool needs_context = false;   // after a forced change: several contexts are offered
  bool is_told = false;         // a message about the change is on its way to the person
};
/// Errors: expired (the ticket is too old or of another session, or the password or the policy was changed),
/// login_failed (nobody is logged in), unavailable.
base::Result<ChangeDone> confirm_change(const House& house, const Visitor& visitor, const base::Secret& ticket,
                                        const RequestFacts& facts);

/// Whom a program means by its login.
enum class ProgramLogin : std::uint8_t {
  any,          // the login of an account, or else the id of a client system in the very case in which it was added
  system_only,  // at the connector
};
/// For a client program without a session (S0.4): one step, the same policy and lockout; every session of the account
/// ends. Errors: login_failed (one for all reasons, as of a login), conflict (the policy was changed just now),
/// unavailable.
base::Result<ChangeJudgement> change_by_program(const House& house, std::string_view typed_login,
                                                const ChangeWish& wish, const RequestFacts& facts,
                                                ProgramLogin whom = ProgramLogin::any);

}  // namespace flow
