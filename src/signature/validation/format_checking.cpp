#include "signature/validation/format_checking.hpp"

namespace signature {

Verdict check_format(const SignatureView& view) {
  if (view.format_flaw.empty()) return passed();
  return failed(SubIndication::format_failure, view.format_flaw, view.format_detail);
}

}  // namespace signature
