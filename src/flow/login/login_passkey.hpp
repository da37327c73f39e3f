// Login by passkey alone, without a name and a password (WebAuthn level 3 §7.2, discoverable credential): the
// credential names the account, and the device has verified the person.
//
//   begin_passkey_login ──> browser ──> compare_passkey_login ──> settle_proof ──┬─ refused: "failed"
//                                                                               └─ proven ─> finish_step
//
// Every failure gives the same error after the same work, and is the page that a wrong password gets.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"

namespace flow {

/// What a browser sends for a login.
struct PasskeyLogin {
  const base::Secret& answer;
  base::BytesView bound_to;            // the login in progress, as in begin_passkey_login
  std::string_view replaced_cookie{};  // as in PasswordLogin
  std::string_view client_id{};        // the application that asked for the login; "" = the own pages
};
/// Errors: login_failed (one for all reasons), denied with the reason no_factor, too_many (begin_proof), unavailable.
base::Result<LoginDone> login_passkey(const House& house, const PasskeyLogin& wished, const RequestFacts& facts);

}  // namespace flow
