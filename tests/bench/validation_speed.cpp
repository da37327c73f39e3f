// Validation of CAdES-B and XAdES-B with the path of three certificates and lists of revoked ones that are at hand,
// beside the bare verifications. A hundred documents of 10 KiB in turn, by one signer: what depends on certificates and
// lists alone is kept between them, as in the server. One line of JSON. Usage: validation_speed [SECONDS]
#include "bench/signer.hpp"
#include "signature/cades/make_cades.hpp"
#include "signature/cades/read_cades.hpp"
#include "signature/validation/validate_signature.hpp"
#include "signature/xades/xades_reader.hpp"
#include "signature/xades/xades_writer.hpp"

namespace {

constexpr std::size_t many = 100;

struct Signed {
  std::vector<base::Bytes> texts;
  std::vector<base::Bytes> letters;
  std::vector<base::Bytes> documents;
};

Signed sign_all(const bench::Signer& signer) {
  Signed all;
  for (std::size_t i = 0; i < many; ++i) {
    const bench::Document text("letter.txt", bench::make_text(static_cast<int>(i)));
    const auto letter = bench::must(signature::prepare_cades(signer.wish(), text));
    const base::Bytes value = bench::must(signer.key.sign(letter.algorithm, letter.to_be_signed));
    all.texts.push_back(bench::must(text.octets()));
    all.letters.push_back(bench::must(signature::complete_cades(letter.state, value, &text)));

    const bench::Document xml("letter.xml", bench::make_xml(static_cast<int>(i)));
    signature::SignatureWish wish = signer.wish();
    wish.packaging = signature::Packaging::enveloped;
    const auto document = bench::must(signature::prepare_xades(wish, {&xml}));
    const base::Bytes der = bench::must(signer.key.sign(document.algorithm, document.to_be_signed));
    const base::Bytes raw = bench::must(
        crypto::convert_value(signer.key.public_key(), der, crypto::ValueForm::der, crypto::ValueForm::raw));
    all.documents.push_back(bench::must(signature::complete_xades(document.state, raw)));
  }
  return all;
}

void run(bench::Speed& speed) {
  const bench::Signer signer;
  const Signed all = sign_all(signer);
  const signature::ValidationPolicy policy = signature::default_policy();
  signature::Material material;
  material.certificates = {signer.issuing};
  material.signature_anchors = {signer.root};
  for (const base::Bytes& list : signer.lists()) material.revocation.push_back({list, true, "own"});
  std::size_t turn = 0;
  const auto is_good = [&](const signature::DocumentView& view) {
    const base::Time now = base::now();
    const auto report = signature::validate_document(view, material, policy, {now, now}).report;
    return report.verdict.indication == signature::Indication::total_passed &&
           report.signatures.front().certificates.size() == 3 &&
           report.signatures.front().certificates.front().revocation == "good";
  };
  const base::Bytes value = bench::must(signer.key.sign(bench::ecdsa, all.texts.front()));
  speed.measure("bare_verification", [&] {
    return crypto::verify_signature(signer.key.public_key(), bench::ecdsa, all.texts.front(), value,
                                    crypto::ValueForm::der);
  });
  speed.measure("cades", [&] {
    const std::size_t i = ++turn % many;
    const bench::Document content("letter.txt", all.texts[i]);
    return is_good(signature::read_cades(all.letters[i], &content));
  });
  speed.measure("xades", [&] { return is_good(signature::read_xades(all.documents[++turn % many], {})); });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_bench(argc, argv, run);
}
