#include "api/sms_reports.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "flow/message/take_sms_report.hpp"

namespace api {

http::Response take_sms_report(const flow::House& house, const http::Request& request) {
  const auto query = request.query_form();
  if (!query || request.path_parameters.empty()) return http::Response::text("malformed\n", 400);
  if (request.method == http::Method::head) return http::Response::text("", 200);
  const std::string key = query->get("key");
  flow::SmsReport report;
  report.gateway = request.path_parameters.front();
  report.key = key;
  report.body = request.body;
  if (const std::string* const signature = request.find_header("X-Twilio-Signature")) report.signature = *signature;
  const std::string target = request.path + (request.query.empty() ? "" : "?" + request.query);
  report.method = request.method_name;
  report.target = target;
  for (const auto& [name, part] :
       {std::pair("X-Timestamp", &report.seven.timestamp), std::pair("X-Nonce", &report.seven.nonce),
        std::pair("X-Signature", &report.seven.signature)}) {
    if (const std::string* const value = request.find_header(name)) *part = *value;
  }
  std::copy_if(query->fields().begin(), query->fields().end(), std::back_inserter(report.fields),
               [](const auto& field) { return field.first != "key"; });
  if (const auto form = request.body_form()) {
    report.form_only = form->fields();
    report.fields.insert(report.fields.end(), form->fields().begin(), form->fields().end());
  }
  const auto taken = flow::take_sms_report(house, report, base::now());
  if (taken) return http::Response::text("OK");
  switch (taken.error().code) {
    case base::Code::not_found: return http::Response::text("not found\n", 404);
    case base::Code::invalid_input: return http::Response::text("malformed\n", 400);
    default: return http::Response::text("later\n", 503);
  }
}

}  // namespace api
