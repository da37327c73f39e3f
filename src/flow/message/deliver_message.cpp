#include "flow/message/deliver_message.hpp"

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "courier/mail.hpp"
#include "courier/mail_html.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/brand_shades.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"
#include "text/text.hpp"

namespace flow {

namespace {

// The product's own look if the tenant cannot be read: a mail does not wait for its colours.
courier::MailLook find_look(const House& house, const base::Id& tenant_id) {
  courier::MailLook look;
  const auto brand = find_brand(house, tenant_id);
  if (!brand) return look;
  look.name = brand->name.empty() ? look.name : brand->name;
  const BrandShades shades = find_shades(*brand);
  if (shades.light) {
    look.accent = shades.light->accent;
    look.on_accent = shades.light->on_accent;
  }
  if (shades.dark) {
    look.accent_dark = shades.dark->accent;
    look.on_accent_dark = shades.dark->on_accent;
  }
  return look;
}

}  // namespace

courier::Delivery send_message_by_mail(const remote::SmtpClient& client, const MailSender& sender,
                                       const MessageItem& item, std::string_view reference, base::Time date) {
  courier::MailText content;
  content.language = item.language;
  content.subject = item.subject;
  content.text = item.text;
  content.link = item.link;
  content.action = item.action;
  content.footer = item.footer;
  content.look = sender.look;
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

Deliver make_mail_deliverer(const House& house, const remote::SmtpClient& client, MailSender sender) {
  return
      [house, &client, sender = std::move(sender)](const store::OutboxItem& item, base::Time now) -> courier::Delivery {
        const auto content = parse_payload(item.payload);
        if (!content) return courier::give_up("unreadable");
        if (is_too_late(*content, now)) return courier::give_up("too_late");
        MailSender dressed = sender;
        dressed.look = find_look(house, item.tenant_id);
        return send_message_by_mail(client, dressed, *content, item.id.to_string(), item.created_at);
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
