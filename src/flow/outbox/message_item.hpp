// What a message to a person is while it waits in the outbox: composed, sealed, without a trace of how it was made.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "text/text.hpp"

namespace flow {

struct MessageItem {
  std::string message;  // "reset_link"
  base::Id account;     // about whom; for the administration
  std::string to;       // mailbox with the domain in ASCII, or E.164
  text::Language language = text::Language::en;
  std::string subject;  // mail only, as all below but `text`
  std::string text;     // paragraphs, separated by empty lines
  std::string link;     // "" = none
  std::string action;   // what the link's button says
  std::string footer;
};

std::string to_payload(const MessageItem& item);
/// Errors: internal (not one of ours).
base::Result<MessageItem> parse_payload(std::string_view payload);

}  // namespace flow
