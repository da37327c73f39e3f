#include "flow/message/deliver_message.hpp"

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "courier/mail.hpp"
#include "courier/mail_html.hpp"
#include "text/text.hpp"

namespace flow {

courier::Delivery send_message_by_mail(const remote::SmtpClient& client, const MailSender& sender,
                                       const MessageItem& item, std::string_view reference, base::Time date) {
  courier::MailText content;
  content.language = item.language;
  content.subject = item.subject;
  content.text = item.text;
  content.link = item.link;
  content.action = item.action;
  content.footer = item.footer;
  courier::Mail mail;
  mail.from_name = sender.from_name;
  mail.from = sender.from;
  mail.to = item.to;
  mail.reply_to = sender.reply_to;
  mail.subject = item.subject;
  mail.text = courier::build_text(content);
  mail.html = courier::build_html(content);
  const std::string domain = sender.domain.empty() ? sender.from.substr(sender.from.find('@') + 1) : sender.domain;
  mail.message_id = std::string(reference) + "@" + domain;
  mail.date = date;
  mail.language = text::code_of(item.language);
  return courier::send_mail(client, mail, sender.from, base::to_hex(base::random_bytes(12)));
}

Deliver make_mail_deliverer(const remote::SmtpClient& client, MailSender sender) {
  return [&client, sender = std::move(sender)](const store::OutboxItem& item, base::Time) -> courier::Delivery {
    const auto content = parse_payload(item.payload);
    if (!content) return courier::give_up("unreadable");
    return send_message_by_mail(client, sender, *content, item.id.to_string(), item.created_at);
  };
}

Deliver make_sms_deliverer(const remote::HttpClient& client, courier::SmsGateway gateway) {
  return [&client, gateway = std::move(gateway)](const store::OutboxItem& item, base::Time) -> courier::Delivery {
    const auto content = parse_payload(item.payload);
    if (!content) return courier::give_up("unreadable");
    courier::Sms sms;
    sms.to = content->to;
    sms.text = content->text;
    sms.reference = item.id.to_string();
    return courier::send_sms(client, gateway, sms).delivery;
  };
}

MessageItem make_test_message(std::string to, bool is_mail, const Site& site, text::Language language) {
  MessageItem item;
  item.message = "test";
  item.to = std::move(to);
  item.language = language;
  const text::Arguments arguments{{"name", item.to}, {"site", site.name}, {"address", site.address}};
  item.text = text::say(language, is_mail ? "message.test.text" : "message.test.sms", arguments);
  if (is_mail) {
    item.subject = text::say(language, "message.test.subject");
    item.footer = text::say(language, "message.footer", arguments);
  }
  return item;
}

}  // namespace flow
