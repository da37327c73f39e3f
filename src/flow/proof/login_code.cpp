#include "flow/proof/login_code.hpp"

#include "audit/event.hpp"
#include "base/digits.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/record.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/outbox/sms_turn.hpp"
#include "flow/proof/factor_settings.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/message/outbox.hpp"
#include "store/session/login_codes.hpp"

namespace flow {
namespace {

using rights::ProofMethod;

/// Bound to the message that carries it, to the account, to the address that was in force, and to what it is for.
base::Bytes hash_of(const House& house, const store::LoginCode& code, std::string_view address, std::string_view digits,
                    CodeUse use) {
  std::string input = code.message_id.to_string();
  input.append("|").append(code.account_id.to_string());
  for (const std::string_view part : {std::string_view(code.method), address, digits}) input.append("|").append(part);
  return house.master.authenticate(use == CodeUse::login ? "login-code" : "again-code", input);
}

base::Result<void> record_sending(store::Tx& tx, const CodeWish& wish, const RequestFacts& facts) {
  audit::Event event = make_event(audit::type::code_send, wish.account, facts, {{"method", wish.method}});
  event.actor = wish.account.id;
  event.session = wish.session_id;
  return store::append_event(tx, std::move(event));
}

/// What the code's message says of its way, and whether it went to another address than the one that is in force.
/// Of a message that has left only the short form of its address is kept.
base::Result<void> look_at_message(store::Tx& tx, const base::Id& message_id, std::string_view address,
                                   SentCode& sent) {
  ASSIGN_OR_RETURN(const auto item, store::find_outbox(tx, message_id));
  if (!item) return {};
  sent.is_waiting = item->state == "pending";
  sent.has_failed =
      item->state == "failed" || item->state == "dropped" || (sent.is_waiting && !item->last_error.empty());
  if (item->payload.empty()) return {};
  ASSIGN_OR_RETURN(const MessageItem content, parse_payload(item->payload));
  if (content.to != address && content.to != sent.shown_to) sent.is_dead = true;
  return {};
}

}  // namespace

base::Result<std::optional<Destination>> find_code_address(store::Tx& tx, const identity::Account& account,
                                                           ProofMethod method) {
  if (method == ProofMethod::sms) {
    if (account.phone.empty() || !account.has_phone_in_force()) return std::nullopt;
    return Destination{Channel::sms, account.phone};
  }
  if (method != ProofMethod::email) return std::nullopt;
  ASSIGN_OR_RETURN(std::string mailbox, find_mailbox(tx, account));
  if (mailbox.empty()) return std::nullopt;
  return Destination{Channel::email, std::move(mailbox)};
}

base::Result<bool> send_login_code(const House& house, store::Tx& tx, const CodeWish& wish, const RequestFacts& facts) {
  const FactorSettings& rules = house.settings.factor;
  ASSIGN_OR_RETURN(const auto to, find_code_address(tx, wish.account, wish.method));
  if (!to) return base::fail(base::Code::not_found, "the account has no address for this code");
  ASSIGN_OR_RETURN(const auto before, store::find_login_code(tx, wish.session_id));
  if (before && facts.now < before->sent_at + rules.code_again_after) {
    return base::fail(base::Code::too_many, "the code before this one was sent a moment ago");
  }
  if (to->channel == Channel::sms) {
    ASSIGN_OR_RETURN(const SmsTurn turn,
                     take_sms_turn(house, tx, wish.account, {to->address, SmsPurpose::code}, facts));
    if (turn != SmsTurn::granted) return false;
  }
  // The code before is dead; its message need not go out any more.
  if (before) RETURN_IF_ERROR(store::drop_outbox(tx, before->message_id, facts.now));
  const std::string digits = base::make_digits(rules.code_digits);
  store::LoginCode code;
  code.session_id = wish.session_id;
  code.account_id = wish.account.id;
  code.method = rights::name_of(wish.method);
  code.message_id = base::Id::make(facts.now);
  code.sent_at = facts.now;
  code.expires_at = facts.now + rules.code_lasts;
  code.code_hash = hash_of(house, code, to->address, digits, wish.use);
  RETURN_IF_ERROR(store::put_login_code(tx, code));
  const std::int64_t minutes = std::chrono::duration_cast<std::chrono::minutes>(rules.code_lasts).count();
  Message message{"login_code", {{"code", digits}, {"minutes", minutes}, {"host", find_relying_party(house).id}}};
  message.id = code.message_id;
  message.until = code.expires_at;
  RETURN_IF_ERROR(queue_message(house, tx, {wish.account, *to, facts.language}, message, facts.now));
  RETURN_IF_ERROR(record_sending(tx, wish, facts));
  return true;
}

base::Result<void> forget_login_code(store::Tx& tx, const base::Id& session_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto before, store::find_login_code(tx, session_id));
  if (!before) return {};
  RETURN_IF_ERROR(store::drop_outbox(tx, before->message_id, now));
  return store::delete_login_code(tx, session_id);
}

