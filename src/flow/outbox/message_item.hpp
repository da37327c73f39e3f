// A message to a person in the outbox: composed and sealed. It holds sentences and no templates.
#pragma once

#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "text/text.hpp"

namespace flow {

struct MessageItem {
  std::string message;  // "reset_link"
  base::Id account;     // the account that the message is about; for the page of messages
  std::string to;       // mailbox with the domain in ASCII, or E.164
  text::Language language = text::Language::en;
  std::string subject;  // mail only, as all below but `text`
  std::string text;     // paragraphs, separated by empty lines
  std::string link;     // "" = none
  std::string action;   // what the link's button says
  std::string footer;
  std::optional<base::Time> until{};  // it is of no use later; nullopt = always of use
};

/// A code that arrives after its end would only confuse.
bool is_too_late(const MessageItem& item, base::Time now);

std::string to_payload(const MessageItem& item);
/// Without its text, links and codes, and with the address in part.
std::string to_kept_payload(const MessageItem& item);

/// "a…@clinic.example", "+48…201". Shortened again it stays the same.
std::string shorten_address(std::string_view address);

/// Errors: internal (not a payload of this server).
base::Result<MessageItem> parse_payload(std::string_view payload);

}  // namespace flow
