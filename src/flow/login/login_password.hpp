// Login by password (S4.3, S4.6, S4.7, security rules 2, 7, 8).
//
//   compare_password ──> settle_proof ──┬─ refused: "failed"
//                                       └─ proven ─> session: must_change, or the only context, or none yet
//
// Every failure gives the same error after the same work (flow/proof/settle_proof.hpp); its reason is in the audit log
// only. Runs on the password lane.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/password/password_state.hpp"

namespace flow {

struct LoginDone {
  base::Secret session_cookie;                                  // value of the session cookie
  bool needs_context = false;                                   // several contexts are offered: the choice comes first
  base::Secret device_cookie;                                   // value of the cookie of known devices
  identity::MustChange must_change = identity::MustChange::no;  // otherwise only the change is possible
};

/// What a browser sends for a login.
struct PasswordLogin {
  std::string_view typed_login;
  const base::Secret& password;        // as typed
  std::string_view replaced_cookie{};  // session cookie that the browser sent, or ""; that session ends (rotation)
  std::string_view client_id{};        // the application that asked for the login; "" = the own pages
};
/// Errors: login_failed (one for all reasons), too_many (begin_proof), unavailable.
base::Result<LoginDone> login_password(const House& house, const PasswordLogin& wished, const RequestFacts& facts);

}  // namespace flow
