#include "flow/password/reset_password.hpp"

#include <boost/json.hpp>

#include "audit/event.hpp"
#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/outbox/sms_turn.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/password/reset_settings.hpp"
#include "flow/password/reset_token.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/end_access.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/password/temporary_password.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/proof/throttling.hpp"
#include "store/tenant/tenants.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

constexpr std::string_view purpose = "reset";
constexpr std::string_view item_kind = "reset";
constexpr base::Duration window = std::chrono::hours(1);

base::Bytes bucket(const House& house, std::string_view what, std::string_view whose) {
  return house.master.authenticate("throttle", std::string("reset|").append(what).append("|").append(whose));
}

struct Allowance {
  std::string_view what;
  std::string_view whose;
  std::int64_t limit = 0;  // 0 = none
};

// Counts one more use; true while the limit is not exceeded.
base::Result<bool> take(const House& house, store::Tx& tx, const Allowance& allowance, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t count,
                   store::count_in_window(tx, bucket(house, allowance.what, allowance.whose), window, now));
  return allowance.limit == 0 || count <= allowance.limit;
}

struct Step {
  audit::Code name;
  audit::Code reason;  // "" = done
  std::string_view typed;
};

base::Result<void> record(store::Tx& tx, const Subject& subject, const Step& step, const RequestFacts& facts) {
  audit::Event event = make_event(audit::type::password_reset, subject, facts,
                                  {{"step", step.name}, {"reason", step.reason}}, step.typed);
  if (!step.reason.empty()) event.outcome = "failure";
  return store::append_event(tx, std::move(event));
}

// An invited account is not active until its person has chosen the first password.
bool may_get_link(const identity::Account& account) {
  return identity::may_log_in(account) || account.status == identity::AccountStatus::invited;
}

// The person who confirms the link has read what was sent to the address.
base::Result<void> verify_claimed_mailbox(store::Tx& tx, const identity::Account& account, base::Time now) {
  ASSIGN_OR_RETURN(const auto waiting, store::list_pending(tx, account.id));
  for (const store::PendingAddress& one : waiting) {
    if (one.type != identity::identifier_type::email) continue;
    ASSIGN_OR_RETURN(const bool is_taken, store::is_login_of_another(tx, one.canonical, account.id));
    if (is_taken) return base::fail(base::Code::expired, "somebody else has verified the address meanwhile");
    RETURN_IF_ERROR(store::drop_pending(tx, account.id, one.type));
    RETURN_IF_ERROR(store::insert_identifier(tx, {account.id, one.type, one.canonical, one.display, now, true}, now));
  }
  return {};
}

// "" = a link may be sent.
base::Result<audit::Code> find_obstacle(const House& house, store::Tx& tx,
                                        const std::optional<identity::Account>& account, const RequestFacts& facts) {
  const base::Time now = facts.now;
  if (!account) return audit::Code("unknown_login");
  if (!may_get_link(*account)) return audit::Code(account->status);
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account->id));
  if (!password && !identity::is_human(account->kind)) return audit::Code("no_password");
  ASSIGN_OR_RETURN(const auto to, find_reset_place(tx, *account));
  if (!to) return audit::Code("no_channel");
  const ResetSettings& limits = house.settings.reset;
  ASSIGN_OR_RETURN(const bool account_holds,
                   take(house, tx, {"account", account->id.bytes(), limits.per_account_per_hour}, now));
  ASSIGN_OR_RETURN(const bool channel_holds,
                   take(house, tx, {"channel", to->address, limits.per_channel_per_hour}, now));
  if (!account_holds) return audit::Code("limit_of_account");
  if (!channel_holds) return audit::Code("limit_of_channel");
  if (to->channel != Channel::sms) return audit::Code();
  ASSIGN_OR_RETURN(const SmsTurn turn, take_sms_turn(house, tx, *account, {to->address, SmsPurpose::reset}, facts));
  return turn == SmsTurn::granted ? audit::Code() : audit::Code("limit_of_sms");
}

