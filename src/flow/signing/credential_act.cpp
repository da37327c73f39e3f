#include "flow/signing/credential_act.hpp"

#include "audit/event.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "crypto/signing/soft_key.hpp"
#include "crypto/signing/token_parts.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/check_title.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/signing/chain_text.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

using rights::Permission;

tl::unexpected<base::Error> unknown() {
  return base::fail(base::Code::not_found, "there is no such credential");
}

bool is_own(const rights::Actor& actor, const store::SigningCredential& row) {
  return row.account_id && !actor.is_operator() && !actor.is_acting() && *row.account_id == actor.account().id;
}

}  // namespace

base::Result<FoundOwner> find_owner(store::Tx& tx, const rights::Actor& actor, const CredentialOwner& wanted,
                                    base::Time now) {
  if (wanted.is_seal) {
    RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
    ASSIGN_OR_RETURN(store::Tenant tenant, find_managed_tenant(tx, actor, wanted.tenant));
    return FoundOwner{std::move(tenant), std::nullopt};
  }
  std::optional<identity::Account> account;
  if (wanted.account.empty()) {
    if (actor.is_operator()) return base::fail(base::Code::invalid_input, "name the account, or make a seal");
    RETURN_IF_ERROR(demand_permission(actor, Permission::sign));
    account = actor.account();
  } else {
    RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
    ASSIGN_OR_RETURN(account, find_changeable(tx, actor, wanted.account, now, Permission::manage_credentials));
  }
  ASSIGN_OR_RETURN(auto tenant, store::find_tenant(tx, account->tenant_id));
  if (!tenant) return base::fail(base::Code::internal, "an account without a tenant");
  return FoundOwner{std::move(*tenant), std::move(account)};
}

base::Result<store::SigningCredential> find_administered(store::Tx& tx, const rights::Actor& actor, const base::Id& id,
                                                         base::Time now) {
  ASSIGN_OR_RETURN(auto row, store::find_signing_credential(tx, id));
  if (!row) return unknown();
  if (!is_own(actor, *row)) return find_managed_credential(tx, actor, id, now);
  RETURN_IF_ERROR(demand_permission(actor, Permission::sign));
  return std::move(*row);
}

base::Result<store::SigningCredential> find_managed_credential(store::Tx& tx, const rights::Actor& actor,
                                                               const base::Id& id, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
  ASSIGN_OR_RETURN(auto row, store::find_signing_credential(tx, id));
  if (!row || !actor.reaches(row->tenant_id)) return unknown();
  if (row->account_id)
    RETURN_IF_ERROR(find_changeable(tx, actor, row->account_id->to_string(), now, Permission::manage_credentials));
  return std::move(*row);
}

base::Result<void> demand_administrator(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, {Permission::sign, Permission::manage_credentials}));
  return demand_fresh_proof(house, actor, now);
}

base::Result<void> set_certificate(store::SigningCredential& row, const base::Bytes& certificate,
                                   const std::vector<base::Bytes>& chain, base::Time now) {
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(certificate));
  ASSIGN_OR_RETURN(const crypto::CertificateTraits traits, crypto::read_traits(facts.der));
  ASSIGN_OR_RETURN(const crypto::CertificateParts parts, crypto::split_certificate(facts.der));
  if (parts.public_key != row.spki) {
    return base::fail(base::Code::conflict, "the certificate is not one of this key");
  }
  if (traits.is_authority) return base::fail(base::Code::invalid_input, "the certificate is one of an authority");
  if (traits.is_weak_digest) return base::fail(base::Code::invalid_input, "the certificate has a weak signature");
  if (!parts.may_sign) return base::fail(base::Code::invalid_input, "the certificate is not for signatures");
  if (facts.not_after <= now) return base::fail(base::Code::expired, "the time of the certificate is over");
  row.certificate = facts.der;
  row.chain = join_chain(chain);
  row.sha256 = facts.fingerprint;
  row.subject = facts.subject;
  row.issuer = facts.issuer;
  row.not_before = facts.not_before;
  row.not_after = facts.not_after;
  if (row.status == "requested") row.status = "active";
  return {};
}

base::Result<void> record_credential(const CertificateAct& act, const store::SigningCredential& row, audit::Code change,
                                     audit::Code why) {
  const Subject subject = row.account_id ? Subject(row.tenant_id, *row.account_id) : Subject(row.tenant_id);
  return store::append_event(
      act.tx, make_event(audit::type::credential_change, act.actor, subject, act.facts,
                         {{"credential", row.id},
                          {"change", change},
                          {"backend", audit::Value::checked_code(row.backend)},
                          {"activation", audit::Value::checked_code(row.activation)},
                          {"token", audit::Value::registered(row.token)},
                          {"fingerprint",
                           row.sha256.empty() ? audit::Value(audit::Code()) : audit::Value::checked_code(row.sha256)},
                          {"until", row.not_after},
                          {"why", why}}));
}

base::Result<void> check_label(std::string_view label) {
  return check_title("the label of the credential", label);
}

}  // namespace flow
