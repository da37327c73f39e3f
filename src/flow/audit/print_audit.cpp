#include "flow/audit/print_audit.hpp"

#include <boost/json.hpp>

#include "base/time.hpp"

namespace flow {
namespace {

std::string csv_field(std::string_view text) {
  std::string field = "\"";
  constexpr std::string_view computed = "=+-@\t\r";
  if (!text.empty() && computed.find(text.front()) != std::string_view::npos) field += '\'';
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + "\"";
}

std::string details_of(const audit::Event& event) {
  std::string all;
  for (const auto& [name, value] : audit_details(event)) {
    if (name != "ip") all += (all.empty() ? "" : "; ") + name + "=" + value;
  }
  return all;
}

std::string address_of(const audit::Event& event) {
  for (const auto& [name, value] : audit_details(event)) {
    if (name == "ip") return value;
  }
  return {};
}

}  // namespace

std::string audit_csv_header() {
  return "\xef\xbb\xbfseq,time,type,outcome,actor,subject,client,address,request,details\r\n";
}

std::string audit_csv_line(const AuditRow& row) {
  const audit::Event& event = row.event;
  std::string line = std::to_string(event.seq);
  for (const std::string& text :
       {base::to_rfc3339(event.at), event.type, event.outcome, row.actor_name, row.subject_name, event.client,
        address_of(event), event.request_id, details_of(event)}) {
    line += "," + csv_field(text);
  }
  return line + "\r\n";
}

std::string audit_json_line(const AuditRow& row) {
  const audit::Event& event = row.event;
  boost::json::object object;
  object["seq"] = event.seq;
  object["time"] = base::to_rfc3339(event.at);
  object["type"] = event.type;
  object["outcome"] = event.outcome;
  object["actor"] = row.actor_name;
  object["subject"] = row.subject_name;
  object["client"] = event.client;
  object["request"] = event.request_id;
  boost::json::object details;
  for (const auto& [name, value] : audit_details(event)) details[name] = value;
  object["details"] = std::move(details);
  return boost::json::serialize(object) + "\n";
}

}  // namespace flow
