// The proof by a certificate (S4.4): TLS has proven its key at the listener for
// certificates; here its authority, its validity and usage and its revocation
// are judged, and whose it is. It names the account by its fingerprint, or by
// what a configured authority writes into it (PESEL, serial number of the
// subject).
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/proof/certificate_handoff.hpp"
#include "flow/proof/settle_proof.hpp"

namespace flow {

class CertificateProof : public ComparedProof {
 public:
  [[nodiscard]] rights::ProofMethod method() const override { return method_; }
  base::Result<Held> read_again(store::Tx& tx, const base::Id& account_id) override;
  base::Result<bool> take(store::Tx& tx, const identity::Account& account, base::Time now) override;
  [[nodiscard]] bool is_judged() const override { return !number_.empty(); }
  [[nodiscard]] audit::Code flaw() const override { return flaw_; }

 private:
  friend class CertificateComparison;
  rights::ProofMethod method_ = rights::ProofMethod::certificate;
  std::string fingerprint_;
  bool is_registered_ = false;  // by its fingerprint; otherwise by what is in it
  base::Bytes number_;          // which hand-over it is; "" = none, or it came too late
  audit::Code flaw_;
};

/// `presented`: what the listener handed over for the errand; "" = no
/// certificate was chosen. A claim without an account: the certificate names
/// it. Judges whatever the account, so that a refusal costs the same. Errors:
/// unavailable.
base::Result<CertificateProof> compare_certificate(const Proving& proving, Claim claim, const CertificateErrand& errand,
                                                   const base::Secret& presented);

}  // namespace flow