base::Result<void> answer(const House& house, store::Tx& tx, const store::OutboxItem& item, const Claims& asked,
                          base::Time now) {
  RequestFacts facts;
  facts.ip = asked.text("ip");
  facts.user_agent = asked.text("user_agent");
  facts.request_id = asked.text("request_id");
  facts.now = now;
  const std::string typed = asked.text("login");
  std::optional<identity::Account> account;
  if (const auto canonical = identity::canonical_login(typed)) {
    ASSIGN_OR_RETURN(account, store::find_account_by_login(tx, *canonical, now));
  }
  ASSIGN_OR_RETURN(const audit::Code obstacle, find_obstacle(house, tx, account, facts));
  if (!obstacle.empty()) {
    return record(tx, account ? Subject(*account) : Subject(item.tenant_id), {"asked", obstacle, typed}, facts);
  }
  text::Language language = text::Language::en;
  (void)text::find_language(asked.text("language"), language);
  // The secret is derived from the item, so that an item that is delivered twice makes one link.
  const base::Bytes secret = house.master.authenticate("reset-link", item.id.bytes());
  return send_reset_link(house, tx, *account, {secret, asked.text("attempt"), asked.text("client"), language}, facts);
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

struct SentTo {
  std::string address;
  std::string attempt;
  std::string client;
  std::optional<text::Language> page{};  // as in ResetLink
};

base::Result<SentTo> parse_data(const std::string& data) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(data, error);
  if (error || !value.is_object()) return base::fail(base::Code::internal, "a reset link is not readable");
  const boost::json::object& object = value.get_object();
  SentTo sent{text_of(object, "address"), text_of(object, "attempt"), text_of(object, "client")};
  text::Language page = text::Language::en;
  if (text::find_language(text_of(object, "language"), page)) sent.page = page;
  return sent;
}

struct Prepared {
  base::Secret password;
  ReadyPassword ready;
  base::Duration lasts{};
};

// The password is made and hashed before the transaction that consumes the link, because hashing would delay other
// writers.
base::Result<Prepared> prepare(const House& house, const PasswordGround& ground, base::Time now) {
  Prepared prepared;
  const base::Secret random(base::random_bytes(identity::temporary_password_octets));
  ASSIGN_OR_RETURN(prepared.password,
                   identity::make_temporary_password(random.reveal(), ground.in_force.policy, ground.facts));
  ASSIGN_OR_RETURN(prepared.ready, judge_given_password(house, ground, prepared.password, now));
  prepared.lasts = ground.in_force.policy.temporary_lasts;
  return prepared;
}

// What a link that was confirmed proves.
struct Confirmed {
  identity::Account account;
  Destination to;
  std::string channel;
  SentTo sent;
};

base::Result<Confirmed> redeem(store::Tx& tx, const base::Bytes& hash, base::Time now) {
  const auto expired = [](std::string reason) { return base::fail(base::Code::expired, std::move(reason)); };
  ASSIGN_OR_RETURN(const auto token, store::consume_token(tx, hash, purpose, now));
  if (!token) return expired("the link was used or is over");
  ASSIGN_OR_RETURN(SentTo sent, parse_data(token->data));
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, token->account_id));
  if (!account || !may_get_link(*account)) return expired("the account is not active");
  ASSIGN_OR_RETURN(const auto to, find_reset_place(tx, *account));
  // The person who confirms has read the mail at this address; the password is sent to no other address.
  if (!to || name_of(to->channel) != token->channel || to->address != sent.address) {
    return expired("the channel was changed after the link was sent");
  }
  ASSIGN_OR_RETURN(const auto proven, find_destination(tx, *account));
  if (!proven) RETURN_IF_ERROR(verify_claimed_mailbox(tx, *account, now));
  if (proven && !account->redirects_to_main) {
    const bool by_mail = to->channel == Channel::email;
    RETURN_IF_ERROR(store::mark_verified(
        tx, account->id, by_mail ? identity::identifier_type::email : identity::identifier_type::phone, now));
  }
  return Confirmed{*account, *to, token->channel, std::move(sent)};
}

