// Signature policies of the configuration (signing.policies): what a signer may name in a signature (EPES).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "signature/form/signature_wish.hpp"

namespace app {

/// "NAME ID sha256:HEX [URL]": the name by which it is asked for, the object identifier or URI of the policy, the
/// digest of its document (sha256, sha384 or sha512), and where that document is. Errors: invalid_input.
base::Result<std::pair<std::string, signature::PolicyReference>> parse_signing_policy(std::string_view line);

}  // namespace app
