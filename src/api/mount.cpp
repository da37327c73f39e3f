#include "api/account_password.hpp"
#include "api/api.hpp"
#include "api/events.hpp"
#include "api/openapi.hpp"
#include "api/sms_reports.hpp"
#include "browser/csrf.hpp"

namespace api {

void mount(http::Router& router, const flow::House& house) {
  http::Route change;
  change.method = http::Method::post;
  change.pattern = "/api/v1/account/password";
  change.lane = http::Lane::password;
  change.body_limit = 8 * 1024;
  change.guard = browser::Csrf::none("the old password in the body is the proof; no session counts").describe();
  change.account_of = account_to_change;
  change.handler = [house](const http::Request& request) { return change_account_password(house, request); };
  router.add(std::move(change));

  http::Route report;
  report.method = http::Method::post;
  report.pattern = "/api/v1/events";
  report.body_limit = 8 * 1024;
  report.deferred = true;
  report.guard = browser::Csrf::none("the application proves itself in the request; cookies do not count").describe();
  report.account_of = client_to_report;
  report.handler = [house](const http::Request& request) { return report_event(house, request); };
  router.add(std::move(report));

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