base::Result<void> replace_password(store::Tx& tx, const Confirmed& confirmed, const ReadyPassword& ready,
                                    const PasswordTerms& terms, const RequestFacts& facts) {
  const identity::Account& account = confirmed.account;
  RETURN_IF_ERROR(write_password(tx, account, ready, terms, facts.now));
  // All other credentials stay, so that the next login asks for an enrolled second factor.
  RETURN_IF_ERROR(store::void_tokens(tx, account.id, purpose, facts.now));
  RETURN_IF_ERROR(end_sessions_of(tx, account, audit::why::password_reset, facts));
  const bool was_locked = account.locked_until.has_value() || account.failures > 0;
  RETURN_IF_ERROR(unlock(tx, account.id));
  const bool was_invited = account.status == identity::AccountStatus::invited;
  if (was_invited) {
    RETURN_IF_ERROR(store::set_account_status(tx, account.id, identity::AccountStatus::active, facts.now, account.id));
  }
  return store::append_event(tx, make_event(audit::type::password_set, account, facts,
                                            {{"how", was_invited ? audit::Code("invitation") : audit::Code("reset")},
                                             {"channel", audit::Value::checked_code(confirmed.channel)},
                                             {"failures_forgotten", was_locked ? audit::Code("yes") : audit::Code()}}));
}

ResetDone done_of(const Confirmed& confirmed) {
  return {confirmed.to.channel, confirmed.sent.attempt, confirmed.sent.client,
          confirmed.account.status == identity::AccountStatus::invited};
}

base::Result<ResetDone> send_temporary(const House& house, store::Tx& tx, const base::Bytes& hash,
                                       const Prepared& prepared, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const Confirmed confirmed, redeem(tx, hash, facts.now));
  const base::Time until = facts.now + prepared.lasts;
  RETURN_IF_ERROR(replace_password(tx, confirmed, prepared.ready, {identity::PasswordOrigin::temporary, until}, facts));
  Message message;
  message.name = "temporary_password";
  message.arguments = {{"password", std::string(prepared.password.reveal())}};
  message.time = until;
  RETURN_IF_ERROR(queue_message(house, tx, {confirmed.account, confirmed.to, confirmed.sent.page}, message, facts.now));
  return done_of(confirmed);
}

base::Result<ResetDone> set_own(const House& house, store::Tx& tx, const base::Bytes& hash, const ReadyPassword& ready,
                                const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const Confirmed confirmed, redeem(tx, hash, facts.now));
  RETURN_IF_ERROR(replace_password(tx, confirmed, ready, {identity::PasswordOrigin::own}, facts));
  RETURN_IF_ERROR(notify_person(house, tx, confirmed.account, {"password_changed", confirmed.sent.page}, facts.now));
  return done_of(confirmed);
}

// The account of an open link and what a new password of it is judged by; nothing = the link is over.
base::Result<std::optional<PasswordGround>> find_ground_of(const House& house, const base::Bytes& hash,
                                                           base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<std::optional<PasswordGround>> {
    ASSIGN_OR_RETURN(const auto found, store::find_token(tx, hash, purpose));
    if (!found || found->consumed_at || now >= found->expires_at) return std::nullopt;
    ASSIGN_OR_RETURN(auto account, store::find_account(tx, found->account_id));
    if (!account) return std::nullopt;
    ASSIGN_OR_RETURN(PasswordGround ground, find_ground(tx, std::move(*account), now));
    return ground;
  });
}

base::Result<std::optional<PasswordGround>> find_ground_of(const House& house, std::string_view token, base::Time now) {
  const auto secret = parse_reset_token(token);
  if (!secret) return std::nullopt;
  return find_ground_of(house, crypto::sha256(*secret), now);
}

// A password is made or judged, and hashed, before its transaction. If the policy was changed meanwhile, once more.
template <class Attempt>
auto again_if_policy_changed(const Attempt& attempt) {
  auto result = attempt();
  if (!result && result.error().code == base::Code::conflict) result = attempt();
  return result;
}

