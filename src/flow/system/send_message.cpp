#include "flow/system/send_message.hpp"

#include <chrono>
#include <optional>

#include "audit/event.hpp"
#include "base/json.hpp"
#include "courier/sms.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/record.hpp"
#include "flow/message/send_by_hand.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "identity/identifier/phone_number.hpp"
#include "store/audit/audit_log.hpp"
#include "store/audit/event_receipts.hpp"
#include "store/engine/store.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

/// All that the application said, in one order, so that the same message has the same octets.
base::Bytes digest_of(const MessageWish& wish) {
  return crypto::sha256(base::JsonObject()
                            .text("to", wish.to)
                            .text("from", wish.from)
                            .text("kind", wish.kind)
                            .text("text", wish.text)
                            .text("data", wish.data)
                            .text("udh", wish.udh)
                            .text("link", wish.link)
                            .text("gateway", wish.gateway)
                            .finish());
}

/// The message, as far as it can be read.
courier::Sms read_message(const MessageWish& wish) {
  courier::Sms sms;
  sms.to = identity::parse_phone_number(wish.to).value_or(std::string());
  sms.kind = courier::find_sms_kind(wish.kind).value_or(courier::SmsKind::text);
  sms.text = wish.text;
  sms.from = wish.from;
  sms.data = wish.data;
  sms.udh = wish.udh;
  sms.link = wish.link;
  return sms;
}

/// What is decided before anything leaves.
struct Begun {
  std::optional<Sending> answer{};  // refused, or sent before
  rights::Client client{};
  std::vector<store::SmsGatewayRow> gateways{};
  base::Bytes key{};  // of the receipt; "" = none
};

base::Result<Begun> begin(const House& house, store::Tx& tx, const ReadProof& proof, const MessageWish& wish,
                          const RequestFacts& facts) {
  Begun begun;
  ASSIGN_OR_RETURN(const Caller caller, find_caller(house, tx, proof, "messages:send", facts));
  const auto refuse = [&](MessageRefusal refusal, audit::Code reason) -> base::Result<Begun> {
    RETURN_IF_ERROR(record_foreign_refusal(
        house, tx, {caller.client ? &*caller.client : nullptr, audit::type::sms_send, reason}, facts));
    begun.answer = refusal;
    return std::move(begun);
  };
  if (caller.lacks_scope) return refuse(MessageRefusal::lacks_scope, caller.reason);
  if (!caller.reason.empty()) return refuse(MessageRefusal::unauthenticated, caller.reason);
  const rights::Client& client = *caller.client;
  if (!client.sends_messages) return refuse(MessageRefusal::not_permitted, "no_permission");
  const base::Bytes bucket = house.master.authenticate("throttle", "messages|" + client.id.to_string());
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::minutes(1), facts.now));
  if (count > most_messages_each_minute) return refuse(MessageRefusal::too_many, "limit_of_client");
  begun.client = client;
  ASSIGN_OR_RETURN(begun.gateways, store::list_sms_gateways(tx));
  const bool has_gateway =
      house.sms != nullptr && (wish.gateway.empty() || house.sms->find(wish.gateway, begun.gateways).has_value());
  if (!has_gateway) {
    begun.answer = MessageRefusal::no_gateway;
    return begun;
  }
  if (wish.repeat_key.empty()) return begun;
  begun.key = house.master.authenticate("message-receipt", client.id.to_string() + "|" + wish.repeat_key);
  const base::Bytes body = digest_of(wish);
  ASSIGN_OR_RETURN(const auto known, store::find_event_receipt(tx, begun.key));
  if (known && known->body_hash != body) {
    begun.answer = MessageRefusal::key_reused;
  } else if (known) {
    begun.answer = MessageSent{known->request_id};
  } else {
    RETURN_IF_ERROR(store::insert_event_receipt(tx, {begun.key, body, facts.request_id, facts.now}));
  }
  return begun;
}

base::Result<void> conclude(store::Tx& tx, const Begun& begun, courier::SmsKind kind, const SmsOutcome& sent,
                            const RequestFacts& facts) {
  const bool is_taken = sent.delivery.kind == courier::Delivery::Kind::delivered;
  if (!is_taken && !begun.key.empty()) RETURN_IF_ERROR(store::delete_event_receipt(tx, begun.key));
  audit::Event event = make_event(audit::type::sms_send, begun.client.tenant_id, facts,
                                  {{"gateway", audit::Value::registered(sent.gateway)},
                                   {"kind", code_of(kind)},
                                   {"reason", audit::Value::checked_code(sent.delivery.code.text())}});
  event.client = begun.client.client_id;
  if (!is_taken) event.outcome = "failure";
  return store::append_event(tx, std::move(event));
}

}  // namespace

std::vector<MessageFlaw> find_message_flaws(const MessageWish& wish) {
  std::vector<MessageFlaw> flaws;
  if (!identity::parse_phone_number(wish.to)) {
    flaws.push_back({"to", "bad_form", "is no telephone number in international form"});
  }
  if (!courier::find_sms_kind(wish.kind)) {
    flaws.push_back({"kind", "not_a_choice", "must be text, flash, binary or service"});
  }
  if (!flaws.empty()) return flaws;
  if (const auto checked = courier::check_sms(read_message(wish)); !checked) {
    flaws.push_back({"message", "bad_form", checked.error().reason});
  }
  return flaws;
}

base::Result<Sending> send_message(const House& house, const CallerProof& proof, const MessageWish& wish,
                                   const RequestFacts& facts) {
  if (!find_message_flaws(wish).empty()) return base::fail(base::Code::invalid_input, "the message cannot be sent");
  courier::Sms sms = read_message(wish);
  const ReadProof read = read_proof(house, proof, facts.now);
  ASSIGN_OR_RETURN(const Begun begun,
                   house.store.write([&](store::Tx& tx) { return begin(house, tx, read, wish, facts); }));
  if (begun.answer) return *begun.answer;
  sms.reference = base::Id::make(facts.now).to_string();
  const SmsOutcome sent = house.sms->send(sms, begun.gateways, facts.now, wish.gateway);
  RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) { return conclude(tx, begun, sms.kind, sent, facts); }));
  switch (sent.delivery.kind) {
    case courier::Delivery::Kind::delivered: break;
    case courier::Delivery::Kind::give_up: return MessageRefusal::refused;
    default: return MessageRefusal::not_taken;
  }
  return MessageSent{facts.request_id, sent.gateway, static_cast<std::int64_t>(sent.parts)};
}

}  // namespace flow
