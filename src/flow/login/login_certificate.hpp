// Login by certificate (S4.4): the browser presented it at the listener for
// certificates (flow/proof/ certificate_handoff.hpp), and the login in progress
// goes on with it.
//
//   presentation_url ──> browser ──> return_url ──> compare_certificate ──>
//   settle_proof ──┬─ refused: "failed"
//                                                                                          └─ proven ─> finish_step
//
// Every failure, no certificate chosen included, gives the same error after the
// same work, and is the page that a wrong password gets.
#pragma once

#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"

namespace flow {

struct CertificateLogin {
  const base::Secret& presented;       // what return_url carried; "" = no certificate was chosen
  base::Id attempt;                    // the login in progress
  std::string_view replaced_cookie{};  // as in PasswordLogin
  std::string_view client_id{};        // the application that asked for the login; ""
                                       // = the own pages
};
/// Errors: login_failed (one for all reasons), denied with the reason
/// no_factor, too_many (begin_proof), unavailable.
base::Result<LoginDone> login_certificate(const House& house, const CertificateLogin& wished,
                                          const RequestFacts& facts);

}  // namespace flow
