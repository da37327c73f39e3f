#include "demo/phone.hpp"

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace demo {

namespace {

/// E.164: plus sign or 00, then at most fifteen digits.
bool is_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  } else if (text.starts_with("00")) {
    text.remove_prefix(2);
  } else {
    return false;
  }
  return text.size() >= 7 && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

http::Response take_message(Inbox& inbox, const http::Request& request) {
  const auto form = request.body_form();
  if (!form || !form->find_doubled().empty()) return http::Response::json(R"({"error":"malformed"})", 400);
  if (!base::equal_in_constant_time(form->get("id"), gateway_id) ||
      !base::equal_in_constant_time(form->get("password"), gateway_password)) {
    return http::Response::json(R"({"error":"id or password wrong"})", 401);
  }
  const base::Time now = base::now();
  Message message;
  message.channel = "sms";
  message.to = form->get("to");
  message.from = form->get("from");
  message.text = form->get("text");
  message.at = now;
  if (!is_number(message.to) || message.text.empty())
    return http::Response::json(R"({"error":"to or text wrong"})", 400);
  inbox.add(std::move(message));
  return http::Response::json(base::JsonObject().text("id", base::Id::make(now).to_string()).finish());
}

}  // namespace

void add_phone(http::Router& router, Inbox& inbox) {
  http::Route route;
  route.method = http::Method::post;
  route.pattern = "/messages";
  route.cross_site = true;
  route.handler = [&inbox](const http::Request& request) { return take_message(inbox, request); };
  router.add(std::move(route));
}

}  // namespace demo
