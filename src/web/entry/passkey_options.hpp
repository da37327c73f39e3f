// What the script of a page (assets/passkeys.js) hands to the browser, as JSON in the form of WebAuthn level 3 §5.1.9
// and §5.1.10: octets are base64url.
#pragma once

#include <string>

#include "flow/factor/enrol_passkey.hpp"
#include "flow/proof/passkey_challenge.hpp"

namespace web {

std::string passkey_options(const flow::PasskeyOffer& offer);
std::string passkey_options(const flow::PasskeyRequest& request);

}  // namespace web
