#include "flow/audit/print_audit.hpp"

#include <boost/json.hpp>

#include "base/time.hpp"
#include "flow/audit/csv_field.hpp"

namespace flow {
namespace {

constexpr std::string_view incomplete = "export_incomplete";  // in place of a type
constexpr std::string_view continues = "continue_before";

std::string details_of(const audit::Event& event) {
  std::string all;
  if (event.on_behalf_of) all = "on_behalf_of=" + event.on_behalf_of->to_string();
  for (const auto& [name, value] : audit_details(event)) {
    if (name != "ip") all += (all.empty() ? "" : ", ") + name + "=" + value;
  }
  return all;
}

std::string text_of(const std::optional<base::Id>& id) {
  return id ? id->to_string() : std::string();
}

std::string address_of(const audit::Event& event) {
  for (const auto& [name, value] : audit_details(event)) {
    if (name == "ip") return value;
  }
  return {};
}

}  // namespace

std::string audit_csv_header() {
  return "\xef\xbb\xbfseq,time,type,outcome,actor,actor_id,subject,subject_id,client,session,context,address,request,"
         "details,source\r\n";
}

std::string audit_csv_line(const AuditRow& row) {
  const audit::Event& event = row.event;
  std::string line = csv_field(std::to_string(event.seq));
  for (const std::string& text :
       {base::to_rfc3339(event.at), event.type, event.outcome, row.actor_name, text_of(event.actor), row.subject_name,
        text_of(event.subject), event.client, text_of(event.session), event.context, address_of(event),
        event.request_id, details_of(event), event.source}) {
    line += "," + csv_field(text);
  }
  return line + "\r\n";
}

std::string audit_csv_end(std::int64_t before) {
  std::string line = csv_field("");
  for (const std::string& text :
       {std::string(), std::string(incomplete), std::string(), std::string(), std::string(), std::string(),
        std::string(), std::string(), std::string(), std::string(), std::string(), std::string(),
        std::string(continues) + "=" + std::to_string(before), std::string()}) {
    line += "," + csv_field(text);
  }
  return line + "\r\n";
}

std::string audit_json_end(std::int64_t before) {
  boost::json::object object;
  object["type"] = incomplete;
  object[continues] = before;
  return boost::json::serialize(object) + "\n";
}

std::string audit_json_line(const AuditRow& row) {
  const audit::Event& event = row.event;
  boost::json::object object;
  object["seq"] = event.seq;
  object["time"] = base::to_rfc3339(event.at);
  object["type"] = event.type;
  object["outcome"] = event.outcome;
  object["actor"] = row.actor_name;
  object["actor_id"] = text_of(event.actor);
  object["on_behalf_of"] = row.behalf_name;
  object["on_behalf_of_id"] = text_of(event.on_behalf_of);
  object["subject"] = row.subject_name;
  object["subject_id"] = text_of(event.subject);
  object["client"] = event.client;
  object["source"] = event.source;
  object["session"] = text_of(event.session);
  object["context"] = event.context;
  object["request"] = event.request_id;
  boost::json::object details;
  for (const auto& [name, value] : audit_details(event)) details[name] = value;
  object["details"] = std::move(details);
  return boost::json::serialize(object) + "\n";
}

}  // namespace flow
