#include "flow/identifier/read_certificate.hpp"

#include "audit/event.hpp"
#include "authority/profile.hpp"
#include "crypto/certificate/certificate.hpp"
#include "flow/house/record.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/issued_certificates.hpp"

namespace flow {
namespace {

constexpr std::size_t most_certificates = 10;

base::Result<bool> is_issued_for(store::Tx& tx, const identity::Account& account, std::string_view fingerprint) {
  ASSIGN_OR_RETURN(const auto issued, store::find_issued(tx, fingerprint));
  return issued && issued->account_id == account.id &&
         issued->profile == authority::name_of(authority::Profile::person_login);
}

/// Whoever has only uploaded it must not keep it from the holder of its key.
base::Result<void> take_from(store::Tx& tx, const base::Id& account_id, std::string_view fingerprint,
                             const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, account_id));
  if (!account) return base::fail(base::Code::internal, "a certificate without its account");
  RETURN_IF_ERROR(store::delete_certificate(tx, account_id, fingerprint));
  return store::append_event(tx, make_event(audit::type::account_change, *account, facts,
                                            {{"fields", "certificate"},
                                             {"change", "taken_over"},
                                             {"fingerprint", audit::Value::checked_code(fingerprint)}}));
}

}  // namespace

ReadCertificate read_certificate(std::string_view octets, base::Time now) {
  const auto read = crypto::parse_certificate(octets);
  if (!read) return {"own.flaw.certificate_broken", {}};
  if (read->not_after <= now) return {"own.flaw.certificate_expired", {}};
  return {{},
          {read->fingerprint, read->der, read->subject, read->issuer, read->serial, read->not_before, read->not_after,
           false}};
}

base::Result<std::string> insert_certificate_of(store::Tx& tx, const identity::Account& account,
                                                store::Certificate certificate, const RequestFacts& facts) {
  if (!certificate.is_proven) {
    ASSIGN_OR_RETURN(certificate.is_proven, is_issued_for(tx, account, certificate.fingerprint));
  }
  ASSIGN_OR_RETURN(const auto place, store::find_certificate_place(tx, certificate.fingerprint));
  const bool is_own = place && place->account_id == account.id;
  if (is_own && (place->is_proven || !certificate.is_proven)) return std::string("own.flaw.certificate_own_already");
  if (is_own) {
    RETURN_IF_ERROR(store::mark_certificate_verified(tx, account.id, certificate.fingerprint, facts.now));
    return std::string();
  }
  ASSIGN_OR_RETURN(const auto there, store::list_certificates(tx, account.id));
  if (there.size() >= most_certificates) return std::string("own.flaw.certificate_many");
  if (place && certificate.is_proven && !place->is_proven) {
    RETURN_IF_ERROR(take_from(tx, place->account_id, certificate.fingerprint, facts));
  }
  RETURN_IF_ERROR(store::insert_certificate(tx, account.id, certificate, facts.now));
  return std::string();
}

}  // namespace flow
