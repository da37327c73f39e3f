#include "flow/certificate/renew_server.hpp"

#include <algorithm>
#include <optional>

#include "audit/event.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "crypto/certificate/server_certificate.hpp"
#include "flow/certificate/own_authority.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/certificate/server_renewal.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

// A third, as RFC 8739 §3.1.1 has it for short certificates too: a year's certificate has four months for whoever must
// help when the file cannot be written.
constexpr int parts_of_life = 3;

bool is_near_end(const store::IssuedRow& row, base::Time now) {
  return row.not_after - now < (row.not_after - row.not_before) / parts_of_life;
}

base::Result<ServerRenewal> judge(store::Tx& tx, const std::optional<store::IssuedRow>& row, base::Time now) {
  if (!row || row->profile != authority::name_of(authority::Profile::tls_server)) return ServerRenewal::foreign;
  if (row->revoked_at) {
    const bool is_key_lost = row->reason == crypto::name_of(crypto::RevocationReason::key_compromise);
    return is_key_lost ? ServerRenewal::forbidden : ServerRenewal::due;
  }
  ASSIGN_OR_RETURN(const auto issuer, store::find_authority(tx, row->authority_id));
  ASSIGN_OR_RETURN(const auto asked, store::find_server_renewal(tx));
  const bool is_due = is_near_end(*row, now) || !issuer || !issuer->counts(now) || (asked && row->issued_at <= *asked);
  return is_due ? ServerRenewal::due : ServerRenewal::good;
}

/// As long as the one before was meant to be valid.
base::Duration find_validity(const store::IssuedRow& row) {
  const base::Duration meant = row.not_after - row.not_before - authority::clocks_differ;
  return std::clamp(meant, base::Duration(std::chrono::hours(1)),
                    authority::rules_of(authority::Profile::tls_server).longest);
}

}  // namespace

base::Result<ServerRenewal> judge_server_certificate(const House& house, std::string_view sha256, base::Time now) {
  return house.store.read_background([&](store::Tx& tx) -> base::Result<ServerRenewal> {
    ASSIGN_OR_RETURN(const auto row, store::find_issued(tx, sha256));
    return judge(tx, row, now);
  });
}

base::Result<IssuedCertificate> renew_server_certificate(const House& house, base::BytesView der, base::Time now) {
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(der));
  ASSIGN_OR_RETURN(const crypto::ServerCertificate before, crypto::read_server_certificate(der));
  RequestFacts request;
  request.now = now;
  return sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) -> base::Result<IssuedCertificate> {
      ASSIGN_OR_RETURN(const auto row, store::find_issued(tx, facts.fingerprint));
      ASSIGN_OR_RETURN(const ServerRenewal judged, judge(tx, row, now));
      if (judged != ServerRenewal::due) {
        return base::fail(base::Code::conflict, "this certificate is not to be renewed");
      }
      CertificateWish wish;
      wish.profile = authority::Profile::tls_server;
      wish.tenant_id = row->tenant_id;
      wish.common_name = before.common_name;
      wish.dns_names = before.dns_names;
      wish.ip_addresses = before.ip_addresses;
      wish.public_key = before.public_key;
      wish.validity = find_validity(*row);
      return issue_certificate({house, tx, request, nullptr, &ahead}, wish);
    });
  });
}

base::Result<void> ask_server_renewal(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_authorities));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    ASSIGN_OR_RETURN(const store::AuthorityRow issuer, find_issuing_authority(tx, first.id));
    RETURN_IF_ERROR(store::set_server_renewal(tx, facts.now));
    return store::append_event(tx, make_event(audit::type::authority_change, &actor, first.id, facts,
                                              {{"authority", issuer.id},
                                               {"change", "renew_servers"},
                                               {"fingerprint", audit::Value::checked_code(issuer.sha256)},
                                               {"until", issuer.not_after}}));
  });
}

}  // namespace flow
