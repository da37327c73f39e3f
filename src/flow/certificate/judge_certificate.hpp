// Judges a certificate whose key TLS has proven, for a purpose: path and usage, validity, revocation. Own certificates
// are looked up in the database, so that a revocation counts at once; of an authority of others the newest list or
// answer counts that was fetched. Nothing here waits for another server.
#pragma once

#include <optional>
#include <string>

#include "audit/value.hpp"
#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "rights/proofs.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "store/engine/store.hpp"
#include "trust/purpose.hpp"

namespace flow {

/// A certificate, whoever issued it.
struct CertificateJudgement {
  std::string fingerprint;  // SHA-256 of the DER, lower-case hexadecimal; also of a refused one that could be read
  /// Why it is refused; "" = good. For the audit log: certificate_broken, certificate_expired, certificate_early,
  /// certificate_revoked, certificate_untrusted, certificate_usage, certificate_weak, certificate_unchecked.
  audit::Code flaw{};
  std::optional<store::IssuedRow> own{};       // the own authority issued it
  std::optional<store::TrustAnchor> anchor{};  // the anchor of its path, of an authority of others
};
/// `der`: as received. Reads own authorities, anchors and what was fetched, in the transaction. Errors: unavailable.
base::Result<CertificateJudgement> judge_certificate(store::Tx& tx, base::BytesView der, trust::Purpose purpose,
                                                     base::Time now);

/// What is good for a login of a person.
struct JudgedCertificate {
  std::string fingerprint;
  audit::Code flaw;                                               // as in CertificateJudgement
  rights::ProofMethod method = rights::ProofMethod::certificate;  // … _hardware, _card: as its authority is configured
  base::Id tenant_id;  // whose people the authority may name (that of the authority or anchor); none = everybody's
  std::string
      person_type;  // with a matching rule of the authority: "pesel", "passport", "id_card"; "" = by fingerprint
  std::string person_value;  // canonical
};
/// The same for the purpose person_login, with whom it names. Errors: unavailable.
base::Result<JudgedCertificate> judge_person_certificate(store::Tx& tx, base::BytesView der, base::Time now);

}  // namespace flow
