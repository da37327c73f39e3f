#include "signature/validation/basic_signature.hpp"

#include "signature/validation/cryptographic_verification.hpp"
#include "signature/validation/format_checking.hpp"
#include "signature/validation/identify_signing_certificate.hpp"
#include "signature/validation/past_signature.hpp"
#include "signature/validation/signature_acceptance.hpp"
#include "signature/validation/validation_context.hpp"

namespace signature {
namespace {

bool note(BasicFinding& finding, const char* block, Verdict verdict) {
  finding.blocks.emplace_back(block, verdict);
  finding.verdict = std::move(verdict);
  return finding.verdict.is_passed();
}

}  // namespace

BasicFinding validate_basic_signature(ValidationRun& run, const SignatureView& view) {
  BasicFinding finding;
  if (!note(finding, "format checking", check_format(view))) return finding;
  const Verdict identified = identify_signing_certificate(view);
  const Verdict verified = verify_cryptographically(view);
  // Without a certificate no value can be verified, but a digest that is wrong is wrong.
  const bool is_altered = verified.indication == Indication::total_failed && !view.are_digests_right;
  if (!note(finding, "identification of the signing certificate", identified) && !is_altered) return finding;
  const Verdict context = check_signature_policy(view, run.policy);
  finding.blocks.emplace_back("validation context initialization", context);
  if (!note(finding, "cryptographic verification", verified)) return finding;
  finding.chain = validate_chain(run, view.certificate, ChainPurpose::signature, run.moment.at);
  const Verdict accepted = accept_signature(view, run.policy, run.moment.at);
  finding.blocks.emplace_back("X.509 certificate validation", finding.chain.verdict);
  finding.blocks.emplace_back("signature acceptance validation", accepted);
  // What no proof of existence can change goes before what one can.
  finding.verdict = context;
  for (const bool takes_last : {false, true}) {
    for (const Verdict& one : {finding.chain.verdict, accepted}) {
      if (finding.verdict.is_passed() && !one.is_passed() && (takes_last || !can_existence_help(one))) {
        finding.verdict = one;
      }
    }
  }
  return finding;
}

}  // namespace signature
