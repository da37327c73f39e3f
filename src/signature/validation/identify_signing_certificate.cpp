#include "signature/validation/identify_signing_certificate.hpp"

#include "signature/validation/validation_run.hpp"

namespace signature {

Verdict identify_signing_certificate(const SignatureView& view) {
  constexpr auto none = SubIndication::no_signing_certificate_found;
  if (view.certificate.empty()) return undecided(none, "no_signing_certificate");
  if (!find_details(view.certificate)) return undecided(none, "signing_certificate_unreadable");
  if (view.has_certificate_reference && !view.matches_certificate_reference) {
    return undecided(none, "signing_certificate_differs");
  }
  return passed();
}

}  // namespace signature
