#include "flow/system/authenticate_system.hpp"

#include "audit/event.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/system/system_password.hpp"
#include "flow/tenant/features.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/system/client_systems.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_in_minute = 5;

/// What the database says of a request.
struct Found {
  SystemJudgement judgement{};
  std::optional<store::ClientSystem> system{};  // also of a refused one
};

/// Which proof counts: "" = none is there.
enum class Way : std::uint8_t {
  none,
  certificate,
  password
};

audit::Code find_refusal(const SystemCall& call, const store::ConnectorDemands& in_force, Way& way) {
  const store::ConnectorDemands demands = call.is_enrolment ? store::ConnectorDemands() : in_force;
  if (demands.tls_only && !call.is_tls) return "plain";
  if (call.has_basic() && !call.is_tls) return "plain_password";
  const bool only_password = demands.is_mandatory && demands.mode == "password";
  const bool only_certificate = demands.is_mandatory && demands.mode == "certificate";
  if (!call.certificate.empty() && !only_password) {
    way = Way::certificate;
    return {};
  }
  if (call.has_basic() && !only_certificate) {
    way = Way::password;
    return {};
  }
  if (call.has_basic()) return "password_not_accepted";
  if (!call.certificate.empty()) return "certificate_not_accepted";
  return "no_proof";
}

audit::Code judge_certificate(const store::SystemCertificate& one, base::Time now) {
  if (one.revoked_at) return audit::Code("certificate_revoked");
  if (now >= one.not_after) return audit::Code("certificate_expired");
  if (now < one.not_before) return audit::Code("certificate_early");
  return {};
}

base::Result<void> take_system(store::Tx& tx, Found& found, const store::SystemCertificate* certificate) {
  ASSIGN_OR_RETURN(const bool has, has_feature(tx, found.system->tenant_id, Feature::client_systems));
  if (!has) {
    found.judgement.refusal = "feature_off";
    return {};
  }
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant(tx, found.system->tenant_id));
  KnownSystem known{found.system->id, found.system->name, tenant ? tenant->name : std::string(), {}, {}};
  if (certificate != nullptr) {
    known.certificate = certificate->sha256;
    known.not_after = certificate->not_after;
  }
  found.judgement.system = std::move(known);
  return {};
}

base::Result<void> find_by_certificate(store::Tx& tx, std::string_view sha256, base::Time now, Found& found) {
  ASSIGN_OR_RETURN(const auto certificate, store::find_system_certificate(tx, sha256));
  if (!certificate) {
    found.judgement.refusal = "certificate_unknown";
    return {};
  }
  ASSIGN_OR_RETURN(found.system, store::find_client_system(tx, certificate->system_id));
  found.judgement.refusal = judge_certificate(*certificate, now);
  if (!found.judgement.refusal.empty()) return {};
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, found.system ? found.system->account_id : base::Id()));
  if (!found.system || !account || !identity::may_log_in(*account)) {
    found.judgement.refusal = "system_suspended";
    return {};
  }
  return take_system(tx, found, &*certificate);
}

base::Result<void> prove_password(const House& house, const SystemCall& call, const RequestFacts& facts, Found& found) {
  ASSIGN_OR_RETURN(SystemPassword proof, SystemPassword::compare(house, {.typed = call.user}, call.password, facts));
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    found.system = proof.named();
    found.judgement.system.reset();
    found.judgement.refusal = {};
    ASSIGN_OR_RETURN(const Settled settled, proof.settle(tx));
    if (!settled.refusal.empty()) {
      found.judgement.refusal = "wrong_proof";
      return {};
    }
    return take_system(tx, found, nullptr);
  });
}

base::Result<void> record_refusal(const House& house, const Found& found, const SystemCall& call,
                                  const RequestFacts& facts) {
  // The proof by password has written its own event.
  if (found.judgement.refusal == "wrong_proof") return {};
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    // Each certificate of a system counts for itself. Anybody makes as many others as he likes.
    const std::string what = "system|" + std::string(found.judgement.refusal.view()) + "|" +
                             std::string(found.system ? call.certificate : std::string_view());
    ASSIGN_OR_RETURN(const EventTurn turn, take_network_turn(house, tx, what, most_in_minute, facts));
    if (!turn.is_written) return {};
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    const Subject subject =
        found.system ? Subject(found.system->tenant_id, found.system->account_id) : Subject(first.id);
    audit::Event event =
        make_event(audit::type::system_refusal, subject, facts,
                   {{"system", audit::Value::registered(found.system ? found.system->id : std::string())},
                    {"reason", found.judgement.refusal},
                    {"fingerprint", audit::Value::checked_code(call.certificate)},
                    {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
    event.outcome = "failure";
    return store::append_event(tx, std::move(event));
  });
}

}  // namespace

base::Result<SystemJudgement> authenticate_system(const House& house, const SystemCall& call,
                                                  const RequestFacts& facts) {
  Found found;
  Way way = Way::none;
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) -> base::Result<void> {
    found = {};
    way = Way::none;
    ASSIGN_OR_RETURN(const store::ConnectorSettings settings, store::find_connector_settings(tx));
    found.judgement.demands = settings.in_force(facts.now);
    found.judgement.refusal = find_refusal(call, found.judgement.demands, way);
    return way == Way::certificate ? find_by_certificate(tx, call.certificate, facts.now, found) : base::Result<void>();
  }));
  if (way == Way::password) RETURN_IF_ERROR(prove_password(house, call, facts, found));
  auto& judgement = found.judgement;
  const bool is_other = judgement.system && call.claimed && *call.claimed != judgement.system->id;
  if (is_other) judgement.refusal = "other_system";
  if (judgement.refusal.empty()) return std::move(judgement);
  RETURN_IF_ERROR(record_refusal(house, found, call, facts));
  return std::move(judgement);
}

base::Result<store::ConnectorDemands> find_connector_demands(const House& house, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<store::ConnectorDemands> {
    ASSIGN_OR_RETURN(const store::ConnectorSettings settings, store::find_connector_settings(tx));
    return settings.in_force(now);
  });
}

}  // namespace flow
