#include "demo/phone.hpp"

#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace demo {

namespace {

// What a phone shows if the message names no sender.
constexpr const char* default_sender = "pitcom";

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

bool is_kind(std::string_view kind) {
  return kind == "text" || kind == "flash" || kind == "binary" || kind == "service";
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The rule of the manual (S3.7), judged here once more, as a gateway would.
bool is_sender(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with("00")) text.remove_prefix(2);
  if (text.find_first_not_of("0123456789") == std::string_view::npos) return text.size() >= 3 && text.size() <= 15;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  return text.size() >= 3 && text.size() <= 11 && is_letter(text.front()) && is_letter(text.back()) &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

/// Code points of UTF-8.
std::size_t find_length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0U) == 0x80 ? 0 : 1;
  return length;
}

/// How many parts a phone would put together: 3GPP TS 23.038. It is counted here and not by the server's rules, so that
/// the demonstration can be compared with them.
std::size_t count_parts(std::string_view text) {
  static const std::string_view beyond = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
  std::vector<std::size_t> septets;
  std::vector<std::size_t> units;
  bool is_gsm = true;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80) ++length;
    const std::string_view one = text.substr(at, length);
    at += length;
    const bool is_wide =
        one == "€" || (length == 1 && std::string_view("^{}\\[~]|").find(one) != std::string_view::npos);
    const bool is_plain = length == 1 ? one != "`" && (one[0] >= ' ' || one == "\n" || one == "\r")
                                      : beyond.find(one) != std::string_view::npos && find_length(one) == 1;
    is_gsm = is_gsm && (is_wide || is_plain);
    septets.push_back(is_wide ? 2 : 1);
    units.push_back(length == 4 ? 2 : 1);
  }
  const std::vector<std::size_t>& widths = is_gsm ? septets : units;
  const std::size_t alone = is_gsm ? 160 : 70;
  const std::size_t joined = is_gsm ? 153 : 67;
  std::size_t all = 0;
  for (const std::size_t width : widths) all += width;
  if (all <= alone) return all == 0 ? 0 : 1;
  std::size_t parts = 1;
  std::size_t used = 0;
  for (const std::size_t width : widths) {
    if (used + width > joined) {
      ++parts;
      used = 0;
    }
    used += width;
  }
  return parts;
}

http::Response take_message(Inbox& inbox, DeliveryReports& reports, const http::Request& request) {
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
  message.kind = form->has("type") ? form->get("type") : "text";
  message.parts = count_parts(message.text);
  if (message.kind == "binary") {
    message.text = form->get("udh") + (form->get("udh").empty() ? "" : " ") + form->get("data");
    message.parts = 1;
  }
  if (message.kind == "service") {
    message.text = form->get("url") + (message.text.empty() ? "" : "\n" + message.text);
    message.parts = 1;
  }
  if (!is_kind(message.kind)) return http::Response::json(R"({"error":"type wrong"})", 400);
  if (!message.from.empty() && !is_sender(message.from)) return http::Response::json(R"({"error":"from wrong"})", 400);
  if (message.from.empty()) message.from = default_sender;
  if (!is_number(message.to) || message.text.empty())
    return http::Response::json(R"({"error":"to or text wrong"})", 400);
  inbox.add(std::move(message));
  std::string id = base::Id::make(now).to_string();
  http::Response answer = http::Response::json(base::JsonObject().text("id", id).finish());
  reports.add(std::move(id));
  return answer;
}

}  // namespace

DeliveryReports::DeliveryReports(remote::HttpClient client, std::string address)
    : client_(std::move(client)), address_(std::move(address)), worker_([this] { run(); }) {}

DeliveryReports::~DeliveryReports() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  client_.stop();
  changed_.notify_all();
  worker_.join();
}

void DeliveryReports::add(std::string id) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(id));
  changed_.notify_all();
}

void DeliveryReports::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
    if (is_over_) return;
    const std::string id = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    // A report that is lost changes nothing but what the outbox shows.
    remote::HttpRequest report;
    report.method = remote::HttpRequest::Method::post;
    report.url = address_;
    report.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    report.body = "id=" + base::percent_encode(id) + "&status=delivered";
    (void)client_.send(report);
  }
}

void add_phone(http::Router& router, Inbox& inbox, DeliveryReports& reports) {
  http::Route route;
  route.method = http::Method::post;
  route.pattern = "/messages";
  route.cross_site = true;
  route.handler = [&inbox, &reports](const http::Request& request) { return take_message(inbox, reports, request); };
  router.add(std::move(route));
}

}  // namespace demo
