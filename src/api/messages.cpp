#include "api/messages.hpp"

#include <algorithm>
#include <array>

#include "api/client_call.hpp"
#include "api/problem.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/system/send_message.hpp"

namespace api {
namespace {

struct Member {
  std::string_view name;
  std::string flow::MessageWish::*value;
};
constexpr std::array<Member, 8> members{{{"to", &flow::MessageWish::to},
                                         {"kind", &flow::MessageWish::kind},
                                         {"text", &flow::MessageWish::text},
                                         {"from", &flow::MessageWish::from},
                                         {"data", &flow::MessageWish::data},
                                         {"udh", &flow::MessageWish::udh},
                                         {"link", &flow::MessageWish::link},
                                         {"gateway", &flow::MessageWish::gateway}}};

/// Puts the texts into `wish` and notes all that is wrong with them.
void read_members(const crypto::ObjectOutline& object, flow::MessageWish& wish, MemberErrors& errors) {
  for (const auto& [name, value] : object.members) {
    const auto* const member =
        std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.name == name; });
    const std::string_view shown = std::string_view(name).substr(0, 100);
    if (member == members.end()) {
      errors.note(shown, "unknown_field", "is no member of a message");
    } else if (!value.is_text) {
      errors.note(shown, "not_text", "must be a text");
    } else {
      wish.*member->value = value.text;
    }
  }
  if (object.members.find("to") == object.members.end()) errors.note("to", "missing", "is missing");
  if (errors.any()) return;
  for (const flow::MessageFlaw& flaw : flow::find_message_flaws(wish)) errors.note(flaw.field, flaw.code, flaw.message);
}

http::Response refuse(const http::Request& request, const flow::CallerProof& proof, flow::MessageRefusal refusal) {
  switch (refusal) {
    case flow::MessageRefusal::unauthenticated: return refuse_caller(request, proof);
    case flow::MessageRefusal::lacks_scope: return refuse_scope(request, "messages:send");
    case flow::MessageRefusal::not_permitted: return print(not_permitted_to_send, request);
    case flow::MessageRefusal::too_many: return print(too_many_messages, request);
    case flow::MessageRefusal::key_reused: return print(key_reused, request);
    case flow::MessageRefusal::no_gateway: return print(no_gateway, request);
    case flow::MessageRefusal::refused: return print(message_refused, request);
    case flow::MessageRefusal::not_taken: break;
  }
  return print(message_not_taken, request);
}

}  // namespace

http::Response send_message(const flow::House& house, const http::Request& request) {
  auto call = read_client_call(request);
  if (!call) return std::move(call.error());
  flow::MessageWish wish;
  wish.repeat_key = std::move(call->idempotency_key);
  MemberErrors errors;
  read_members(call->object, wish, errors);
  if (errors.any()) return errors.refuse(request);
  const auto sent = flow::send_message(house, call->proof, wish, browser::facts_of(request));
  if (!sent) return print(sent.error(), request);
  if (const auto* refusal = std::get_if<flow::MessageRefusal>(&*sent)) return refuse(request, call->proof, *refusal);
  const auto& message = std::get<flow::MessageSent>(*sent);
  base::JsonObject body;
  body.text("id", message.id).text_if("gateway", message.gateway);
  if (message.parts > 0) body.number("parts", message.parts);
  return http::Response::json(body.finish(), 201);
}

}  // namespace api
