#include "demo/inbox.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/id.hpp"

namespace demo {

void Inbox::add(Message message) {
  message.id = base::Id::make(message.at).to_string();
  const std::lock_guard lock(mutex_);
  messages_.insert(messages_.begin(), std::move(message));
  if (messages_.size() > most_) messages_.resize(most_);
}

std::vector<Message> Inbox::list() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::optional<Message> Inbox::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(messages_.begin(), messages_.end(), [&](const Message& message) { return message.id == id; });
  return found == messages_.end() ? std::nullopt : std::optional(*found);
}

std::string to_json(const std::vector<Message>& messages) {
  boost::json::array list;
  for (const auto& message : messages) {
    list.push_back(boost::json::object{{"id", message.id},
                                       {"channel", message.channel},
                                       {"to", message.to},
                                       {"subject", message.subject},
                                       {"text", message.text},
                                       {"at", base::to_rfc3339(message.at)}});
  }
  return boost::json::serialize(list);
}

}  // namespace demo
