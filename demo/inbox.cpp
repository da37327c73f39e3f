#include "demo/inbox.hpp"

#include <boost/json.hpp>

namespace demo {

void Inbox::add(Message message) {
  const std::lock_guard lock(mutex_);
  messages_.insert(messages_.begin(), std::move(message));
  if (messages_.size() > most_) messages_.resize(most_);
}

std::vector<Message> Inbox::list() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::string to_json(const std::vector<Message>& messages) {
  boost::json::array list;
  for (const auto& message : messages) {
    boost::json::object one{{"channel", message.channel},        {"to", message.to},     {"from", message.from},
                            {"subject", message.subject},        {"text", message.text}, {"html", message.html},
                            {"at", base::to_rfc3339(message.at)}};
    if (message.channel == "sms") {
      one["kind"] = message.kind;
      one["parts"] = message.parts;
      one["flash"] = message.kind == "flash";
    }
    list.push_back(std::move(one));
  }
  return boost::json::serialize(list);
}

}  // namespace demo
