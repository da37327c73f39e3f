// The door of OpenID Connect and OAuth 2.0: authorization, token, userinfo and logout endpoints, discovery and keys.
// It parses and prints; what is decided and done is in room flow. Which standard is where: docs/standards.md.
//
//   GET  /.well-known/openid-configuration, /.well-known/oauth-authorization-server, /oauth2/jwks
//   GET, POST  /oauth2/authorize, /oauth2/userinfo, /oauth2/logout          POST  /oauth2/token
#pragma once

#include <functional>
#include <string_view>

#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace oidc {

struct Options {
  /// A page in the person's language, from a status and the key of a text (room text). `reason` goes to the log only.
  std::function<http::Response(const http::Request&, int status, std::string_view text_key, std::string_view reason)>
      error_page;
};

/// What `house` refers to must outlive the router.
void mount(http::Router& router, const flow::House& house, Options options);

}  // namespace oidc
