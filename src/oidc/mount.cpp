#include <memory>

#include "oidc/authorize.hpp"
#include "oidc/cors.hpp"
#include "oidc/discovery.hpp"
#include "oidc/door.hpp"
#include "oidc/logout.hpp"
#include "oidc/oidc.hpp"
#include "oidc/token.hpp"
#include "oidc/userinfo.hpp"

namespace oidc {
namespace {

constexpr std::size_t form_limit = std::size_t{16} * 1024;  // octets; the largest good request has about six thousand

http::Route make_route(http::Method method, std::string path, http::Handler handler,
                       http::Lane lane = http::Lane::work) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(path);
  route.lane = lane;
  route.handler = std::move(handler);
  route.body_limit = form_limit;
  route.cross_site = true;  // relying parties post here from their own origins; no answer depends on a cookie alone
  return route;
}

/// For what every login calls: many such requests share one commit.
http::Route make_deferred_route(http::Method method, std::string path, http::Handler handler) {
  http::Route route = make_route(method, std::move(path), std::move(handler));
  route.deferred = true;
  return route;
}

}  // namespace

void mount(http::Router& router, const flow::House& house, Options options) {
  const auto door = std::make_shared<const Door>(Door{house, std::move(options)});
  const auto bind = [&](http::Response (*answer)(const Door&, const http::Request&)) -> http::Handler {
    return [door, answer](const http::Request& request) { return answer(*door, request); };
  };
  using enum http::Method;
  for (const char* path : {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"}) {
    router.get(path, make_discovery_handler(*door), http::Lane::instant);
  }
  router.get("/oauth2/jwks", make_jwks_handler(*door), http::Lane::instant);
  router.add(make_deferred_route(get, "/oauth2/authorize", bind(answer_authorize)));
  router.add(make_deferred_route(post, "/oauth2/authorize", bind(answer_authorize)));
  router.add(make_deferred_route(post, "/oauth2/token", bind(answer_token)));
  router.add(make_route(get, "/oauth2/userinfo", bind(answer_userinfo)));
  router.add(make_route(post, "/oauth2/userinfo", bind(answer_userinfo)));
  router.add(make_route(get, "/oauth2/logout", bind(answer_logout)));
  router.add(make_route(post, "/oauth2/logout", bind(answer_logout)));
  for (const char* path : {"/oauth2/token", "/oauth2/userinfo"}) {
    router.add(make_route(http::Method::options, path, answer_preflight, http::Lane::instant));
  }
}

}  // namespace oidc