base::Result<ResetSet> judge_and_set(const House& house, const base::Bytes& hash, const ResetWish& wish,
                                     const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto ground, find_ground_of(house, hash, facts.now));
  if (!ground) return base::fail(base::Code::expired, "the link was used or is over");
  if (house.settings.reset.form != ResetForm::direct && ground->account.status != identity::AccountStatus::invited) {
    return base::fail(base::Code::denied, "reset.form does not let a link set a password");
  }
  ASSIGN_OR_RETURN(PasswordJudgement found, judge_password(house, *ground, wish.new_password, facts.now));
  ResetSet result;
  result.judgement.flaws = std::move(found.flaws);
  result.judgement.repeat_differs = !(wish.new_password == wish.repeated);
  if (!result.judgement.is_fine()) return result;
  ASSIGN_OR_RETURN(result.done,
                   house.store.write([&](store::Tx& tx) { return set_own(house, tx, hash, *found.ready, facts); }));
  return result;
}

}  // namespace

base::Result<void> ask_for_reset(const House& house, const ResetRequest& request, const RequestFacts& facts) {
  store::OutboxItem item;
  item.id = base::Id::make(facts.now);
  item.kind = item_kind;
  const std::string login =
      base::is_utf8(request.typed_login) ? request.typed_login.substr(0, identity::longest_typed_login) : "";
  item.payload = to_json_object({{"login", base::is_utf8(login) ? login : std::string()},
                                 {"attempt", request.attempt},
                                 {"client", request.client},
                                 {"language", text::code_of(request.language)},
                                 {"ip", facts.ip},
                                 {"user_agent", std::string_view(facts.user_agent).substr(0, 256)},
                                 {"request_id", facts.request_id}});
  item.next_at = item.created_at = facts.now;
  const bool has_network = base::IpAddress::parse(facts.ip).has_value();
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    item.tenant_id = tenant.id;
    const std::int64_t limit = house.settings.reset.per_network_per_hour;
    if (has_network && limit > 0) {
      ASSIGN_OR_RETURN(const std::int64_t over, count_for_networks(house, tx, {"reset|network", limit, window}, facts));
      // Only the first refusal is recorded; the answer is the same.
      if (over > 1) return {};
      if (over == 1) return record(tx, tenant.id, {"asked", "limit_of_network", ""}, facts);
    }
    return store::insert_outbox(tx, item);
  });
}

Deliver make_reset_deliverer(const House& house) {
  return [house](const store::OutboxItem& item, base::Time now) {
    const auto asked = Claims::parse(item.payload);
    if (!asked) return courier::give_up("unreadable");
    const auto answered = house.store.write([&](store::Tx& tx) { return answer(house, tx, item, *asked, now); });
    // already_exists: the item was answered before, but that was not noted.
    if (answered || answered.error().code == base::Code::already_exists) return courier::delivered();
    return courier::judge(answered.error());
  };
}

// The first password of an account may go to its unverified e-mail address: no person has ever logged in to the
// account, and the person who reads the mails there proves the address.
base::Result<std::optional<Destination>> find_reset_place(store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(auto to, find_destination(tx, account));
  if (to) return to;
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, account.id));
  return password ? std::nullopt : find_claimed_mailbox(account);
}

