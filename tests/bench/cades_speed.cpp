// CAdES-B over a document of 10 KiB with a software key on P-256, beside the bare operations: one line of JSON.
// Usage: cades_speed [SECONDS]
#include "bench/signer.hpp"
#include "signature/cades/make_cades.hpp"
#include "signature/cades/read_cades.hpp"

namespace {

void run(bench::Speed& speed) {
  const bench::Signer signer;
  const bench::Document content("letter.txt", bench::make_text(0));
  const base::Bytes octets = bench::must(content.octets());
  const auto sign = [&](signature::Packaging packaging) -> base::Result<base::Bytes> {
    signature::SignatureWish wish = signer.wish();
    wish.packaging = packaging;
    ASSIGN_OR_RETURN(const auto prepared, signature::prepare_cades(wish, content));
    ASSIGN_OR_RETURN(const auto value, signer.key.sign(prepared.algorithm, prepared.to_be_signed));
    return signature::complete_cades(prepared.state, value, &content);
  };
  const base::Bytes made = bench::must(sign(signature::Packaging::detached));
  const base::Bytes value = bench::must(signer.key.sign(bench::ecdsa, octets));
  speed.measure("bare_signature", [&] { return signer.key.sign(bench::ecdsa, octets).has_value(); });
  speed.measure("bare_verification", [&] {
    return crypto::verify_signature(signer.key.public_key(), bench::ecdsa, octets, value, crypto::ValueForm::der);
  });
  speed.measure("detached", [&] { return sign(signature::Packaging::detached).has_value(); });
  speed.measure("enveloping", [&] { return sign(signature::Packaging::enveloping).has_value(); });
  speed.measure("read", [&] {
    const auto view = signature::read_cades(made, &content);
    return view.signatures.size() == 1 && view.signatures[0].is_value_right && view.signatures[0].are_digests_right;
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_bench(argc, argv, run);
}
