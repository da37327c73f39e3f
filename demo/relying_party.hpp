// An application that relies on the server: OpenID Connect code flow with PKCE, state, nonce and the issuer in the
// answer (OIDC Core §3.1, RFC 7636, RFC 9207), local sessions, logout started here (OIDC RP-Initiated Logout) and
// logout that the server orders (OIDC Back-Channel Logout).
//
// An application that opens by itself asks the server first whether the person is logged in (prompt=none):
//
//   GET / ── nobody is logged in here ──> server ──> callback ── code ──> GET / (inside)
//                                                            └─ error ──> GET / with the cookie "stay" (login page)
//
// The cookie "stay" is removed with the next page; it prevents a loop of redirects. The cookie "left" has the id of the
// server's session that the person logged out of here. Only a click logs in with that session again.
//
//   GET /  GET /login  GET /callback  POST /logout  POST /backchannel-logout
#pragma once

#include <string>

#include "demo/issuer.hpp"
#include "demo/local_sessions.hpp"
#include "http/router.hpp"

namespace demo {

struct Application {
  std::string name;  // "portal", "laboratory"
  std::string client_id;
  std::string client_secret;
  std::string origin;  // its own
  std::string portal;  // origins of both, for the navigation
  std::string laboratory;
  std::string account;  // where people see their account at the server
  bool opens_by_itself = false;
};

class RelyingParty {
 public:
  RelyingParty(Application application, Issuer& issuer) : application_(std::move(application)), issuer_(issuer) {}

  void add_routes(http::Router& router);

 private:
  http::Response show(const http::Request& request);
  http::Response begin_login(const http::Request& request);
  base::Result<http::Response> ask_server(const http::Request& request, bool silent);
  http::Response finish_login(const http::Request& request);
  http::Response log_out(const http::Request& request);
  [[nodiscard]] http::Response stay_outside() const;
  http::Response take_logout_order(const http::Request& request);

  [[nodiscard]] http::Response fail_login(const http::Request& request, std::string_view sentence,
                                          const std::string& reason) const;
  base::Result<LocalSession> redeem(const http::Form& answer, const BegunLogin& login, base::Time now);
  [[nodiscard]] std::string cookie_name(std::string_view what) const;

  const Application application_;
  Issuer& issuer_;
  LocalSessions sessions_;
};

}  // namespace demo
