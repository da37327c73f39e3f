#include <optional>
#include <utility>

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
#include "flow/system/find_program.hpp"
#include "http/multipart.hpp"

namespace api {
namespace {

constexpr std::size_t body_with_values = 512 * 1024;  // 250 values of a key

/// Every route of this door answers a body that is refused in the way that programs read.
void add_call(http::Router& router, http::Route route) {
  const bool takes_forms = route.stored_limit > 0;
  route.refuse_body = [takes_forms](const http::Request& request, int status) -> std::optional<http::Response> {
    if (status == 507) return print(no_space, request);
    if (status != 413 || request.body_limit == 0) return std::nullopt;
    const Problem& problem = takes_forms && !http::is_multipart(request) ? json_too_large : body_too_large;
    return print(problem, request, {{"limit", std::to_string(request.body_limit)}});
  };
  router.add(std::move(route));
}

/// Documents come by forms that go to the disk, and only from a program that may make the call.
void take_documents(http::Route& route, const flow::House& house, std::size_t most, const flow::ProgramCall& call) {
  route.stored_limit = most;
  route.admit = [house, call](const http::Request& request) { return admit_program(house, request, call); };
}

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
  all.body_limit = flow::most_octets_of_json;
  take_documents(all, house, flow::most_octets_to_sign(house), flow::call_to_sign);
  add_call(router, std::move(all));
  http::Route first = signing_route(http::Method::post, "/api/v1/sign/prepare", prepare_signature, house);
  first.body_limit = flow::most_octets_of_json;
  take_documents(first, house, flow::most_octets_to_sign(house), flow::call_to_sign);
  add_call(router, std::move(first));
  http::Route second = signing_route(http::Method::post, "/api/v1/sign/{job}/complete", complete_signature, house);
  second.body_limit = body_with_values;
  add_call(router, std::move(second));
  add_call(router, signing_route(http::Method::get, "/api/v1/sign/{job}", show_job, house));
  add_call(router, signing_route(http::Method::get, "/api/v1/sign/{job}/items/{position}", show_result, house));
  add_call(router, signing_route(http::Method::del, "/api/v1/sign/{job}", forget_job, house));
  add_call(router, signing_route(http::Method::get, "/api/v1/credentials", list_credentials, house));
}

}  // namespace

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
  add_call(router, std::move(change));

  http::Route report;
  report.method = http::Method::post;
  report.pattern = "/api/v1/events";
  report.body_limit = 8 * 1024;
  report.deferred = true;
  report.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  report.account_of = client_to_share;
  report.handler = [house](const http::Request& request) { return report_event(house, request); };
  add_call(router, std::move(report));

  http::Route message;
  message.method = http::Method::post;
  message.pattern = "/api/v1/messages";
  message.lane = http::Lane::report;  // it waits for a gateway
  message.body_limit = 16 * 1024;
  message.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  message.account_of = client_to_share;
  message.handler = [house](const http::Request& request) { return send_message(house, request); };
  add_call(router, std::move(message));

  http::Route stamp;
  stamp.method = http::Method::post;
  stamp.pattern = "/api/v1/timestamps";
  stamp.body_limit = 4 * 1024;
  // A document is hashed where other long work is done; it never becomes part of the answer.
  take_documents(stamp, house, flow::most_octets_to_stamp(house), flow::call_to_stamp);
  stamp.lane_of = [](const http::Request& request) {
    return http::is_multipart(request) ? http::Lane::report : http::Lane::work;
  };
  stamp.deferred = true;
  stamp.guard = browser::Csrf::none("the program proves itself in the request; cookies do not count").describe();
  stamp.account_of = client_to_share;
  stamp.handler = [house](const http::Request& request) { return make_timestamp(house, request); };
  add_call(router, std::move(stamp));

  http::Route verifying;
  verifying.method = http::Method::post;
  verifying.pattern = "/api/v1/verify";
  verifying.lane = http::Lane::report;  // it may wait for lists and answers about revocation
  verifying.body_limit = flow::most_octets_of_json;
  take_documents(verifying, house, flow::most_octets_to_verify(house), flow::call_to_verify);
  verifying.guard = browser::Csrf::none("the program proves itself in the request; cookies do not count").describe();
  verifying.account_of = client_to_share;
  verifying.handler = [house](const http::Request& request) { return verify(house, request); };
  add_call(router, std::move(verifying));

  mount_signing(router, house);

  http::Route secret;
  secret.method = http::Method::post;
  secret.pattern = "/api/v1/clients/self/secret";
  secret.body_limit = 1024;
  secret.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  secret.account_of = client_to_share;
  secret.handler = [house](const http::Request& request) { return change_client_secret(house, request); };
  add_call(router, std::move(secret));

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
