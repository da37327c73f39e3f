#include "flow/account/verify_address.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/digits.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/account/own_data.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/outbox/sms_turn.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/email_address.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"
#include "store/proof/throttling.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

constexpr std::int64_t most_codes_an_hour = 6;
constexpr std::int64_t digits_of_code = 6;

Channel channel_of(std::string_view name) {
  return name == type::phone ? Channel::sms : Channel::email;
}

base::Bytes hash_of_code(const House& house, const base::Id& account_id, std::string_view name,
                         std::string_view canonical, std::string_view code) {
  std::string input = account_id.to_string();
  for (const std::string_view part : {name, canonical, code}) input.append("|").append(part);
  return house.master.authenticate("address-code", input);
}

base::Result<void> demand_allowance(const House& house, store::Tx& tx, const std::string& whom, base::Time now) {
  const base::Bytes bucket = house.master.authenticate("throttle", "address-code|" + whom);
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::hours(1), now));
  if (count > most_codes_an_hour) return base::fail(base::Code::too_many, "too many codes in an hour");
  return {};
}

std::string delivery_form(std::string_view name, const std::string& canonical, const std::string& display) {
  if (name == type::phone) return canonical;
  const auto address = identity::parse_email_address(display);
  return address ? address->for_delivery() : canonical;
}

bool is_address(std::string_view name) {
  return name == type::email || name == type::phone;
}

std::optional<store::PendingAddress> find_of(const std::vector<store::PendingAddress>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.type == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

// A pseudo address has no mailbox of its own: its mail goes to the main account, and the message names the sub account.
base::Result<Destination> find_place_of(store::Tx& tx, const identity::Account& account, const WishedAddress& wished) {
  const auto& [type_of_address, canonical, display] = wished.identifier;
  if (!wished.redirect_to_main || !account.main_account_id)
    return Destination{channel_of(type_of_address), delivery_form(type_of_address, canonical, display)};
  ASSIGN_OR_RETURN(const auto main, store::find_account(tx, *account.main_account_id));
  if (!main || !main->has_email_in_force() || main->redirects_to_main)
    return base::fail(base::Code::conflict, "the main account has no confirmed e-mail address");
  return Destination{Channel::email, delivery_form(type::email, main->email, main->email)};
}

// A login that equals the old address changes with it, so that the old address can be registered by its next owner.
base::Result<void> let_login_follow(store::Tx& tx, const std::vector<store::Identifier>& identifiers,
                                    const store::Identifier& old, const store::PendingAddress& pending,
                                    base::Time now) {
  for (const store::Identifier& one : identifiers) {
    if (one.type != type::login || one.canonical != old.canonical || old.type != type::email) continue;
    RETURN_IF_ERROR(store::delete_identifier(tx, one.account_id, one.type, one.canonical));
    store::Identifier login = one;
    login.canonical = pending.canonical;
    login.display = pending.display;
    RETURN_IF_ERROR(store::insert_identifier(tx, login, now));
  }
  return {};
}

// The pending address replaces the address in force.
base::Result<void> put_in_force(const House& house, store::Tx& tx, const identity::Account& account,
                                const store::PendingAddress& pending, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto identifiers, store::list_identifiers(tx, account.id));
  for (const store::Identifier& old : identifiers) {
    if (old.type != pending.type) continue;
    const bool is_same = mailbox_of(old.type, old.canonical, old.display) ==
                         mailbox_of(pending.type, pending.canonical, pending.display);
    if (!is_same) RETURN_IF_ERROR(tell_old_address(house, tx, account, old, facts));
    RETURN_IF_ERROR(store::delete_identifier(tx, account.id, old.type, old.canonical));
    RETURN_IF_ERROR(let_login_follow(tx, identifiers, old, pending, facts.now));
  }
  store::Identifier fresh;
  fresh.account_id = account.id;
  fresh.type = pending.type;
  fresh.canonical = pending.canonical;
  fresh.display = pending.display;
  fresh.verified_at = facts.now;
  fresh.may_login = pending.type == type::email;
  fresh.redirect_to_main = pending.redirect_to_main;
  RETURN_IF_ERROR(store::insert_identifier(tx, fresh, facts.now));
  return store::raise_version(tx, account.id, account.version, facts.now);
}

}  // namespace

base::Result<void> begin_verification(const House& house, store::Tx& tx, const identity::Account& account,
                                      const WishedAddress& address, const RequestFacts& facts) {
  const identity::Identifier& wished = address.identifier;
  RETURN_IF_ERROR(demand_allowance(house, tx, account.id.to_string(), facts.now));
  RETURN_IF_ERROR(demand_allowance(house, tx, wished.canonical, facts.now));
  const std::string code = base::make_digits(digits_of_code);
  store::PendingAddress pending;
  pending.account_id = account.id;
  pending.type = wished.type;
  pending.canonical = wished.canonical;
  pending.display = wished.display;
  pending.redirect_to_main = address.redirect_to_main;
  pending.code_hash = hash_of_code(house, account.id, wished.type, wished.canonical, code);
  pending.expires_at = facts.now + code_of_address_lasts;
  RETURN_IF_ERROR(store::put_pending(tx, pending, facts.now));
  ASSIGN_OR_RETURN(const Destination to, find_place_of(tx, account, address));
  if (to.channel == Channel::sms) {
    ASSIGN_OR_RETURN(const SmsTurn turn, take_sms_turn(house, tx, account, {to.address, SmsPurpose::code}, facts));
    if (turn != SmsTurn::granted) return tl::unexpected(refuse_sms(turn));
  }
  const std::int64_t minutes = std::chrono::duration_cast<std::chrono::minutes>(code_of_address_lasts).count();
  const Message message{"verify_address", {{"code", code}, {"minutes", minutes}}, ""};
  return queue_message(house, tx, {account, to, facts.language}, message, facts.now);
}

