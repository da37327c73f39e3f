// XAdES-B enveloped in a document of 10 KiB with a software key on P-256, beside the bare operations: one line of JSON.
// Usage: xades_speed [SECONDS]
#include "bench/signer.hpp"
#include "signature/xades/xades_reader.hpp"
#include "signature/xades/xades_writer.hpp"
#include "xml/canonicalize.hpp"

namespace {

void run(bench::Speed& speed) {
  const bench::Signer signer;
  const base::Bytes text = bench::make_xml(0);
  const bench::Document content("letter.xml", text);
  const auto sign = [&]() -> base::Result<base::Bytes> {
    signature::SignatureWish wish = signer.wish();
    wish.packaging = signature::Packaging::enveloped;
    ASSIGN_OR_RETURN(const auto prepared, signature::prepare_xades(wish, {&content}));
    ASSIGN_OR_RETURN(const auto der, signer.key.sign(prepared.algorithm, prepared.to_be_signed));
    ASSIGN_OR_RETURN(const auto raw, crypto::convert_value(signer.key.public_key(), der, crypto::ValueForm::der,
                                                           crypto::ValueForm::raw));
    return signature::complete_xades(prepared.state, raw);
  };
  const base::Bytes made = bench::must(sign());
  const base::Bytes value = bench::must(signer.key.sign(bench::ecdsa, text));
  speed.measure("bare_signature", [&] { return signer.key.sign(bench::ecdsa, text).has_value(); });
  speed.measure("bare_verification", [&] {
    return crypto::verify_signature(signer.key.public_key(), bench::ecdsa, text, value, crypto::ValueForm::der);
  });
  speed.measure("parse", [&] { return xml::parse(text).document.has_value(); });
  speed.measure("parse_and_canonicalize", [&] {
    const xml::Parsed parsed = xml::parse(text);
    return xml::canonicalize(*parsed.document, xml::Selection{}).has_value();
  });
  speed.measure("enveloped", [&] { return sign().has_value(); });
  speed.measure("read", [&] {
    const auto view = signature::read_xades(made, {});
    return view.signatures.size() == 1 && view.signatures[0].is_value_right && view.signatures[0].are_digests_right;
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_bench(argc, argv, run);
}
