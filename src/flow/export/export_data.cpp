#include "flow/export/export_data.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/message/outbox.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

namespace json = boost::json;

std::string who(const std::optional<base::Id>& account, const base::Id& self) {
  if (!account) return "nobody";
  return *account == self ? "self" : "another";
}

/// Members of the JSON object `text`. An event is of this server, so that a text that is no object has nothing.
void add_details(std::string_view text, std::vector<std::pair<std::string, std::string>>& details) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return;
  for (const auto& [name, member] : value.get_object()) {
    details.emplace_back(name, member.is_string() ? std::string(member.get_string()) : json::serialize(member));
  }
}

PersonalEvent to_personal(const audit::Event& event, const base::Id& self) {
  PersonalEvent one;
  one.number = event.seq;
  one.at = event.at;
  one.type = event.type;
  one.outcome = event.outcome;
  one.by = who(event.actor, self);
  one.about = who(event.subject, self);
  one.client = event.client;
  one.context = event.context;
  one.request_id = event.request_id;
  // What an event says of another account is that account's.
  if (one.about == "another") return one;
  add_details(event.data, one.details);
  // Where another account acted from, is its own.
  if (one.by == "another") return one;
  add_details(event.personal, one.details);
  if (!event.typed.empty()) one.details.emplace_back("typed", event.typed);
  return one;
}

base::Result<void> read_events(store::Tx& tx, PersonalData& data) {
  store::AuditFilter filter;
  filter.account = data.account.id;
  filter.most = 500;
  while (data.events.size() < most_exported_events) {
    ASSIGN_OR_RETURN(const store::EventPage page, store::find_events(tx, filter));
    for (const audit::Event& event : page.events) data.events.push_back(to_personal(event, data.account.id));
    if (page.next_before == 0) return {};
    filter.before_seq = page.next_before;
  }
  data.has_all_events = false;
  return {};
}

base::Result<void> read_messages(store::Tx& tx, PersonalData& data) {
  store::OutboxLook look;
  look.tenant_id = data.account.tenant_id;
  look.most = 500;
  for (std::size_t seen = 0; seen < most_exported_messages; seen += look.most) {
    ASSIGN_OR_RETURN(const auto items, store::look_at_outbox(tx, look));
    for (const store::OutboxItem& item : items) {
      look.place = store::OutboxPlace{item.created_at, item.id};
      if (item.payload.empty() || (item.kind != "mail" && item.kind != "sms")) continue;
      ASSIGN_OR_RETURN(const MessageItem message, parse_payload(item.payload));
      if (message.account != data.account.id) continue;
      data.messages.push_back({item.created_at, item.kind, message.message, message.to, item.state});
    }
    if (items.size() < look.most) return {};
  }
  data.has_all_messages = false;
  return {};
}

base::Result<void> name_application(store::Tx& tx, PersonalData& data, const std::string& client_id,
                                    std::string_view language) {
  if (client_id.empty() || data.applications.contains(client_id)) return {};
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::string_view(client_id)));
  if (client) data.applications.emplace(client_id, rights::name_in(*client, language));
  return {};
}

base::Result<void> name_applications(store::Tx& tx, PersonalData& data, std::string_view language) {
  for (const StoredTable& table : data.tables) {
    for (const StoredRow& row : table.rows) {
      for (const StoredValue& value : row) {
        if (value.column == "client") RETURN_IF_ERROR(name_application(tx, data, value.text, language));
      }
    }
  }
  for (const PersonalEvent& event : data.events) {
    RETURN_IF_ERROR(name_application(tx, data, event.client, language));
  }
  return {};
}

json::value to_value(const StoredValue& value) {
  if (value.is_null) return nullptr;
  switch (value.kind) {
    case StoredKind::number: return value.number;
    case StoredKind::flag: return value.number != 0;
    case StoredKind::time: return json::value(base::to_rfc3339(base::from_ms(value.number)));
    case StoredKind::id: {
      const auto id = base::Id::from_bytes(value.text);
      return id ? json::value(id->to_string()) : json::value(nullptr);
    }
    case StoredKind::octets: return json::value(base::to_base64(value.text));
    case StoredKind::text: break;
  }
  return json::value(value.text);
}

