// XAdES-B over a document of 10 KiB with a software key on P-256, beside the bare operations: xades_speed [SECONDS]
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "crypto/certificate/issue.hpp"
#include "crypto/signing/soft_key.hpp"
#include "signature/xades/xades_reader.hpp"
#include "signature/xades/xades_writer.hpp"

namespace {

class MemoryContent : public signature::Content {
 public:
  explicit MemoryContent(base::Bytes octets) : octets_(std::move(octets)) {}
  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    return crypto::digest(kind, octets_);
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return octets_; }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  base::Bytes octets_;
  std::string name_ = "letter.xml";
};

std::string make_document() {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\n";
  for (int i = 0; text.size() < 10 * 1024; ++i)
    text += "  <entry ID=\"e" + std::to_string(i) + "\"><code code=\"" + std::to_string(i) +
            "\" codeSystem=\"2.999\"/><text>1 tablet in the morning</text></entry>\n";
  return text + "</ClinicalDocument>\n";
}

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error()));
  return std::move(*result);
}

template <class Do>
void measure(const char* what, double seconds, const Do& one) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t done = 0;
  double taken = 0;
  while (taken < seconds) {
    for (int i = 0; i < 20; ++i, ++done)
      if (!one()) throw std::runtime_error(what);
    taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  std::cout << what << ": " << static_cast<long>(static_cast<double>(done) / taken) << "/s\n";
}

void run(double seconds) {
  const auto key = must(crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256));
  const auto authority = must(crypto::KeyPair::generate(crypto::KeyKind::ec_p256));
  crypto::CertificateTemplate wanted;
  wanted.serial = crypto::make_serial();
  wanted.common_name = "Authority";
  wanted.not_before = base::now();
  wanted.not_after = base::now() + std::chrono::hours(24);
  wanted.key_uses = {crypto::KeyUse::sign_certificates};
  wanted.is_authority = true;
  const base::Bytes root = must(crypto::issue_root(wanted, authority));
  wanted.serial = crypto::make_serial();
  wanted.key_uses = {crypto::KeyUse::digital_signature};
  wanted.is_authority = false;
  wanted.common_name = "Anna";
  wanted.public_key = key.public_key();

  signature::SignatureWish wish;
  wish.packaging = signature::Packaging::enveloped;
  wish.certificate = must(crypto::issue(wanted, {root, authority}));
  wish.chain = {root};
  wish.signing_time = base::now();
  wish.unique_part = "0123456789abcdef";
  const MemoryContent content(make_document());

  const auto sign = [&]() -> base::Result<base::Bytes> {
    ASSIGN_OR_RETURN(const auto prepared, signature::prepare_xades(wish, {&content}));
    ASSIGN_OR_RETURN(const auto der, key.sign(prepared.algorithm, prepared.to_be_signed));
    ASSIGN_OR_RETURN(const auto raw,
                     crypto::convert_value(key.public_key(), der, crypto::ValueForm::der, crypto::ValueForm::raw));
    return signature::complete_xades(prepared.state, raw);
  };
  const base::Bytes text = must(sign());
  const base::Bytes value = must(key.sign(wish.algorithm, text));
  measure("bare signature", seconds, [&] { return key.sign(wish.algorithm, text).has_value(); });
  measure("bare verification", seconds, [&] {
    return crypto::verify_signature(key.public_key(), wish.algorithm, text, value, crypto::ValueForm::der);
  });
  measure("XAdES-B signed", seconds, [&] { return sign().has_value(); });
  measure("XAdES-B read and verified", seconds, [&] {
    const auto view = signature::read_xades(text, {});
    return view.signatures.size() == 1 && view.signatures[0].is_value_right && view.signatures[0].are_digests_right;
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc > 1 ? std::strtod(argv[1], nullptr) : 2);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
