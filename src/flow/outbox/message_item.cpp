#include "flow/outbox/message_item.hpp"

#include <boost/json.hpp>

namespace flow {
namespace {

std::string get(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

bool is_too_late(const MessageItem& item, base::Time now) {
  return item.until && now >= *item.until;
}

std::string to_payload(const MessageItem& item) {
  boost::json::object object;
  object["message"] = item.message;
  object["account"] = item.account.to_string();
  object["to"] = item.to;
  object["language"] = text::code_of(item.language);
  object["text"] = item.text;
  if (!item.subject.empty()) object["subject"] = item.subject;
  if (!item.link.empty()) object["link"] = item.link;
  if (!item.action.empty()) object["action"] = item.action;
  if (!item.footer.empty()) object["footer"] = item.footer;
  if (item.until) object["until"] = base::to_ms(*item.until);
  return boost::json::serialize(object);
}

base::Result<MessageItem> parse_payload(std::string_view payload) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(payload, error);
  if (error || !value.is_object()) return base::fail(base::Code::internal, "a message of the outbox is not readable");
  const boost::json::object& object = value.get_object();
  MessageItem item;
  item.message = get(object, "message");
  item.account = base::Id::parse(get(object, "account")).value_or(base::Id());
  item.to = get(object, "to");
  (void)text::find_language(get(object, "language"), item.language);
  item.subject = get(object, "subject");
  item.text = get(object, "text");
  item.link = get(object, "link");
  item.action = get(object, "action");
  item.footer = get(object, "footer");
  const boost::json::value* until = object.if_contains("until");
  if (until != nullptr && until->is_int64()) item.until = base::from_ms(until->get_int64());
  return item;
}

std::string to_kept_payload(const MessageItem& item) {
  MessageItem kept;
  kept.message = item.message;
  kept.account = item.account;
  kept.to = shorten_address(item.to);
  kept.language = item.language;
  return to_payload(kept);
}

std::string shorten_address(std::string_view address) {
  if (address.find("…") != std::string_view::npos) return std::string(address);
  const std::size_t at = address.rfind('@');
  if (at != std::string_view::npos) {
    std::size_t first = at == 0 ? 0 : 1;
    while (first < at && (static_cast<unsigned char>(address[first]) & 0xc0) == 0x80) ++first;
    return std::string(address.substr(0, first)).append("…").append(address.substr(at));
  }
  if (address.size() <= 6) return std::string(address);
  return std::string(address.substr(0, 3)).append("…").append(address.substr(address.size() - 3));
}

}  // namespace flow
