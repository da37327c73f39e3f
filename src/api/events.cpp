#include "api/events.hpp"

#include <array>

#include "api/problem.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "crypto/strict_json.hpp"
#include "flow/audit/report_event.hpp"
#include "http/basic_authorization.hpp"

namespace api {
namespace {

constexpr std::size_t longest_key = 255;

struct Member {
  std::string_view name;
  std::optional<std::string> audit::Reported::*value;
};
constexpr std::array<Member, 8> members{{{"type", &audit::Reported::type},
                                         {"at", &audit::Reported::at},
                                         {"outcome", &audit::Reported::outcome},
                                         {"actor", &audit::Reported::actor},
                                         {"subject", &audit::Reported::subject},
                                         {"object", &audit::Reported::object},
                                         {"reason", &audit::Reported::reason},
                                         {"request_id", &audit::Reported::request_id}}};

std::string_view say(std::string_view code) {
  if (code == "missing") return "is missing";
  if (code == "not_text") return "must be a text";
  if (code == "too_long") return "is too long";
  if (code == "bad_character") return "has a character that is not allowed";
  if (code == "not_a_choice") return "must be success or failure";
  if (code == "in_the_future") return "lies in the future";
  if (code == "unknown_field") return "is no member of an event; the source is always the application that sends it";
  return "does not have the form that the documentation says";
}

/// [{"field":"type","code":"missing","message":"is missing"}]
class Errors {
 public:
  void note(std::string_view field, std::string_view code) {
    base::JsonObject one;
    one.text("field", field).text("code", code).text("message", say(code));
    list_.raw(one.finish());
    any_ = true;
  }
  [[nodiscard]] bool any() const { return any_; }
  std::string finish() { return list_.finish(); }

 private:
  base::JsonArray list_;
  bool any_ = false;
};

const Member* find_member(std::string_view name) {
  for (const Member& one : members) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

/// Puts the texts into `event` and notes all that is wrong with them.
void read_members(const crypto::ObjectOutline& object, base::Time now, audit::Reported& event, Errors& errors) {
  for (const auto& [name, value] : object.members) {
    const Member* member = find_member(name);
    if (member == nullptr) {
      errors.note(std::string_view(name).substr(0, 100), "unknown_field");
    } else if (!value.is_text) {
      errors.note(name, "not_text");
      event.*member->value = "";
    } else {
      event.*member->value = value.text;
    }
  }
  for (const audit::ReportFlaw& flaw : audit::find_flaws(event, now)) {
    const auto sent = object.members.find(flaw.field);
    if (sent == object.members.end() || sent->second.is_text) errors.note(flaw.field, flaw.code);
  }
}

/// nullopt: no client is named in a way that can be read.
std::optional<flow::ClientCredentials> read_credentials(const http::Request& request) {
  const std::string* header = request.find_header("Authorization");
  if (header == nullptr || request.count_header("Authorization") > 1) return std::nullopt;
  auto basic = http::parse_client_basic(*header);
  if (!basic) return std::nullopt;
  return flow::ClientCredentials{flow::ClientMethod::basic, std::move(basic->user), std::move(basic->password)};
}

std::string print(const flow::EventWritten& written) {
  base::JsonObject body;
  body.text("request_id", written.request_id).text("received_at", base::to_rfc3339(written.received_at));
  return body.finish();
}

const Problem& problem_of(flow::ReportRefusal refusal) {
  switch (refusal) {
    case flow::ReportRefusal::unauthenticated: return unauthenticated;
    case flow::ReportRefusal::not_permitted: return not_permitted;
    case flow::ReportRefusal::too_many: return too_many_events;
    case flow::ReportRefusal::key_reused: break;
  }
  return key_reused;
}

http::Response refuse_malformed(const http::Request& request, std::string_view why) {
  Problem problem = malformed;
  problem.detail = why;
  return print(problem, request, {}, why);
}

}  // namespace

std::string client_to_report(const http::Request& request) {
  const auto credentials = read_credentials(request);
  return credentials ? "client " + credentials->client_id : std::string();
}

http::Response report_event(const flow::House& house, const http::Request& request) {
  const auto credentials = read_credentials(request);
  if (!credentials) return print(unauthenticated, request);
  const std::string* type = request.find_header("Content-Type");
  if (type == nullptr || !type->starts_with("application/json")) {
    return refuse_malformed(request, "the body must be application/json");
  }
  const auto object = crypto::outline_object(request.body);
  if (!object) return refuse_malformed(request, "the body must be one JSON object in UTF-8, with each member once");
  const std::string* key = request.find_header("Idempotency-Key");
  if (request.count_header("Idempotency-Key") > 1 || (key != nullptr && key->size() > longest_key)) {
    return refuse_malformed(request, "there may be one Idempotency-Key of at most 255 octets");
  }
  const flow::RequestFacts facts = browser::facts_of(request);
  flow::EventReport report;
  if (key != nullptr) report.idempotency_key = *key;
  Errors errors;
  read_members(*object, facts.now, report.event, errors);
  if (errors.any()) return print(invalid_fields, request, {{"errors", errors.finish()}});
  const auto reported = flow::report_event(house, *credentials, report, facts);
  if (!reported) return print(reported.error(), request);
  if (const auto* refusal = std::get_if<flow::ReportRefusal>(&*reported)) return print(problem_of(*refusal), request);
  return http::Response::json(print(std::get<flow::EventWritten>(*reported)), 201);
}

}  // namespace api
