#include "flow/certificate/revoke_certificate.hpp"

#include "audit/event.hpp"
#include "authority/profile.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/authorities.hpp"
#include "store/certificate/issued_certificates.hpp"

namespace flow {
namespace {

audit::Event make_revoke_event(const CertificateAct& act, const store::IssuedRow& row,
                               crypto::RevocationReason reason) {
  const Subject subject = row.account_id ? Subject(row.tenant_id, *row.account_id) : Subject(row.tenant_id);
  return make_event(audit::type::certificate_revoke, act.actor, subject, act.facts,
                    {{"profile", audit::Value::checked_code(row.profile)},
                     {"fingerprint", audit::Value::checked_code(row.sha256)},
                     {"authority", row.authority_id},
                     {"system", audit::Value::registered(row.client_system)},
                     {"why", reason}});
}

}  // namespace

base::Result<bool> revoke_certificate(const CertificateAct& act, std::string_view sha256,
                                      crypto::RevocationReason reason) {
  ASSIGN_OR_RETURN(const auto row, store::find_issued(act.tx, sha256));
  if (!row) return base::fail(base::Code::not_found, "the certificate is not one of this authority");
  ASSIGN_OR_RETURN(const bool is_new,
                   store::set_issued_revoked(act.tx, sha256, act.by(), crypto::name_of(reason), act.facts.now));
  if (!is_new) return false;
  RETURN_IF_ERROR(store::mark_authority_changed(act.tx, row->authority_id, act.facts.now));
  RETURN_IF_ERROR(store::append_event(act.tx, make_revoke_event(act, *row, reason)));
  return true;
}

base::Result<void> revoke_certificates_of(const CertificateAct& act, const base::Id& account_id) {
  constexpr std::int64_t most_at_once = 100;
  while (true) {
    ASSIGN_OR_RETURN(const auto good, store::list_good_of_account(act.tx, account_id, most_at_once));
    for (const std::string& sha256 : good) {
      RETURN_IF_ERROR(revoke_certificate(act, sha256, crypto::RevocationReason::cessation_of_operation));
    }
    if (good.size() < static_cast<std::size_t>(most_at_once)) return {};
  }
}

base::Result<bool> revoke_named_certificate(const House& house, const rights::Actor& actor, std::string_view named,
                                            crypto::RevocationReason reason, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_authorities));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(auto row, store::find_issued(tx, named));
    if (!row) {
      ASSIGN_OR_RETURN(row, store::find_issued_by_serial(tx, named));
    }
    if (!row) return base::fail(base::Code::not_found, "there is no certificate " + std::string(named));
    return revoke_certificate({house, tx, facts, &actor}, row->sha256, reason);
  });
}

}  // namespace flow
