// The door of OpenID Connect and OAuth 2.0: authorization, token, userinfo and logout endpoints, discovery and keys.
// It parses and prints; room flow decides and acts. docs/standards.md says where each standard is implemented.
//
//   GET  /.well-known/openid-configuration, /.well-known/oauth-authorization-server, /oauth2/jwks
//   GET, POST  /oauth2/authorize, /oauth2/userinfo, /oauth2/logout          POST  /oauth2/token
#pragma once

#include <functional>

#include "flow/house/house.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "http/router.hpp"

namespace oidc {

struct Options {
  /// A page in the person's language, from a status and a refusal. Its `reason` goes to the log only.
  std::function<http::Response(const http::Request&, int status, const flow::PageRefusal& refusal)> error_page;
};

/// The router keeps references to what `house` refers to, so that must live longer.
void mount(http::Router& router, const flow::House& house, Options options);

}  // namespace oidc