/// Appends row by row, because one value with all rows would take several times the memory of the text.
template <class Items, class Print>
void append_list(std::string& out, const Items& items, Print print) {
  out += "[";
  bool is_first = true;
  for (const auto& item : items) {
    out += is_first ? "\n" : ",\n";
    is_first = false;
    out += json::serialize(print(item));
  }
  out += "]";
}

json::object to_object(const StoredRow& row) {
  json::object object;
  for (const StoredValue& value : row) object[value.column] = to_value(value);
  return object;
}
json::object to_object(const PersonalMessage& message) {
  return {{"at", base::to_rfc3339(message.at)},
          {"channel", message.channel},
          {"message", message.message},
          {"to", message.to},
          {"state", message.state}};
}
json::object to_object(const PersonalEvent& event) {
  json::object details;
  for (const auto& [name, value] : event.details) details[name] = value;
  return {{"number", event.number},
          {"at", base::to_rfc3339(event.at)},
          {"type", event.type},
          {"outcome", event.outcome},
          {"by", event.by},
          {"about", event.about},
          {"client", event.client},
          {"context", event.context},
          {"request", event.request_id},
          {"details", std::move(details)}};
}

}  // namespace

base::Result<PersonalData> export_own_data(const House& house, const rights::Actor& actor, std::string_view format,
                                           const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no account");
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_data, facts.now));
  RETURN_IF_ERROR(write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    return store::append_event(tx, make_event(audit::type::data_export, actor, actor.account(), facts,
                                              {{"format", audit::Value::checked_code(format)}}));
  }));
  return house.store.read_report([&](store::Tx& tx) -> base::Result<PersonalData> {
    PersonalData data;
    data.at = facts.now;
    data.issuer = house.settings.site.issuer;
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, actor.account().id));
    if (!account || !identity::may_log_in(*account))
      return base::fail(base::Code::denied, "the account is not active any more");
    data.account = *account;
    ASSIGN_OR_RETURN(data.tables, store::read_stored(tx, account->id));
    RETURN_IF_ERROR(read_messages(tx, data));
    RETURN_IF_ERROR(read_events(tx, data));
    RETURN_IF_ERROR(name_applications(tx, data, text::code_of(facts.language)));
    return data;
  });
}

std::string to_json(const PersonalData& data) {
  std::string out = "{\"format\":\"chancery-personal-data\",\"version\":1,\"at\":\"" + base::to_rfc3339(data.at) +
                    "\",\"issuer\":" + json::serialize(json::value(data.issuer)) + ",\"account\":\"" +
                    data.account.id.to_string() + "\",\n\"tables\":{";
  for (const StoredTable& table : data.tables) {
    if (&table != &data.tables.front()) out += ",\n";
    out += json::serialize(json::value(table.name)) + ":{\"rows\":";
    append_list(out, table.rows, [](const StoredRow& row) { return to_object(row); });
    out += ",\"withheld\":";
    json::array withheld;
    for (const std::string_view column : table.withheld) withheld.emplace_back(column);
    out += json::serialize(withheld) + "}";
  }
  json::object applications;
  for (const auto& [client_id, name] : data.applications) applications[client_id] = name;
  out += "},\n\"applications\":" + json::serialize(applications) + ",\n\"messages\":";
  append_list(out, data.messages, [](const PersonalMessage& message) { return to_object(message); });
  out += std::string(",\"messages_complete\":") + (data.has_all_messages ? "true" : "false") + ",\n\"events\":";
  append_list(out, data.events, [](const PersonalEvent& event) { return to_object(event); });
  out += std::string(",\"events_complete\":") + (data.has_all_events ? "true" : "false") + "}\n";
  return out;
}

}  // namespace flow
