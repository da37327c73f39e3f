#include "flow/message/send_by_hand.hpp"

#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
audit::Code code_of(courier::SmsKind kind) {
  switch (kind) {
    case courier::SmsKind::flash: return "flash";
    case courier::SmsKind::binary: return "binary";
    case courier::SmsKind::service: return "service_push";
    default: return "text";
  }
}

namespace {

base::Result<void> record(const House& house, const rights::Actor& actor, const SmsByHand& wish, const SmsOutcome& sent,
                          const RequestFacts& facts) {
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    audit::Event event = make_event(audit::type::sms_send, actor, tenant.id, facts,
                                    {{"gateway", audit::Value::registered(sent.gateway)},
                                     {"kind", code_of(wish.sms.kind)},
                                     {"reason", audit::Value::checked_code(sent.delivery.code.text())}});
    if (sent.delivery.kind != courier::Delivery::Kind::delivered) event.outcome = "failure";
    return store::append_event(tx, std::move(event));
  });
}

}  // namespace

base::Result<SmsOutcome> send_sms_by_hand(const House& house, const rights::Actor& actor, SmsByHand wish,
                                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  RETURN_IF_ERROR(courier::check_sms(wish.sms));
  if (house.sms == nullptr) return base::fail(base::Code::conflict, "no SMS gateway is configured");
  // The actor is judged before anything leaves.
  ASSIGN_OR_RETURN(const auto set,
                   write_for(house, actor, facts.now, [](store::Tx& tx) { return store::list_sms_gateways(tx); }));
  if (!wish.gateway.empty() && !house.sms->find(wish.gateway, set))
    return base::fail(base::Code::not_found, "there is no SMS gateway " + wish.gateway);
  if (wish.sms.reference.empty()) wish.sms.reference = base::Id::make(facts.now).to_string();
  const SmsOutcome sent = house.sms->send(wish.sms, set, facts.now, wish.gateway, SmsTry::by_hand);
  RETURN_IF_ERROR(record(house, actor, wish, sent, facts));
  return sent;
}

std::string explain(const SmsOutcome& refused) {
  const std::string why = refused.delivery.reason.empty() ? refused.delivery.code.text() : refused.delivery.reason;
  return (refused.gateway.empty() ? "" : "gateway " + refused.gateway + ": ") + why;
}

}  // namespace flow
