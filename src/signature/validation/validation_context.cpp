#include "signature/validation/validation_context.hpp"

#include "crypto/digest/digest.hpp"

namespace signature {

ValidationRun begin_run(const SignatureView& view, const Material& material, const ValidationPolicy& policy,
                        Moment moment) {
  ValidationRun run{policy, material, moment, view.certificates, {}, {}};
  run.certificates.insert(run.certificates.end(), material.certificates.begin(), material.certificates.end());
  for (const base::Bytes& one : view.lists) run.revocation.push_back({one, true, "embedded"});
  for (const base::Bytes& one : view.ocsp_answers) run.revocation.push_back({one, false, "embedded"});
  run.revocation.insert(run.revocation.end(), material.revocation.begin(), material.revocation.end());
  // Once for all certificates that are looked for: lists may have megabytes.
  for (RevocationSource& one : run.revocation) one.mark = crypto::sha256(one.octets);
  return run;
}

Verdict check_signature_policy(const SignatureView& view, const ValidationPolicy& policy) {
  if (view.policy.empty()) return passed();
  const auto known = policy.signature_policies.find(view.policy);
  if (known == policy.signature_policies.end()) {
    if (policy.ignores_unknown_policies) return passed();
    return undecided(SubIndication::signature_policy_not_available, "signature_policy_unknown", view.policy);
  }
  if (!known->second.empty() && base::to_hex(view.policy_digest) != known->second) {
    return undecided(SubIndication::policy_processing_error, "signature_policy_differs", view.policy);
  }
  return passed();
}

}  // namespace signature
