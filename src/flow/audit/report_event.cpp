#include "flow/audit/report_event.hpp"

#include <chrono>
#include <utility>

#include "audit/event.hpp"
#include "base/json.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/client/serve_tenant.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/audit/event_receipts.hpp"
#include "store/engine/store.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

std::string_view text_of(const std::optional<std::string>& member) {
  return member ? std::string_view(*member) : std::string_view();
}

/// All that the system said, in one order, so that the same event has the same octets.
std::string print(const audit::Reported& event) {
  base::JsonObject object;
  object.text_if("type", text_of(event.type)).text_if("at", text_of(event.at));
  object.text_if("outcome", text_of(event.outcome)).text_if("actor", text_of(event.actor));
  object.text_if("subject", text_of(event.subject)).text_if("object", text_of(event.object));
  object.text_if("reason", text_of(event.reason)).text_if("request_id", text_of(event.request_id));
  return object.finish();
}

/// The key by which a repeated request is known; nullopt = none can be known.
std::optional<base::Bytes> find_key(const House& house, const rights::Client& client, const EventReport& report) {
  const std::string who = client.id.to_string();
  if (!report.idempotency_key.empty()) {
    return house.master.authenticate("event-receipt", who + "|key|" + report.idempotency_key);
  }
  if (!report.event.request_id) return std::nullopt;
  return house.master.authenticate("event-receipt", who + "|event|" + print(report.event));
}

struct Named {
  std::optional<base::Id> account{};
  std::string_view text;  // "" if it is an account
};

base::Result<Named> find_named(store::Tx& tx, const rights::Client& client, const std::optional<std::string>& name,
                               base::Time now) {
  if (!name) return Named{};
  std::optional<identity::Account> account;
  if (const auto id = base::Id::parse(*name)) {
    ASSIGN_OR_RETURN(account, store::find_account(tx, *id));
  } else if (const auto login = identity::canonical_login(*name)) {
    ASSIGN_OR_RETURN(account, store::find_account_by_login(tx, *login, now));
  }
  // An account that the application is not for looks like none.
  if (account) {
    ASSIGN_OR_RETURN(const bool is_served, serves(tx, client, account->tenant_id));
    if (is_served) return Named{account->id, {}};
  }
  return Named{std::nullopt, *name};
}

base::Result<void> append(store::Tx& tx, const rights::Client& client, const audit::Reported& reported,
                          const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const Named actor, find_named(tx, client, reported.actor, facts.now));
  ASSIGN_OR_RETURN(const Named subject, find_named(tx, client, reported.subject, facts.now));
  audit::Event event;
  event.at = facts.now;
  event.tenant_id = client.tenant_id;
  event.source = client.client_id;
  event.client = client.client_id;
  event.type = text_of(reported.type);
  event.outcome = text_of(reported.outcome);
  event.actor = actor.account;
  event.subject = subject.account;
  event.request_id = facts.request_id;
  base::JsonObject data;
  data.text("application", client.id.to_string());
  const auto at = base::parse_rfc3339(text_of(reported.at));
  if (at) data.text("reported_at", base::to_rfc3339(*at));
  event.data = data.finish();
  event.personal = base::JsonObject()
                       .text_if("ip", facts.ip)
                       .text_if("reported_actor", actor.text)
                       .text_if("reported_subject", subject.text)
                       .text_if("object", text_of(reported.object))
                       .text_if("reported_reason", text_of(reported.reason))
                       .text_if("reported_request", text_of(reported.request_id))
                       .finish();
  return store::append_event(tx, std::move(event));
}

base::Result<Reporting> write_once(const House& house, store::Tx& tx, const rights::Client& client,
                                   const EventReport& report, const RequestFacts& facts) {
  const auto key = find_key(house, client, report);
  const base::Bytes body = crypto::sha256(print(report.event));
  if (key) {
    ASSIGN_OR_RETURN(const auto known, store::find_event_receipt(tx, *key));
    if (known && known->body_hash != body) return ReportRefusal::key_reused;
    if (known) return EventWritten{known->request_id, known->received_at};
    RETURN_IF_ERROR(store::insert_event_receipt(tx, {*key, body, facts.request_id, facts.now}));
  }
  RETURN_IF_ERROR(append(tx, client, report.event, facts));
  return EventWritten{facts.request_id, facts.now};
}

base::Result<Reporting> judge_and_write(const House& house, store::Tx& tx, const ReadProof& proof,
                                        const EventReport& report, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const Caller caller, find_caller(house, tx, proof, "audit:write", facts));
  const auto refuse = [&](ReportRefusal refusal, audit::Code reason) -> base::Result<Reporting> {
    RETURN_IF_ERROR(record_foreign_refusal(
        house, tx, {caller.client ? &*caller.client : nullptr, audit::type::event_refusal, reason}, facts));
    return refusal;
  };
  if (caller.lacks_scope) return refuse(ReportRefusal::lacks_scope, caller.reason);
  if (!caller.reason.empty()) return refuse(ReportRefusal::unauthenticated, caller.reason);
  const rights::Client& client = *caller.client;
  if (!client.writes_events) return refuse(ReportRefusal::not_permitted, "no_permission");
  const base::Bytes bucket = house.master.authenticate("throttle", "events|" + client.id.to_string());
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::minutes(1), facts.now));
  if (count > house.settings.audit.reported_each_minute) return refuse(ReportRefusal::too_many, "limit_of_client");
  return write_once(house, tx, client, report, facts);
}

}  // namespace

base::Result<Reporting> report_event(const House& house, const CallerProof& proof, const EventReport& report,
                                     const RequestFacts& facts) {
  const ReadProof read = read_proof(house, proof, facts.now);
  return house.store.write([&](store::Tx& tx) { return judge_and_write(house, tx, read, report, facts); });
}

}  // namespace flow