base::Result<void> send_reset_link(const House& house, store::Tx& tx, const identity::Account& account,
                                   const ResetLink& link, const RequestFacts& facts) {
  if (!may_get_link(account)) return base::fail(base::Code::conflict, "the account is not active");
  ASSIGN_OR_RETURN(const auto to, find_reset_place(tx, account));
  if (!to)
    return base::fail(base::Code::conflict, "the account has no verified e-mail address and no telephone number");
  if (link.by_administrator && to->channel == Channel::sms) {
    RequestFacts without_network = facts;
    without_network.ip.clear();  // because an administrator may start the resets of a whole group
    ASSIGN_OR_RETURN(const SmsTurn turn,
                     take_sms_turn(house, tx, account, {to->address, SmsPurpose::reset}, without_network));
    if (turn != SmsTurn::granted) return tl::unexpected(refuse_sms(turn));
  }
  const base::BytesView octets = link.secret.substr(0, reset_token_octets);
  const bool invites = account.status == identity::AccountStatus::invited;
  const base::Duration lasts = invites ? house.settings.reset.invitation_lasts : house.settings.reset.link_lasts;
  store::OneTimeToken token;
  token.hash = crypto::sha256(octets);
  token.tenant_id = account.tenant_id;
  token.purpose = purpose;
  token.account_id = account.id;
  token.channel = name_of(to->channel);
  token.data = to_json_object({{"address", to->address},
                               {"attempt", link.attempt},
                               {"client", link.client},
                               {"language", link.page ? text::code_of(*link.page) : std::string_view()}});
  token.created_at = facts.now;
  token.expires_at = facts.now + lasts;
  RETURN_IF_ERROR(store::insert_token(tx, token));
  Message message;
  message.name = invites ? "invitation" : link.by_administrator ? "reset_started" : "reset_link";
  message.arguments = {{"minutes", std::int64_t{std::chrono::ceil<std::chrono::minutes>(lasts).count()}}};
  if (invites) message.time = token.expires_at;
  message.link = house.settings.site.issuer + "/reset/confirm?token=" + print_reset_token(octets);
  RETURN_IF_ERROR(queue_message(house, tx, {account, *to, link.page}, message, facts.now));
  if (!invites) return record(tx, account, {"link", "", ""}, facts);
  return store::append_event(tx, make_event(audit::type::invitation, account, facts, {{"step", "invitation"}}));
}

base::Result<bool> is_invitation(const House& house, std::string_view token, base::Time now) {
  ASSIGN_OR_RETURN(const auto ground, find_ground_of(house, token, now));
  return ground && ground->account.status == identity::AccountStatus::invited;
}

base::Result<bool> is_reset_link_open(const House& house, std::string_view token, base::Time now) {
  const auto secret = parse_reset_token(token);
  if (!secret) return false;
  return house.store.read([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto found, store::find_token(tx, crypto::sha256(*secret), purpose));
    return found && !found->consumed_at && now < found->expires_at;
  });
}

base::Result<std::optional<identity::PasswordPolicy>> find_policy_of_reset(const House& house, std::string_view token,
                                                                           base::Time now) {
  ASSIGN_OR_RETURN(const auto ground, find_ground_of(house, token, now));
  if (!ground) return std::nullopt;
  return ground->in_force.policy;
}

base::Result<PasswordPreview> preview_reset(const House& house, std::string_view token, std::string_view typed,
                                            base::Time now) {
  ASSIGN_OR_RETURN(const auto ground, find_ground_of(house, token, now));
  if (!ground) return base::fail(base::Code::expired, "the link was used or is over");
  return preview_password(house, ground->in_force.policy, ground->facts, typed);
}

base::Result<ResetDone> confirm_reset(const House& house, std::string_view token, const RequestFacts& facts) {
  const auto secret = parse_reset_token(token);
  if (!secret) return base::fail(base::Code::expired, "not the secret of a link");
  const base::Bytes hash = crypto::sha256(*secret);
  return again_if_policy_changed([&]() -> base::Result<ResetDone> {
    ASSIGN_OR_RETURN(const auto ground, find_ground_of(house, hash, facts.now));
    if (!ground) return base::fail(base::Code::expired, "the link was used or is over");
    if (ground->account.status == identity::AccountStatus::invited) {
      return base::fail(base::Code::denied, "an invitation asks for the person's own password");
    }
    ASSIGN_OR_RETURN(const Prepared prepared, prepare(house, *ground, facts.now));
    return house.store.write([&](store::Tx& tx) { return send_temporary(house, tx, hash, prepared, facts); });
  });
}

base::Result<ResetSet> set_by_reset(const House& house, std::string_view token, const ResetWish& wish,
                                    const RequestFacts& facts) {
  const auto secret = parse_reset_token(token);
  if (!secret) return base::fail(base::Code::expired, "not the secret of a link");
  const base::Bytes hash = crypto::sha256(*secret);
  return again_if_policy_changed([&] { return judge_and_set(house, hash, wish, facts); });
}

}  // namespace flow
