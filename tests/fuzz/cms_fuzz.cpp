// CMS signatures of strangers: whatever is read is judged, extended and read again.
#include <cstdint>

#include "signature/cades/make_cades.hpp"
#include "signature/cades/read_cades.hpp"

namespace {

class Text : public signature::Content {
 public:
  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    return crypto::digest(kind, "a text");
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return base::Bytes("a text"); }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string name_ = "text";
};

std::size_t look(const signature::SignatureView& view) {
  std::size_t counted = 1;
  for (const signature::TimestampView& stamp : view.timestamps) {
    static_cast<void>(stamp.find_imprint(crypto::DigestKind::sha256).has_value());
  }
  for (const signature::SignatureView& counter : view.counter_signatures) counted += look(counter);
  return counted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  const Text text;
  const signature::DocumentView document = signature::read_cades(input, &text);
  static_cast<void>(signature::is_cms_signature(input));
  static_cast<void>(signature::read_attached_content(input).has_value());
  if (document.flaw.empty() == document.signatures.empty()) __builtin_trap();
  if (document.signatures.size() > signature::most_cades_signers) __builtin_trap();
  for (const signature::SignatureView& view : document.signatures) {
    if (look(view) > 65) __builtin_trap();
  }
  const auto signers = signature::count_signers(input);
  if (!signers) return 0;
  for (std::size_t i = 0; i < *signers; ++i) static_cast<void>(signature::stamped_octets(input, i).has_value());
  return 0;
}
