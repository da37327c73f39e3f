#include "flow/outbox/queue_message.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/outbox/sms_turn.hpp"
#include "identity/identifier/email_address.hpp"
#include "store/account/accounts.hpp"
#include "store/message/outbox.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

std::string key_of(std::string_view name, std::string_view part) {
  return "message." + std::string(name) + "." + std::string(part);
}

void add_missing(text::Arguments& arguments, std::string_view name, std::string value) {
  const bool is_there =
      std::any_of(arguments.begin(), arguments.end(), [&](const auto& one) { return one.first == name; });
  if (!is_there) arguments.emplace_back(name, std::move(value));
}

// The address for SMTP, with the domain in ASCII; "" = mail cannot be sent there.
std::string address_for_delivery(const std::string& typed) {
  const auto address = identity::parse_email_address(typed);
  return address ? address->for_delivery() : std::string();
}

}  // namespace

base::Result<std::string> find_mailbox(store::Tx& tx, const identity::Account& account) {
  if (!account.email.empty() && account.has_email_in_force() && !account.redirects_to_main) {
    return address_for_delivery(account.email);
  }
  if (!account.redirects_to_main || !account.main_account_id) return std::string();
  // Mail to the pseudo address of a sub account goes to the main account, if the main account's address is in force.
  ASSIGN_OR_RETURN(const auto main, store::find_account(tx, *account.main_account_id));
  if (!main || main->redirects_to_main || !main->has_email_in_force() || main->email.empty()) return std::string();
  return address_for_delivery(main->email);
}

std::string join_digits(std::string_view typed) {
  constexpr std::string_view no_break_space = "\xC2\xA0";
  std::string code;
  while (!typed.empty()) {
    const bool is_wide = typed.starts_with(no_break_space);
    if (!is_wide && typed.front() != ' ' && typed.front() != '-') code += typed.front();
    typed.remove_prefix(is_wide ? no_break_space.size() : 1);
  }
  return code;
}

std::string_view name_of(Channel channel) {
  return channel == Channel::email ? "email" : "sms";
}

base::Result<std::optional<Destination>> find_destination(store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(std::string mail, find_mailbox(tx, account));
  const std::string number = account.has_phone_in_force() ? account.phone : std::string();
  const bool by_sms = !number.empty() && (mail.empty() || account.preferred_channel == name_of(Channel::sms));
  if (by_sms) return Destination{Channel::sms, number};
  if (!mail.empty()) return Destination{Channel::email, std::move(mail)};
  return std::nullopt;
}

std::optional<Destination> find_claimed_mailbox(const identity::Account& account) {
  if (account.email.empty() || account.has_email_in_force() || account.redirects_to_main) return std::nullopt;
  std::string mail = address_for_delivery(account.email);
  if (mail.empty()) return std::nullopt;
  return Destination{Channel::email, std::move(mail)};
}

text::Language language_for(const House& house, const Recipient& recipient, std::string_view of_tenant) {
  text::Language language = house.settings.site.language;
  if (text::find_language(recipient.account.locale, language)) return language;
  if (recipient.page) return *recipient.page;
  if (text::find_language(recipient.account.first_language, language)) return language;
  (void)text::find_language(of_tenant, language);
  return language;
}

base::Result<void> queue_message(const House& house, store::Tx& tx, const Recipient& recipient, const Message& message,
                                 base::Time now) {
  const identity::Account& account = recipient.account;
  const Destination& to = recipient.to;
  MessageItem content;
  content.message = message.name;
  content.account = account.id;
  content.to = to.address;
  content.until = message.until;
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant(tx, account.tenant_id));
  const std::string site = tenant ? name_for_people(*tenant) : std::string(product_name);
  content.language = language_for(house, recipient, tenant ? std::string_view(tenant->locale) : std::string_view());
  const auto say = [&](std::string_view part, const text::Arguments& arguments) -> base::Result<std::string> {
    const std::string key = key_of(message.name, part);
    if (!text::has(key)) return base::fail(base::Code::internal, "there is no sentence " + key);
    return text::say(content.language, key, arguments);
  };
  text::Arguments arguments = message.arguments;
  add_missing(arguments, "name", account.display_name());
  add_missing(arguments, "link", message.link);
  add_missing(arguments, "site", site);
  add_missing(arguments, "address", house.settings.site.issuer);
  if (message.time) {
    add_missing(arguments, "time", text::format_time(content.language, *message.time, house.settings.site.time_zone));
  }
  if (!message.way_in.empty()) add_missing(arguments, "way_in", text::say(content.language, message.way_in));
  if (to.channel == Channel::sms) {
    ASSIGN_OR_RETURN(content.text, say("sms", arguments));
    if (purpose_of_message(message.name) == SmsPurpose::notice) {
      RequestFacts facts;
      facts.now = now;
      RETURN_IF_ERROR(take_sms_turn(house, tx, account, {to.address, SmsPurpose::notice}, facts));
    }
  } else {
    ASSIGN_OR_RETURN(content.subject, say("subject", arguments));
    ASSIGN_OR_RETURN(content.text, say("text", arguments));
    if (account.redirects_to_main) {
      // Also where the language of the text does not address the person by name (S2.5).
      const text::Arguments whose{{"name", account.display_name()}, {"login", account.login}};
      content.text = text::say(content.language, "message.redirected", whose) + "\n\n" + content.text;
    }
    content.footer = text::say(content.language, "message.footer", arguments);
    content.link = message.link;
    const std::string action = key_of("action", message.name);
    content.action = text::say(content.language, text::has(action) ? action : "message.action.open");
  }
  store::OutboxItem item;
  item.id = message.id.value_or(base::Id::make(now));
  item.tenant_id = account.tenant_id;
  item.kind = to.channel == Channel::sms ? "sms" : "mail";
  item.payload = to_payload(content);
  item.next_at = item.created_at = now;
  return store::insert_outbox(tx, item);
}

}  // namespace flow
