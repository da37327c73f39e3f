#include "flow/certificate/issue_certificate.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "crypto/certificate/certificate.hpp"
#include "flow/certificate/own_authority.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/record.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_organization = 64;  // RFC 5280, ub-organization-name

audit::Event make_issue_event(const CertificateAct& act, const CertificateWish& wish, const store::IssuedRow& row) {
  const Subject subject = wish.account_id ? Subject(wish.tenant_id, *wish.account_id) : Subject(wish.tenant_id);
  return make_event(audit::type::certificate_issue, act.actor, subject, act.facts,
                    {{"profile", wish.profile},
                     {"fingerprint", audit::Value::checked_code(row.sha256)},
                     {"authority", row.authority_id},
                     {"system", audit::Value::registered(wish.client_system)},
                     {"until", row.not_after}});
}

base::Result<crypto::CertificateTemplate> fill(const CertificateAct& act, const CertificateWish& wish,
                                               const store::AuthorityRow& issuer) {
  ASSIGN_OR_RETURN(const crypto::KeyFacts key, crypto::judge_key(wish.public_key));
  if (key.is_weak) return base::fail(base::Code::invalid_input, "a weak or unknown key: " + key.algorithm);
  const std::string flaw = authority::find_flaw(wish.profile, {wish.common_name, wish.dns_names, wish.ip_addresses});
  if (!flaw.empty()) return base::fail(base::Code::invalid_input, flaw);
  const authority::ProfileRules& rules = authority::rules_of(wish.profile);
  crypto::CertificateTemplate wanted;
  wanted.serial = act.ahead->serial_for(wish.public_key);
  wanted.common_name = wish.common_name;
  wanted.given_name = wish.given_name;
  wanted.family_name = wish.family_name;
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant(act.tx, wish.tenant_id));
  if (tenant && base::count_code_points(tenant->name) <= longest_organization) wanted.organization = tenant->name;
  wanted.not_before = std::max(act.facts.now - authority::clocks_differ, issuer.not_before);
  ASSIGN_OR_RETURN(wanted.not_after, authority::find_end(wish.profile, wish.validity, act.facts.now, issuer.not_after));
  wanted.public_key = wish.public_key;
  wanted.dns_names = wish.dns_names;
  wanted.ip_addresses = wish.ip_addresses;
  wanted.key_uses = authority::key_uses_of(wish.profile, key.algorithm);
  wanted.extended_uses = rules.extended_uses;
  wanted.is_time_stamp_only = wish.profile == authority::Profile::time_stamp;
  wanted.has_no_check = !rules.is_in_lists;
  const AuthorityAddresses addresses = addresses_of(act.house, issuer.id);
  wanted.issuer_url = addresses.certificate;
  if (rules.is_in_lists) {
    wanted.list_url = addresses.list;
    wanted.delta_url = addresses.delta;
    wanted.ocsp_url = addresses.ocsp;
  }
  return wanted;
}

/// So that its holder need not do it (S4.4). The authority has looked at who that is.
base::Result<void> register_for_login(const CertificateAct& act, const base::Id& account_id,
                                      const crypto::CertificateFacts& facts) {
  const store::Certificate certificate{facts.fingerprint, facts.der,        facts.subject,   facts.issuer,
                                       facts.serial,      facts.not_before, facts.not_after, true};
  return store::insert_certificate(act.tx, account_id, certificate, act.facts.now);
}

}  // namespace

base::Result<IssuedCertificate> issue_certificate(const CertificateAct& act, const CertificateWish& wish) {
  if (act.ahead == nullptr) return base::fail(base::Code::internal, "a certificate is issued by sign_ahead only");
  ASSIGN_OR_RETURN(const store::AuthorityRow issuer, find_issuing_authority(act.tx, wish.tenant_id));
  ASSIGN_OR_RETURN(const crypto::CertificateTemplate wanted, fill(act, wish, issuer));
  ASSIGN_OR_RETURN(const crypto::KeyPair key, find_key_of(act, issuer));
  IssuedCertificate issued;
  ASSIGN_OR_RETURN(issued.der, crypto::issue(wanted, {issuer.der, key}));
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(issued.der));
  issued.sha256 = facts.fingerprint;
  issued.serial = facts.serial;
  issued.not_before = facts.not_before;
  issued.not_after = facts.not_after;
  ASSIGN_OR_RETURN(issued.chain, find_chain(act.tx, issuer));
  store::IssuedRow row;
  row.sha256 = facts.fingerprint;
  row.authority_id = issuer.id;
  row.serial = facts.serial;
  row.profile = authority::name_of(wish.profile);
  row.tenant_id = wish.tenant_id;
  row.account_id = wish.account_id;
  row.client_system = wish.client_system;
  row.subject = facts.subject;
  row.der = issued.der;
  row.issued_at = act.facts.now;
  row.issued_by = act.by();
  row.not_before = facts.not_before;
  row.not_after = facts.not_after;
  RETURN_IF_ERROR(store::insert_issued(act.tx, row));
  const bool is_for_login = wish.profile == authority::Profile::person_login && wish.account_id;
  if (is_for_login) RETURN_IF_ERROR(register_for_login(act, *wish.account_id, facts));
  RETURN_IF_ERROR(store::append_event(act.tx, make_issue_event(act, wish, row)));
  return issued;
}

}  // namespace flow