base::Time may_send_again_at(const store::PendingAddress& pending) {
  return pending.code_hash.empty() ? base::Time{} : pending.sent_at + code_of_address_again_after;
}

base::Result<void> send_code_again(const House& house, const rights::Actor& actor, std::string_view name,
                                   const RequestFacts& facts) {
  if (!is_address(name)) return base::fail(base::Code::not_found, "no such channel");
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  auto sent = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, actor.account().id));
    if (!account) return base::fail(base::Code::not_found, "the account does not exist");
    ASSIGN_OR_RETURN(const auto all, store::list_pending(tx, account->id));
    if (const auto pending = find_of(all, name)) {
      RETURN_IF_ERROR(demand_free(tx, account->id, {pending->type, pending->canonical, pending->display}));
      if (facts.now < may_send_again_at(*pending))
        return base::fail(base::Code::too_many, "the code before this one was sent a moment ago");
      return begin_verification(house, tx, *account,
                                {{pending->type, pending->canonical, pending->display}, pending->redirect_to_main},
                                facts);
    }
    // An address that an administrator entered is in force, and waits for no code until its owner asks for one.
    ASSIGN_OR_RETURN(const auto in_force, store::list_identifiers(tx, account->id));
    for (const store::Identifier& one : in_force) {
      if (one.type != name || one.verified_at) continue;
      return begin_verification(house, tx, *account, {{one.type, one.canonical, one.display}, one.redirect_to_main},
                                facts);
    }
    return base::fail(base::Code::not_found, "nothing to verify");
  });
  if (!sent) note_sms_refusal(house, actor.account(), sent.error(), facts);
  return sent;
}

base::Result<Verified> confirm_address(const House& house, const rights::Actor& actor, std::string_view name,
                                       std::string_view code, const RequestFacts& facts) {
  if (!is_address(name)) return base::fail(base::Code::not_found, "no such channel");
  RETURN_IF_ERROR(demand_editor_kind(actor));
  const base::Id id = actor.account().id;
  // The try is counted in its own transaction, so that it stays counted if the address turns out to be taken.
  ASSIGN_OR_RETURN(
      const auto pending,
      write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::optional<store::PendingAddress>> {
        ASSIGN_OR_RETURN(const auto all, store::list_pending(tx, id));
        auto found = find_of(all, name);
        if (!found || facts.now >= found->expires_at) return std::nullopt;
        ASSIGN_OR_RETURN(const bool has_try, store::use_try(tx, id, name, most_tries_of_address));
        if (!has_try) return std::nullopt;
        return found;
      }));
  if (!pending) return Verified::over;
  const base::Bytes hash = hash_of_code(house, id, name, pending->canonical, join_digits(code));
  if (!base::equal_in_constant_time(hash, pending->code_hash)) {
    RETURN_IF_ERROR(write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
      audit::Event event = make_event(audit::type::account_change, actor, {actor.account().tenant_id, id}, facts,
                                      {{"fields", audit::Value::checked_code(name)}, {"reason", "wrong_code"}});
      event.outcome = "failure";
      return store::append_event(tx, std::move(event));
    }));
    return Verified::wrong_code;
  }
  auto done = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<Verified> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
    if (!account || !identity::may_log_in(*account)) return Verified::over;
    ASSIGN_OR_RETURN(const bool taken, store::take_pending(tx, id, name, hash, facts.now));
    if (!taken) return Verified::over;
    RETURN_IF_ERROR(demand_free(tx, id, {pending->type, pending->canonical, pending->display}));
    RETURN_IF_ERROR(put_in_force(house, tx, *account, *pending, facts));
    RETURN_IF_ERROR(store::append_event(
        tx, make_event(audit::type::account_change, actor, *account, facts,
                       {{"fields", audit::Value::checked_code(pending->type)}, {"verified", "yes"}})));
    return Verified::yes;
  });
  if (!done && done.error().code == base::Code::already_exists) return Verified::taken;
  return done;
}

base::Result<void> drop_pending_address(const House& house, const rights::Actor& actor, std::string_view name,
                                        const RequestFacts& facts) {
  if (!is_address(name)) return base::fail(base::Code::not_found, "no such channel");
  RETURN_IF_ERROR(demand_editor_kind(actor));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto all, store::list_pending(tx, actor.account().id));
    if (!find_of(all, name)) return {};
    RETURN_IF_ERROR(store::drop_pending(tx, actor.account().id, name));
    return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account(), facts,
                                              {{"fields", audit::Value::checked_code(name)}, {"reason", "dropped"}}));
  });
}

std::string mailbox_of(std::string_view name, const std::string& canonical, const std::string& display) {
  std::string mailbox = delivery_form(name, canonical, display);
  for (char& c : mailbox) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return mailbox;
}

base::Result<void> tell_old_address(const House& house, store::Tx& tx, const identity::Account& account,
                                    const store::Identifier& old, const RequestFacts& facts) {
  if (!is_address(old.type) || (!old.verified_at && !old.given_at)) return {};
  auto to = find_place_of(tx, account, {{old.type, old.canonical, old.display}, old.redirect_to_main});
  if (!to && to.error().code == base::Code::conflict) return {};  // nobody has the mailbox any more
  if (!to) return base::pass_on(std::move(to));
  Message message{"address_changed"};
  message.time = facts.now;
  return queue_message(house, tx, {account, *to, facts.language}, message, facts.now);
}

}  // namespace flow
