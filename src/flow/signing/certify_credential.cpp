#include "flow/signing/certify_credential.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/log.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "crypto/certificate/server_certificate.hpp"
#include "crypto/signing/pkcs12_file.hpp"
#include "crypto/signing/soft_key.hpp"
#include "crypto/signing/token_parts.hpp"
#include "flow/certificate/own_authority.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/signing/soft_keys.hpp"
#include "flow/tenant/features.hpp"
#include "store/account/accounts.hpp"
#include "store/certificate/issued_certificates.hpp"

namespace flow {
namespace {

using rights::Permission;
using store::SigningCredential;

constexpr std::size_t most_certificates = 16;
constexpr base::Duration one_day = std::chrono::hours(24);

tl::unexpected<base::Error> ended() {
  return base::fail(base::Code::conflict, "the credential is revoked");
}

base::Result<FoundOwner> owner_of(store::Tx& tx, const SigningCredential& row) {
  FoundOwner owner;
  ASSIGN_OR_RETURN(auto tenant, store::find_tenant(tx, row.tenant_id));
  if (!tenant) return base::fail(base::Code::internal, "a credential without a tenant");
  owner.tenant = std::move(*tenant);
  if (!row.account_id) return owner;
  ASSIGN_OR_RETURN(owner.account, store::find_account(tx, *row.account_id));
  if (!owner.account) return base::fail(base::Code::internal, "a credential without its account");
  return owner;
}

base::Result<std::vector<base::Bytes>> read_certificates(base::BytesView answer) {
  std::vector<base::Bytes> all;
  const auto blocks = crypto::list_certificates(answer);
  if (blocks.empty()) {
    all = split_chain(answer);
    if (join_chain(all).size() != answer.size()) all.clear();
  }
  for (std::size_t i = 0; i < blocks.size() && i <= most_certificates; ++i) {
    ASSIGN_OR_RETURN(crypto::CertificateFacts facts, crypto::parse_certificate(blocks[i]));
    all.push_back(std::move(facts.der));
  }
  if (all.empty() || all.size() > most_certificates) {
    return base::fail(base::Code::invalid_input, "not 1 to 16 certificates, in PEM or DER");
  }
  return all;
}

/// Renewal puts a new key in the place of the one before it.
struct NextKey {
  base::Bytes spki;
  store::SigningSecrets secrets;
};

base::Result<NextKey> make_next_key(const SigningCredential& row, const store::SigningSecrets& before) {
  // Of the same kind as the present one.
  for (const crypto::SoftKeyKind kind : crypto::all_soft_key_kinds) {
    if (crypto::find_soft_key_kind(row.spki) != kind) continue;
    ASSIGN_OR_RETURN(const crypto::SoftKey made, crypto::SoftKey::generate(kind));
    NextKey next;
    next.spki = made.public_key();
    ASSIGN_OR_RETURN(next.secrets.pkcs8, made.to_pkcs8());
    next.secrets.pin_hash = before.pin_hash;
    return next;
  }
  return NextKey{row.spki, before};
}

/// Of what a person makes without an administrator.
base::Result<void> demand_few_today(store::Tx& tx, const FoundOwner& owner, base::Time now) {
  if (!owner.account) return base::fail(base::Code::internal, "a seal is no key of a person");
  ASSIGN_OR_RETURN(const std::int64_t today,
                   store::count_issued_since(tx, owner.account->id, authority::name_of(authority::Profile::signature),
                                             now - one_day, most_own_certificates));
  if (today < most_own_certificates) return {};
  return base::fail(base::Code::too_many, "as many certificates were made in a day as a person may");
}

}  // namespace

base::Result<base::Bytes> request_certificate(const House& house, const rights::Actor& actor, const base::Id& id,
                                              const RequestWish& wish, const RequestFacts& facts) {
  crypto::RequestSubject subject = wish.subject;
  RETURN_IF_ERROR(demand_administrator(house, actor, facts.now));
  store::SigningSecrets secrets;
  ASSIGN_OR_RETURN(const SigningCredential row, house.store.read([&](store::Tx& tx) -> base::Result<SigningCredential> {
    ASSIGN_OR_RETURN(SigningCredential found, find_administered(tx, actor, id, facts.now));
    if (found.status == "revoked") return ended();
    if (subject.common_name.empty()) {
      ASSIGN_OR_RETURN(const FoundOwner owner, owner_of(tx, found));
      subject.common_name = owner.common_name();
      if (owner.account) subject.given_name = owner.account->given_name;
      if (owner.account) subject.family_name = owner.account->family_name;
      if (!owner.account) subject.organization = owner.tenant.name;
    }
    ASSIGN_OR_RETURN(secrets, store::find_signing_secrets(tx, id));
    return found;
  }));
  crypto::ValueMaker sign;
  if (row.backend == "token") {
    RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
    ASSIGN_OR_RETURN(token::Token* const token, find_token(house, row.token));
    sign = [&, token](crypto::SignatureAlgorithm algorithm, base::BytesView octets) -> base::Result<base::Bytes> {
      ASSIGN_OR_RETURN(auto values, token->sign(wish.token_pin, {row.token_object, algorithm, {base::Bytes(octets)}}));
      return std::move(values.front());
    };
  } else {
    ASSIGN_OR_RETURN(const crypto::SoftKey key, keep_soft_key(row.spki, secrets.pkcs8));
    sign = [key](crypto::SignatureAlgorithm algorithm, base::BytesView octets) { return key.sign(algorithm, octets); };
  }
  ASSIGN_OR_RETURN(base::Bytes request, crypto::make_signing_request(row.spki, subject, sign));
  // The key was used for its own request; that is a change of the credential, and no document was signed.
  RETURN_IF_ERROR(write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const SigningCredential now, find_administered(tx, actor, id, facts.now));
    return record_credential({house, tx, facts, &actor}, now, "requested");
  }));
  return request;
}

