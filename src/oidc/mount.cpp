#include <memory>

#include "browser/csrf.hpp"
#include "oidc/authorize.hpp"
#include "oidc/cors.hpp"
#include "oidc/device_authorization.hpp"
#include "oidc/discovery.hpp"
#include "oidc/door.hpp"
#include "oidc/logout.hpp"
#include "oidc/oidc.hpp"
#include "oidc/par.hpp"
#include "oidc/register.hpp"
#include "oidc/token.hpp"
#include "oidc/token_state.hpp"
#include "oidc/userinfo.hpp"

namespace oidc {
namespace {

using browser::Csrf;

constexpr std::size_t form_limit = std::size_t{16} * 1024;  // octets; the largest useful request has about six thousand

constexpr std::size_t metadata_limit = std::size_t{32} * 1024;  // octets; of a client, with its keys
constexpr const char* by_token = "the token in the header is the proof; cookies do not count";

http::Route make_route(http::Method method, std::string path, http::Handler handler,
                       http::Lane lane = http::Lane::work) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(path);
  route.lane = lane;
  route.handler = std::move(handler);
  route.body_limit = form_limit;
  return route;
}

/// Relying parties post to it from their own origins: no token of ours can be in the form.
http::Route make_post(std::string path, http::Handler handler, Csrf guard) {
  http::Route route = make_route(http::Method::post, std::move(path), std::move(handler));
  route.cross_site = true;
  route.guard = guard.describe();
  return route;
}

/// For the requests of every login: many of them share one commit (docs/decisions/0010).
http::Route defer(http::Route route) {
  route.deferred = true;
  return route;
}

}  // namespace

void mount(http::Router& router, const flow::House& house, Options options) {
  const auto door = std::make_shared<const Door>(Door{.house = house, .options = std::move(options)});
  const auto bind = [&](http::Response (*answer)(const Door&, const http::Request&)) -> http::Handler {
    return [door, answer](const http::Request& request) { return answer(*door, request); };
  };
  using enum http::Method;
  for (const char* path : {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"}) {
    router.get(path, make_discovery_handler(*door), http::Lane::instant);
  }
  router.get("/oauth2/jwks", make_jwks_handler(*door), http::Lane::instant);
  router.add(defer(make_route(get, "/oauth2/authorize", bind(answer_authorize))));
  router.add(defer(make_post("/oauth2/authorize", bind(answer_authorize),
                             Csrf::none("does what a link to the same address does; the code goes to the client's "
                                        "registered address only"))));
  router.add(defer(make_post("/oauth2/token", bind(answer_token),
                             Csrf::none("the client proves itself in the request; cookies do not count"))));
  router.add(defer(make_post("/oauth2/par", bind(answer_par),
                             Csrf::none("the client proves itself in the request; cookies do not count"))));
  router.add(defer(make_post("/oauth2/device_authorization", bind(answer_device_authorization),
                             Csrf::none("the client proves itself in the request; cookies do not count"))));
  router.add(make_post("/oauth2/introspect", bind(answer_introspect),
                       Csrf::none("the client proves itself in the request; cookies do not count")));
  router.add(defer(make_post("/oauth2/revoke", bind(answer_revoke),
                             Csrf::none("the client proves itself in the request; cookies do not count"))));
  http::Route registering = make_post("/oauth2/register", bind(answer_register), Csrf::none(by_token));
  registering.lane = http::Lane::report;  // it may fetch a document
  registering.body_limit = metadata_limit;
  router.add(std::move(registering));
  for (const http::Method method : {get, put, del}) {
    http::Route route =
        make_route(method, "/oauth2/register/{client_id}", bind(answer_registration), http::Lane::report);
    route.cross_site = true;
    route.body_limit = metadata_limit;
    if (method != get) route.guard = Csrf::none(by_token).describe();
    router.add(std::move(route));
  }
  router.add(make_route(get, "/oauth2/userinfo", bind(answer_userinfo)));
  router.add(make_post("/oauth2/userinfo", bind(answer_userinfo),
                       Csrf::none("the access token is the proof; cookies do not count")));
  router.add(make_route(get, "/oauth2/logout", bind(answer_logout)));
  router.add(make_post("/oauth2/logout", bind(answer_logout),
                       Csrf::none("ends a session only with an ID token that was issued in it; otherwise a page asks, "
                                  "whose form has a token")));
  for (const char* path :
       {"/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke", "/oauth2/par", "/oauth2/device_authorization"}) {
    router.add(make_route(http::Method::options, path, bind(answer_preflight)));
  }
}

}  // namespace oidc
