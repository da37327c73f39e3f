// Delivers the outbox items of the kind "mail". The Message-ID is made of the item's id, so that a server that gets an
// item twice, because its first answer was lost, can see that it is the same. Short messages: sms_route.hpp.
#pragma once

#include <string>

#include "base/time.hpp"
#include "courier/mail_html.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "flow/outbox/message_item.hpp"
#include "remote/smtp_client.hpp"
#include "text/language.hpp"

namespace flow {

/// The header fields of our mails.
struct MailSender {
  std::string from;       // mailbox in ASCII
  std::string from_name;  // UTF-8, may be empty
  std::string reply_to;   // empty = none
  std::string domain;     // of Message-IDs; empty = that of `from`
  courier::MailLook look{};
};

/// A mail has the look of the item's tenant. The mail client must outlive the deliverer.
Deliver make_mail_deliverer(const House& house, const remote::SmtpClient& client, MailSender sender);

/// One try with one message, for the deliverer and for the operator's test. `reference`: identifies the message.
courier::Delivery send_message_by_mail(const remote::SmtpClient& client, const MailSender& sender,
                                       const MessageItem& item, std::string_view reference, base::Time date);

struct Site {
  std::string name;
  std::string address;  // the issuer
};
/// A message that only says that it is a test.
MessageItem make_test_message(std::string to, bool is_mail, const Site& site, text::Language language);

}  // namespace flow