base::Result<SigningCredential> import_certificate(const House& house, const rights::Actor& actor, const base::Id& id,
                                                   base::BytesView answer, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_administrator(house, actor, facts.now));
  ASSIGN_OR_RETURN(const auto all, read_certificates(answer));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<SigningCredential> {
    ASSIGN_OR_RETURN(SigningCredential row, find_administered(tx, actor, id, facts.now));
    if (row.status == "revoked") return ended();
    const auto own = std::find_if(all.begin(), all.end(), [&](const base::Bytes& der) {
      const auto parts = crypto::split_certificate(der);
      return parts && parts->public_key == row.spki;
    });
    if (own == all.end()) return base::fail(base::Code::conflict, "no certificate is one of this key");
    std::vector<base::Bytes> others = all;
    others.erase(others.begin() + (own - all.begin()));
    RETURN_IF_ERROR(set_certificate(row, *own, crypto::list_above(*own, std::move(others)), facts.now));
    row.is_own_issue = false;
    row.changed_at = facts.now;
    RETURN_IF_ERROR(store::update_signing_credential(tx, row));
    RETURN_IF_ERROR(record_credential({house, tx, facts, &actor}, row, "certified"));
    ++row.version;
    return row;
  });
}

base::Result<SigningCredential> renew_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                                 const base::Secret& token_pin, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_administrator(house, actor, facts.now));
  const bool is_manager = actor.may(Permission::manage_credentials);
  const auto find = [&](store::Tx& tx) -> base::Result<SigningCredential> {
    ASSIGN_OR_RETURN(SigningCredential row, find_administered(tx, actor, id, facts.now));
    if (row.status == "revoked") return ended();
    if (row.backend == "token") RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
    if (is_manager) return row;
    ASSIGN_OR_RETURN(const FoundOwner owner, owner_of(tx, row));
    RETURN_IF_ERROR(row.is_own_issue ? demand_few_today(tx, owner, facts.now)
                                     : demand_own_certificate(tx, actor, owner, facts.now));
    return row;
  };
  store::SigningSecrets before;
  ASSIGN_OR_RETURN(const SigningCredential present,
                   house.store.read([&](store::Tx& tx) -> base::Result<SigningCredential> {
                     ASSIGN_OR_RETURN(SigningCredential row, find(tx));
                     ASSIGN_OR_RETURN(before, store::find_signing_secrets(tx, id));
                     return row;
                   }));
  NextKey next{present.spki, before};
  if (present.backend == "software") {
    ASSIGN_OR_RETURN(next, make_next_key(present, before));
  }
  ASSIGN_OR_RETURN(const SigningCredential renewed, sign_ahead([&](SignedAhead& ahead) {
                     return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<SigningCredential> {
                       const CertificateAct act{house, tx, facts, &actor, &ahead};
                       ASSIGN_OR_RETURN(SigningCredential row, find(tx));
                       if (row.version != present.version) {
                         return base::fail(base::Code::conflict, "the credential was changed meanwhile");
                       }
                       ASSIGN_OR_RETURN(const FoundOwner owner, owner_of(tx, row));
                       row.spki = next.spki;
                       const std::string vouched = row.subject;
                       RETURN_IF_ERROR(certify_by_own_authority(act, owner, row));
                       // The person may have another name now, for which nobody has vouched.
                       if (!is_manager && row.subject != vouched) {
                         RETURN_IF_ERROR(demand_feature(tx, row.tenant_id, Feature::own_certificates));
                       }
                       row.changed_at = facts.now;
                       RETURN_IF_ERROR(store::update_signing_credential(tx, row));
                       if (row.backend == "software") RETURN_IF_ERROR(store::set_signing_secrets(tx, id, next.secrets));
                       RETURN_IF_ERROR(record_credential(act, row, "renewed"));
                       ++row.version;
                       return row;
                     });
                   }));
  RETURN_IF_ERROR(put_on_token(house, renewed, token_pin));
  return renewed;
}

