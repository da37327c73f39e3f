// Login by password (S4.3, S4.6, S4.7, security rules 2, 7, 8).
//
//   typed login ──canonical──> account? ──┬─ none / not active / locked / no password: decoy or real hash, "failed"
//                                         └─ hash matches ─> expired? "failed"
//                                                         ─> session: must_change, or the only context, or none yet
//
// Every failure gives the same error after the same work: one Argon2id computation, one transaction with one audit
// event. The true reason is in the audit log only. Runs on the password lane.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "identity/password/password_state.hpp"

namespace flow {

struct LoginDone {
  base::Secret session_cookie;                                  // value of the session cookie
  bool needs_context = false;                                   // several contexts are offered: the choice comes first
  base::Secret device_cookie;                                   // value of the cookie of known devices
  identity::MustChange must_change = identity::MustChange::no;  // otherwise the change comes before all else
};

/// `replaced_cookie`: session cookie that the browser sent, or ""; that session ends (rotation).
/// Errors: login_failed (one for all reasons), unavailable.
base::Result<LoginDone> login_password(const House& house, const RequestFacts& facts, std::string_view typed_login,
                                       const base::Secret& typed_password, std::string_view replaced_cookie,
                                       std::string_view client_id);

}  // namespace flow
