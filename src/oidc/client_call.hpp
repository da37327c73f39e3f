// A call of a client: a form of single parameters, and how it authenticates. The endpoints of the table in
// rights/protocol.hpp begin so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "flow/client/authenticate_client.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "http/message.hpp"
#include "rights/protocol.hpp"

namespace oidc {

struct ClientCall {
  http::Form form;
  flow::ClientCredentials credentials;
};

/// The call, or the answer that refuses it: parameters in the address, no form, a parameter twice (only `resource` may
/// be: RFC 8707 §2), an authentication that the endpoint does not take.
std::variant<ClientCall, http::Response> read_call(const http::Request& request, rights::Endpoint endpoint);

/// The values of a parameter that may occur several times, as words.
std::string words_of(const http::Form& form, std::string_view name);
/// The first name but `resource` that occurs twice; "" = none.
std::string_view find_doubled(const http::Form& form);

/// A refusal that concerns no client that is known yet.
http::Response refuse(const http::Request& request, std::string_view why,
                      flow::OAuthError error = flow::OAuthError::invalid_request);

}  // namespace oidc
