// The door of OpenID Connect and OAuth 2.0: authorization, token, userinfo and logout endpoints, discovery and keys.
// It parses and prints; room flow decides and acts. docs/standards.md says where each standard is implemented.
//
//   GET  /.well-known/openid-configuration, /.well-known/oauth-authorization-server, /oauth2/jwks
//   GET, POST  /oauth2/authorize, /oauth2/userinfo, /oauth2/logout          POST  /oauth2/token
//   POST  /oauth2/par, /oauth2/device_authorization, /oauth2/introspect, /oauth2/revoke
//   POST  /oauth2/register      GET, PUT, DELETE  /oauth2/register/{client_id}
#pragma once

#include <functional>

#include "browser/form_post.hpp"
#include "flow/house/house.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/registration/fetch_documents.hpp"
#include "http/router.hpp"

namespace oidc {

struct Options {
  /// A page in the person's language, from a status and a refusal. Its `reason` goes to the log only.
  std::function<http::Response(const http::Request&, int status, const flow::PageRefusal& refusal)> error_page;
  /// The page whose form takes an answer to an application (response_mode=form_post).
  std::function<http::Response(const http::Request&, const browser::FormPost& answer)> form_post_page;
  /// Fetches a document that a client's metadata names.
  flow::FetchDocument fetch;
};

/// The router keeps references to what `house` refers to, so that must live longer.
void mount(http::Router& router, const flow::House& house, Options options);

}  // namespace oidc