base::Result<void> demand_own_certificate(store::Tx& tx, const rights::Actor& actor, const FoundOwner& owner,
                                          base::Time now) {
  if (actor.may(Permission::manage_credentials)) return {};
  const bool is_own = owner.account && !actor.is_operator() && !actor.is_acting() &&
                      owner.account->id == actor.account().id && actor.may(Permission::sign);
  if (!is_own) return demand_permission(actor, Permission::manage_credentials);
  RETURN_IF_ERROR(demand_feature(tx, owner.tenant.id, Feature::own_certificates));
  return demand_few_today(tx, owner, now);
}

base::Result<bool> may_certify_self(const House& house, const rights::Actor& actor) {
  if (actor.is_operator() || actor.is_acting() || !actor.may(Permission::sign)) return false;
  return house.store.read([&](store::Tx& tx) -> base::Result<bool> {
    const base::Id& tenant_id = actor.account().tenant_id;
    if (!find_issuing_authority(tx, tenant_id)) return false;
    if (actor.may(Permission::manage_credentials)) return true;
    return has_feature(tx, tenant_id, Feature::own_certificates);
  });
}

base::Result<void> certify_by_own_authority(const CertificateAct& act, const FoundOwner& owner,
                                            SigningCredential& row) {
  CertificateWish wish;
  wish.profile = authority::Profile::signature;
  wish.tenant_id = owner.tenant.id;
  if (owner.account) wish.account_id = owner.account->id;
  wish.common_name = owner.common_name();
  if (owner.account) wish.given_name = owner.account->given_name;
  if (owner.account) wish.family_name = owner.account->family_name;
  wish.public_key = row.spki;
  ASSIGN_OR_RETURN(const IssuedCertificate issued, issue_certificate(act, wish));
  RETURN_IF_ERROR(set_certificate(row, issued.der, issued.chain, act.facts.now));
  row.is_own_issue = true;
  return {};
}

base::Result<void> put_on_token(const House& house, const SigningCredential& row, const base::Secret& token_pin) {
  if (row.backend != "token" || row.certificate.empty()) return {};
  ASSIGN_OR_RETURN(token::Token* const token, find_token(house, row.token));
  const auto put = token->import_certificate(token_pin, row.token_object, row.certificate);
  // The credential works without it; other programs that use the card miss it.
  if (!put) {
    base::log(base::Level::warning, "a certificate was not written to its token",
              {{"token", row.token}, {"reason", put.error().reason}});
  }
  return {};
}

}  // namespace flow
