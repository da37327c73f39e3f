#include <memory>

#include "base/json.hpp"
#include "base/time.hpp"
#include "connector/connector.hpp"
#include "connector/directory.hpp"
#include "connector/place.hpp"
#include "connector/refusal.hpp"
#include "connector/self.hpp"
#include "flow/system/authenticate_system.hpp"
#include "http/basic_authorization.hpp"

namespace connector {
namespace {

using http::Role;

constexpr std::string_view start_page = "/administration/start.htm";
constexpr std::string_view no_host =
    "The request names a host that is none of this connector. Use a name or an address that is in its certificate.";

/// The settings are read at each request, so that the very next one sees a change.
template <class Answer>
http::Response answer_with(const flow::House& house, const http::Request& request, const Options& options,
                           const Answer& answer) {
  const auto demands = flow::find_connector_demands(house, base::now());
  if (!demands) return print_error(request, demands.error());
  const std::string origin = find_tls_origin(request, options);
  return answer(*demands, origin);
}

http::Response show_directory(const flow::House& house, const http::Request& request, const Options& options) {
  return answer_with(house, request, options, [&](const flow::ConnectorDemands& demands, const std::string& origin) {
    const bool is_plain = request.role == Role::connector_plain;
    if (is_plain && !demands.plain_directory) {
      return refuse_because(403, "plain",
                            "The service directory is not served over HTTP here. Use https and the port of TLS" +
                                (origin.empty() ? std::string(".") : ": " + origin + "/connector.sds"));
    }
    if (origin.empty()) return refuse_because(421, "host", no_host);
    http::Response response;
    response.content_type = "text/xml; charset=utf-8";
    response.body = print_directory({options.version, origin, demands.tls_only, demands.is_mandatory, base::now()});
    return response;
  });
}

http::Response show_info(const flow::House& house, const http::Request& request, const Options& options) {
  return answer_with(house, request, options, [&](const flow::ConnectorDemands& demands, const std::string& origin) {
    if (request.role == Role::connector_plain && demands.tls_only)
      return refuse_because(403, "plain", "This connector answers over TLS only.");
    if (origin.empty()) return refuse_because(421, "host", no_host);
    return http::Response::json(base::JsonObject()
                                    .text("product", product_name)
                                    .text("firmware_version", print_version(options.version))
                                    .text("product_type_version", product_type_version)
                                    .text("administration_url", origin + std::string(start_page))
                                    .finish());
  });
}

/// By password a hash is computed.
http::Lane find_lane(const http::Request& request) {
  return request.count_header("Authorization") > 0 ? http::Lane::password : http::Lane::work;
}

}  // namespace

void mount(http::Router& router, const flow::House& house, Options options) {
  const auto shared = std::make_shared<const Options>(std::move(options));
  const auto add = [&](const char* pattern, http::Handler handler, http::Roles roles) -> http::Route {
    http::Route route;
    route.pattern = pattern;
    route.handler = std::move(handler);
    route.roles = roles;
    route.plain = true;  // each answer is decided by the connector's own settings
    return route;
  };
  constexpr http::Roles both{Role::connector, Role::connector_plain};
  http::Route self = add(
      "/connector/self", [house](const http::Request& r) { return show_self(house, r); }, both);
  self.lane_of = find_lane;
  self.account_of = http::find_basic_user;
  router.add(std::move(self));
  router.add(add(
      "/connector.sds", [house, shared](const http::Request& r) { return show_directory(house, r, *shared); }, both));
  router.add(add(
      "/info", [house, shared](const http::Request& r) { return show_info(house, r, *shared); }, both));
  http::Route start = add("/", [](const http::Request&) { return http::Response::redirect(std::string(start_page)); },
                          {Role::connector});
  start.lane = http::Lane::instant;
  router.add(std::move(start));
}

http::Response error_response(const http::Request& request, int status) {
  switch (status) {
    case 404: return refuse_because(404, "not_found", "The connector has no such address.");
    case 405: return refuse_because(405, "method", "The address does not take this method.");
    case 421:
      return refuse_because(421, "plain", "This server answers over TLS only. Use the address that begins with https.");
    case 503: return refuse_because(503, "unavailable", "Try again in a moment.");
    default: return refuse_because(status, status >= 500 ? "failure" : "malformed", "Number " + request.request_id);
  }
}

}  // namespace connector
