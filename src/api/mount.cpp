#include <algorithm>
#include <array>

#include "api/account_password.hpp"
#include "api/api.hpp"
#include "api/client_call.hpp"
#include "api/client_secret.hpp"
#include "api/events.hpp"
#include "api/messages.hpp"
#include "api/openapi.hpp"
#include "api/problem.hpp"
#include "api/sign.hpp"
#include "api/sms_reports.hpp"
#include "api/timestamps.hpp"
#include "api/verify.hpp"
#include "browser/csrf.hpp"
#include "flow/signature/request_limits.hpp"
#include "http/multipart.hpp"

namespace api {
namespace {

constexpr std::size_t body_with_values = 512 * 1024;  // 250 values of a key

/// A call of a program that signs. It may wait for a token or a time stamp.
http::Route signing_route(http::Method method, std::string pattern,
                          http::Response (*answer)(const flow::House&, const http::Request&),
                          const flow::House& house) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.lane = http::Lane::report;
  if (method != http::Method::get) {
    route.guard = browser::Csrf::none("the program proves itself in the request; cookies do not count").describe();
  }
  route.account_of = client_to_share;
  route.handler = [house, answer](const http::Request& request) { return answer(house, request); };
  return route;
}

void mount_signing(http::Router& router, const flow::House& house) {
  http::Route all = signing_route(http::Method::post, "/api/v1/sign", sign, house);
  const std::size_t form = flow::most_octets_to_sign(house);
  all.body_limit = flow::most_octets_of_json;
  all.stored_limit = form;
  router.add(std::move(all));
  http::Route first = signing_route(http::Method::post, "/api/v1/sign/prepare", prepare_signature, house);
  first.body_limit = flow::most_octets_of_json;
  first.stored_limit = form;
  router.add(std::move(first));
  http::Route second = signing_route(http::Method::post, "/api/v1/sign/{job}/complete", complete_signature, house);
  second.body_limit = body_with_values;
  router.add(std::move(second));
  router.add(signing_route(http::Method::get, "/api/v1/sign/{job}", show_job, house));
  router.add(signing_route(http::Method::get, "/api/v1/sign/{job}/items/{position}", show_result, house));
  router.add(signing_route(http::Method::del, "/api/v1/sign/{job}", forget_job, house));
  router.add(signing_route(http::Method::get, "/api/v1/credentials", list_credentials, house));
}

}  // namespace

int judge_header(const http::Request& request) {
  constexpr std::array<std::string_view, 3> paths{"/api/v1/sign", "/api/v1/sign/prepare", "/api/v1/timestamps"};
  const bool takes_documents =
      request.method == http::Method::post && std::find(paths.begin(), paths.end(), request.path) != paths.end();
  const bool names_nobody = request.find_header("Authorization") == nullptr && request.client_certificate.empty();
  return takes_documents && names_nobody ? 401 : 0;
}

std::optional<http::Response> refuse_body(const http::Request& request, int status) {
  if (!request.path.starts_with("/api/v1/")) return std::nullopt;
  if (status == 401) return print(unauthenticated, request);
  if (status == 507) return print(no_space, request);
  if (status != 413 || request.body_limit == 0) return std::nullopt;
  const bool takes_files = request.path.starts_with("/api/v1/sign") || request.path == "/api/v1/verify";
  const Problem& problem = takes_files && !http::is_multipart(request) ? json_too_large : body_too_large;
  return print(problem, request, {{"limit", std::to_string(request.body_limit)}});
}

void mount(http::Router& router, const flow::House& house) {
  http::Route change;
  change.method = http::Method::post;
  change.pattern = "/api/v1/account/password";
  change.lane = http::Lane::password;
  change.body_limit = 8 * 1024;
  change.guard = browser::Csrf::none("the old password in the body is the proof; no session counts").describe();
  change.account_of = account_to_change;
  change.roles = {http::Role::ordinary, http::Role::certificate, http::Role::connector};
  change.handler = [house](const http::Request& request) { return change_account_password(house, request); };
  router.add(std::move(change));

  http::Route report;
  report.method = http::Method::post;
  report.pattern = "/api/v1/events";
  report.body_limit = 8 * 1024;
  report.deferred = true;
  report.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  report.account_of = client_to_share;
  report.handler = [house](const http::Request& request) { return report_event(house, request); };
  router.add(std::move(report));

  http::Route message;
  message.method = http::Method::post;
  message.pattern = "/api/v1/messages";
  message.lane = http::Lane::report;  // it waits for a gateway
  message.body_limit = 16 * 1024;
  message.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  message.account_of = client_to_share;
  message.handler = [house](const http::Request& request) { return send_message(house, request); };
  router.add(std::move(message));

  http::Route stamp;
  stamp.method = http::Method::post;
  stamp.pattern = "/api/v1/timestamps";
  stamp.body_limit = 4 * 1024;
  // A document is hashed where other long work is done; it never becomes part of the answer.
  stamp.stored_limit = flow::most_octets_to_stamp(house);
  stamp.lane_of = [](const http::Request& request) {
    return http::is_multipart(request) ? http::Lane::report : http::Lane::work;
  };
  stamp.deferred = true;
  stamp.guard = browser::Csrf::none("the program proves itself in the request; cookies do not count").describe();
  stamp.account_of = client_to_share;
  stamp.handler = [house](const http::Request& request) { return make_timestamp(house, request); };
  router.add(std::move(stamp));

  http::Route verifying;
  verifying.method = http::Method::post;
  verifying.pattern = "/api/v1/verify";
  verifying.lane = http::Lane::report;  // it may wait for lists and answers about revocation
  verifying.body_limit = flow::most_octets_of_json;
  verifying.stored_limit = flow::most_octets_to_verify(house);
  verifying.guard = browser::Csrf::none("the program proves itself in the request; cookies do not count").describe();
  verifying.account_of = client_to_share;
  verifying.handler = [house](const http::Request& request) { return verify(house, request); };
  router.add(std::move(verifying));

  mount_signing(router, house);

  http::Route secret;
  secret.method = http::Method::post;
  secret.pattern = "/api/v1/clients/self/secret";
  secret.body_limit = 1024;
  secret.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  secret.account_of = client_to_share;
  secret.handler = [house](const http::Request& request) { return change_client_secret(house, request); };
  router.add(std::move(secret));

  http::Route delivery;
  delivery.method = http::Method::post;
  delivery.pattern = "/hooks/sms/{name}";
  delivery.body_limit = 8 * 1024;
  delivery.cross_site = true;
  delivery.guard = browser::Csrf::none("the secret of the address is the proof; cookies do not count").describe();
  delivery.handler = [house](const http::Request& request) { return take_sms_report(house, request); };
  router.add(delivery);
  delivery.method = http::Method::get;
  delivery.guard.clear();
  router.add(std::move(delivery));

  router.get(
      "/api/v1/openapi.json",
      [](const http::Request&) {
        http::Response response = http::Response::json(std::string(openapi_document()));
        response.kind = http::Kind::shared;
        return response;
      },
      http::Lane::instant);
}

}  // namespace api
