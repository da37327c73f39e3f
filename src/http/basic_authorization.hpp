// The value of a header Authorization with the scheme Basic (RFC 7617 §2) or Bearer. An OAuth client form-encodes both
// parts before (RFC 6749 §2.3.1); decoding that is the door's work.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/message.hpp"

namespace http {

struct BasicAuthorization {
  std::string user;
  base::Secret password;
};

/// Whether the header names the scheme Basic.
bool is_basic(std::string_view header);
/// Errors: invalid_input (another scheme, not readable).
base::Result<BasicAuthorization> parse_basic(std::string_view header);
/// The user name of the request's header; "" = there is none that can be read.
std::string find_basic_user(const Request& request);
/// The token of the scheme Bearer (RFC 6750 §2.1); "" = another scheme, or no token.
std::string parse_bearer(std::string_view header);
/// With both parts as an OAuth client writes them, decoded. Errors: invalid_input (another scheme, not readable).
base::Result<BasicAuthorization> parse_client_basic(std::string_view header);

}  // namespace http
