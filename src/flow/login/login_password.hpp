// Login by password (S4.3, S4.6, S4.7, security rules 2, 7, 8).
//
//   compare_password ──> settle_proof ──┬─ refused: "failed"
//                                       └─ proven ─> finish_step (flow/login/finish_login.hpp)
//
// Every failure gives the same error after the same work (flow/proof/settle_proof.hpp); its reason is in the audit log
// only. The one exception that is told, after a right password only: the account must give a second factor and has none
// (S3.3). Runs on the password lane.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"

namespace flow {

/// What a browser sends for a login.
struct PasswordLogin {
  std::string_view typed_login;
  const base::Secret& password;        // as typed
  std::string_view replaced_cookie{};  // session cookie that the browser sent, or ""; that session ends (rotation)
  std::string_view client_id{};        // the application that asked for the login; "" = the own pages
};
/// Errors: login_failed (one for all reasons), denied with the reason no_factor, too_many (begin_proof), unavailable.
base::Result<LoginDone> login_password(const House& house, const PasswordLogin& wished, const RequestFacts& facts);

}  // namespace flow
