// The part that is the same for every login by a key alone, which names the
// account: passkey and certificate.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"
#include "flow/proof/settle_proof.hpp"

namespace flow {

struct KeyLogin {
  std::string_view replaced_cookie{};  // as in PasswordLogin
  std::string_view client_id{};        // the application that asked for the login; ""
                                       // = the own pages
};
/// Settles the proof and finishes the login. Errors: login_failed (one for all
/// reasons), denied with the reason no_factor, unavailable.
base::Result<LoginDone> login_key(Proving& proving, ComparedProof& proof, const KeyLogin& wished);

}  // namespace flow
