#include "flow/house/record.hpp"

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace flow {
namespace {

// Long enough to recognise a browser or a login, and short enough that the audit log cannot be used to store text.
constexpr std::size_t longest_free_text = 256;

std::string shorten(std::string_view text) {
  if (text.size() <= longest_free_text) return std::string(text);
  std::size_t end = longest_free_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

std::string print(std::initializer_list<audit::Detail> details, audit::Code motive = {}) {
  base::JsonObject object;
  for (const audit::Detail& detail : details) object.text_if(detail.name, detail.value.text());
  object.text_if("motive", motive.view());
  return object.finish();
}

}  // namespace

std::string to_json_object(std::initializer_list<Detail> details) {
  base::JsonObject object;
  for (const auto& [name, value] : details) object.text_if(name, value);
  return object.finish();
}

audit::Event make_event(audit::Code type, const Subject& subject, const RequestFacts& facts,
                        std::initializer_list<audit::Detail> data, std::string_view typed) {
  audit::Event event;
  event.at = facts.now;
  event.tenant_id = subject.tenant_id;
  event.type = type.view();
  if (!subject.account.is_none()) event.subject = subject.account;
  event.request_id = facts.request_id;
  if (data.size() > 0) event.data = print(data);
  base::JsonObject personal;
  personal.text_if("ip", facts.ip).text_if("user_agent", shorten(facts.user_agent));
  event.personal = personal.finish();
  if (event.personal == "{}") event.personal.clear();
  event.typed = shorten(base::is_utf8(typed) ? typed : std::string_view("(octets that are no text)"));
  return event;
}

audit::Event make_event(audit::Code type, const rights::Actor& actor, const Subject& subject, const RequestFacts& facts,
                        std::initializer_list<audit::Detail> data) {
  audit::Event event = make_event(type, subject, facts, data);
  if (!facts.motive.empty()) event.data = print(data, facts.motive);
  if (!actor.is_operator()) {
    event.actor = actor.holder().id;
    if (actor.is_acting()) event.on_behalf_of = actor.account().id;
    event.session = actor.session().id;
  }
  event.context = actor.context().key;
  return event;
}

audit::Event make_event(audit::Code type, const rights::Actor* actor, const Subject& subject, const RequestFacts& facts,
                        std::initializer_list<audit::Detail> data) {
  return actor == nullptr ? make_event(type, subject, facts, data) : make_event(type, *actor, subject, facts, data);
}

std::optional<base::Id> id_of(const rights::Actor& actor) {
  return actor.is_operator() ? std::nullopt : std::optional(actor.account().id);
}

void add_personal(audit::Event& event, const std::string& name, std::string_view value) {
  if (value.empty()) return;
  if (event.personal.empty()) event.personal = "{}";
  event.personal.pop_back();
  if (event.personal.size() > 1) event.personal.push_back(',');
  base::append_json_string(event.personal, name);
  event.personal.push_back(':');
  base::append_json_string(event.personal, shorten(value));
  event.personal.push_back('}');
}

}  // namespace flow
