// The mails of the mailbox and the text messages of the phone, newest first.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace demo {

struct Message {
  std::string id{};     // the inbox gives it
  std::string channel;  // "email" or "sms"
  std::string to;
  std::string from;
  std::string subject;  // "" for sms
  std::string text;
  std::string html;       // "" for sms, and for mails without
  std::string kind{};     // of an sms: "text", "flash", "binary" or "service"
  std::size_t parts = 0;  // of an sms with a text
  base::Time at;
};

class Inbox {
 public:
  void add(Message message);
  [[nodiscard]] std::vector<Message> list() const;

 private:
  static constexpr std::size_t most_ = 500;  // the oldest are dropped
  mutable std::mutex mutex_;
  std::vector<Message> messages_;
};

/// `[{"channel":…,"to":…,"from":…,"subject":…,"text":…,"html":…,"at":…}]`, newest first; of an sms also "kind", "parts"
/// and "flash".
std::string to_json(const std::vector<Message>& messages);

}  // namespace demo