base::Result<std::optional<SentCode>> find_sent_code(const House& house, store::Tx& tx, const base::Id& session_id,
                                                     base::Time now) {
  ASSIGN_OR_RETURN(const auto code, store::find_login_code(tx, session_id));
  if (!code) return std::nullopt;
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, code->account_id));
  ASSIGN_OR_RETURN(const ProofMethod method, rights::parse_proof_method(code->method));
  if (!account) return std::nullopt;
  const FactorSettings& rules = house.settings.factor;
  SentCode sent;
  sent.method = method;
  ASSIGN_OR_RETURN(const auto to, find_code_address(tx, *account, method));
  if (to) sent.shown_to = shorten_address(to->address);
  sent.again_at = code->sent_at + rules.code_again_after;
  sent.expires_at = code->expires_at;
  sent.tries_left = std::max<std::int64_t>(0, rules.code_tries - code->tries);
  sent.is_dead = code->code_hash.empty() || sent.tries_left == 0 || now >= code->expires_at || !to;
  RETURN_IF_ERROR(look_at_message(tx, code->message_id, to ? to->address : std::string(), sent));
  return sent;
}

base::Result<Held> LoginCodeProof::read_again(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto code, store::find_login_code(tx, session_id_));
  if (!code || code->account_id != account_id || stored_.empty()) return Held::none;
  return code->code_hash == stored_ ? Held::same : Held::changed;
}

base::Result<bool> LoginCodeProof::use_up(store::Tx& tx, const identity::Account& account, base::Time now) {
  // A number that was changed a moment ago ends what was sent to the old one.
  ASSIGN_OR_RETURN(const auto to, find_code_address(tx, account, method_));
  if (!to) return false;
  return store::take_login_code(tx, session_id_, stored_, now);
}

base::Result<std::unique_ptr<ComparedProof>> compare_login_code(const Proving& proving, Claim claim,
                                                                const GivenProof& given) {
  const House& house = proving.house;
  auto proof = std::make_unique<LoginCodeProof>(given.method);
  proof->session_id_ = given.session_id;
  const auto count = [&](store::Tx& tx) -> base::Result<std::optional<store::LoginCode>> {
    ASSIGN_OR_RETURN(const bool has_try,
                     store::try_login_code(tx, given.session_id, house.settings.factor.code_tries, proving.facts.now));
    if (!has_try) return std::nullopt;
    return store::find_login_code(tx, given.session_id);
  };
  ASSIGN_OR_RETURN(const auto code, house.store.write(count));
  const bool is_of_claim = code && claim.account_id && code->account_id == *claim.account_id &&
                           code->method == rights::name_of(given.method);
  if (is_of_claim) {
    ASSIGN_OR_RETURN(const auto to, house.store.read([&](store::Tx& tx) -> base::Result<std::optional<Destination>> {
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, code->account_id));
      if (!account) return std::nullopt;
      return find_code_address(tx, *account, given.method);
    }));
    if (to) {
      proof->stored_ = code->code_hash;
      const base::Bytes hash = hash_of(house, *code, to->address, join_digits(given.secret.reveal()), given.code_use);
      proof->matches = base::equal_in_constant_time(hash, code->code_hash);
    }
  }
  proof->claim = std::move(claim);
  return std::unique_ptr<ComparedProof>(std::move(proof));
}

}  // namespace flow
