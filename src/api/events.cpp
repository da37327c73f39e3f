#include "api/events.hpp"

#include <array>

#include "api/client_call.hpp"
#include "api/problem.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/audit/report_event.hpp"

namespace api {
namespace {

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

const Member* find_member(std::string_view name) {
  for (const Member& one : members) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

/// Puts the texts into `event` and notes all that is wrong with them.
void read_members(const crypto::ObjectOutline& object, base::Time now, audit::Reported& event, MemberErrors& errors) {
  for (const auto& [name, value] : object.members) {
    const Member* member = find_member(name);
    if (member == nullptr) {
      errors.note(std::string_view(name).substr(0, 100), "unknown_field", say("unknown_field"));
    } else if (!value.is_text) {
      errors.note(name, "not_text", say("not_text"));
      event.*member->value = "";
    } else {
      event.*member->value = value.text;
    }
  }
  for (const audit::ReportFlaw& flaw : audit::find_flaws(event, now)) {
    const auto sent = object.members.find(flaw.field);
    if (sent == object.members.end() || sent->second.is_text) errors.note(flaw.field, flaw.code, say(flaw.code));
  }
}

std::string print(const flow::EventWritten& written) {
  base::JsonObject body;
  body.text("request_id", written.request_id).text("received_at", base::to_rfc3339(written.received_at));
  return body.finish();
}

http::Response refuse(const http::Request& request, const flow::CallerProof& proof, flow::ReportRefusal refusal) {
  switch (refusal) {
    case flow::ReportRefusal::unauthenticated: return refuse_caller(request, proof);
    case flow::ReportRefusal::lacks_scope: return refuse_scope(request, "audit:write");
    case flow::ReportRefusal::not_permitted: return print(not_permitted, request);
    case flow::ReportRefusal::too_many: return print(too_many_events, request);
    case flow::ReportRefusal::key_reused: break;
  }
  return print(key_reused, request);
}

}  // namespace

http::Response report_event(const flow::House& house, const http::Request& request) {
  auto call = read_client_call(request);
  if (!call) return std::move(call.error());
  const flow::RequestFacts facts = browser::facts_of(request);
  flow::EventReport report;
  report.idempotency_key = std::move(call->idempotency_key);
  MemberErrors errors;
  read_members(call->object, facts.now, report.event, errors);
  if (errors.any()) return errors.refuse(request);
  const auto reported = flow::report_event(house, call->proof, report, facts);
  if (!reported) return print(reported.error(), request);
  if (const auto* refusal = std::get_if<flow::ReportRefusal>(&*reported)) return refuse(request, call->proof, *refusal);
  return http::Response::json(print(std::get<flow::EventWritten>(*reported)), 201);
}

}  // namespace api
