// The reader of XML signatures. Whatever the octets are, a signature that is right is one of the seed's: nobody who
// changes octets can make another, so that every other combination of "right" is a mistake of the reader.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "signature/xades/xades_reader.hpp"

namespace {

void demand(bool good) {
  if (!good) std::abort();
}

void check(const signature::SignatureView& view) {
  const bool is_right = view.format_flaw.empty() && view.is_data_found && view.are_digests_right && view.is_value_right;
  if (is_right) {
    demand(!view.certificate.empty() && view.algorithm.has_value());
    demand(!view.scope.empty());
    demand(!view.has_certificate_reference || view.matches_certificate_reference);
  }
  for (const auto& timestamp : view.timestamps) static_cast<void>(timestamp.find_imprint(crypto::DigestKind::sha256));
  for (const auto& counter : view.counter_signatures) check(counter);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto view = signature::read_xades({reinterpret_cast<const char*>(data), size}, {});
  demand(view.flaw.empty() == !view.signatures.empty());
  for (const auto& one : view.signatures) check(one);
  return 0;
}
