// Messages to people, by e-mail or SMS. A message is composed in the person's language and put into the outbox in the
// transaction that causes it (S4.10, S4.16, S4.17); the worker delivers it (flow/message/deliver_message).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "text/text.hpp"

namespace flow {

enum class Channel : std::uint8_t {
  email,
  sms
};
std::string_view name_of(Channel channel);

/// Where a message goes. Pseudo addresses of sub accounts are resolved to the main account's (S2.5).
struct Destination {
  Channel channel = Channel::email;
  std::string address;  // e-mail address, or E.164
};

/// The account's preferred channel if its address is in force (verified, or entered by an administrator), else the
/// other one; nullopt = none can be used.
base::Result<std::optional<Destination>> find_destination(store::Tx& tx, const identity::Account& account);

/// The mailbox of the account's e-mail address in force, with the domain in ASCII; that of the main account for a
/// pseudo address (S2.5). "" = there is none.
base::Result<std::string> find_mailbox(store::Tx& tx, const identity::Account& account);

/// What was typed as a code, without the blanks and hyphens between which people read digits.
std::string join_digits(std::string_view typed);

/// The unverified e-mail address of an account that has no verified one; nullopt = none. A person who follows a link
/// that was sent there proves the address.
std::optional<Destination> find_claimed_mailbox(const identity::Account& account);

/// What the message is about: keys message.<name>.subject, .text (mail) and .sms (one SMS) of room text.
/// {name}, {link}, {time}, {way_in}, {site} (the name of the account's tenant) and {address} (of this server) are
/// filled in if they are not among the arguments. The others: verify_address {code} {minutes}; reset_link and
/// reset_started {minutes}; temporary_password {password}; expiry_reminder {days};
/// credential_ends {days} {credential}. {minutes} is a number, {days} text.
struct Message {
  std::string_view name;  // "reset_link", "temporary_password", "verify_address", "suspended", …
  text::Arguments arguments{};
  std::string link{};                 // absolute address shown as button and as text; "" = none
  std::optional<base::Time> time{};   // {time}
  std::string_view way_in{};          // the key of {way_in}
  std::optional<base::Id> id{};       // of the item of the outbox; nullopt = a new one
  std::optional<base::Time> until{};  // it is of no use later: then it is given up
};

struct Recipient {
  const identity::Account& account;
  Destination to;
  std::optional<text::Language> page{};  // of the browser in which the person caused the message
};

/// The language of messages to an account: what the account has chosen, else that of the page on which the person
/// caused the message, else that of the first login, else that of the tenant, else that of the installation.
text::Language language_for(const House& house, const Recipient& recipient, std::string_view of_tenant);

/// A code and the link of a reset need a turn before, if they go by SMS (flow/outbox/sms_turn.hpp); of all other
/// messages the turn is taken here.
/// Composes the message in the account's language and inserts the sealed outbox item. Only the item holds the address;
/// it is erased after the delivery, or after a day.
base::Result<void> queue_message(const House& house, store::Tx& tx, const Recipient& recipient, const Message& message,
                                 base::Time now);

}  // namespace flow
