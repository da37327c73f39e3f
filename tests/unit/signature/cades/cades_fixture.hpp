// Makes CAdES signatures for tests, right ones in the two steps and wrong ones by hand.
#pragma once

#include <map>
#include <utility>

#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/certificate_parts.hpp"
#include "crypto/cms/signed_data.hpp"
#include "signature/cades/make_cades.hpp"
#include "signature/cades/read_cades.hpp"
#include "unit/crypto/cms/signers.hpp"

namespace testing {

class MemoryContent : public signature::Content {
 public:
  explicit MemoryContent(base::Bytes octets, std::string name = "letter.txt")
      : octets_(std::move(octets)), name_(std::move(name)) {}
  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    return crypto::digest(kind, octets_);
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return octets_; }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  base::Bytes octets_;
  std::string name_;
};

/// Only the digest by SHA-256 is known.
class DigestContent : public signature::Content {
 public:
  explicit DigestContent(base::Bytes digest) : digest_(std::move(digest)) {}
  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    if (kind != crypto::DigestKind::sha256) return base::fail(base::Code::not_found, "another digest");
    return digest_;
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override {
    return base::fail(base::Code::not_found, "only a digest");
  }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  base::Bytes digest_;
  std::string name_ = "letter.txt";
};

struct CadesFixture {
  SmallAuthority authority;
  Signer anna = make_signer(authority, "Anna Nowak");
  Signer piotr = make_signer(authority, "Piotr Zieliński", crypto::SoftKeyKind::rsa_2048);
  MemoryContent content{"Dear Ewa,\nall is well.\n"};

  [[nodiscard]] signature::SignatureWish wish(const Signer& signer, crypto::SignatureAlgorithm algorithm) const {
    signature::SignatureWish one;
    one.certificate = signer.certificate;
    one.chain = {authority.issuing};
    one.algorithm = algorithm;
    one.signing_time = noon;
    return one;
  }
  [[nodiscard]] signature::SignatureWish wish() const { return wish(anna, ecdsa_256); }

  [[nodiscard]] base::Bytes sign(const signature::SignatureWish& wanted, const Signer& signer) const {
    const auto prepared = signature::prepare_cades(wanted, content);
    REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
    const base::Bytes value = signer.sign(prepared->algorithm, prepared->to_be_signed);
    auto made = signature::complete_cades(prepared->state, value, &content);
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *made;
  }
  [[nodiscard]] base::Bytes sign() const { return sign(wish(), anna); }
  [[nodiscard]] base::Bytes sign_enveloping() const {
    auto wanted = wish();
    wanted.packaging = signature::Packaging::enveloping;
    return sign(wanted, anna);
  }

  [[nodiscard]] signature::SignatureView read(base::BytesView octets) const {
    const auto document = signature::read_cades(octets, &content);
    REQUIRE_MESSAGE(document.flaw.empty(), document.flaw, " ", document.detail);
    REQUIRE(document.signatures.size() == 1);
    return document.signatures.front();
  }

  [[nodiscard]] base::Bytes token_for(base::BytesView octets) const {
    const auto signer = make_stamper(authority, soft_key_of(crypto::SoftKeyKind::ec_p256), ecdsa_256);
    return crypto::make_timestamp_token(info_about(octets), signer, true).value();
  }
};

inline bool is_right(const signature::SignatureView& view) {
  return view.format_flaw.empty() && view.breach.empty() && view.is_data_found && view.are_digests_right &&
         view.is_value_right && view.matches_certificate_reference;
}

/// A signature whose attributes are chosen one by one; signed by Anna with SHA-256.
struct HandMade {
  const CadesFixture& f;
  std::vector<base::Bytes> attributes;
  base::Bytes digest_algorithm = crypto::cms::make_identifier(crypto::DigestKind::sha256);
  base::Bytes signature_algorithm = crypto::cms::make_identifier(ecdsa_256);
  base::Bytes unsigned_attributes;
  bool is_sorted = true;

  explicit HandMade(const CadesFixture& fixture) : f(fixture) {
    namespace cms = crypto::cms;
    namespace der = crypto::der;
    attributes = {type(cms::id_data), digest(),
                  cms::make_signing_certificate(f.anna.certificate, crypto::DigestKind::sha256).value(),
                  cms::make_attribute(cms::signing_time, der::make_time(noon))};
  }
  static base::Bytes type(const crypto::der::Oid& oid) {
    return crypto::cms::make_attribute(crypto::cms::content_type, crypto::der::make(oid));
  }
  [[nodiscard]] base::Bytes digest() const {
    return crypto::cms::make_attribute(
        crypto::cms::message_digest,
        crypto::der::make(crypto::der::octet_string, f.content.digest(crypto::DigestKind::sha256).value()));
  }
  [[nodiscard]] base::Bytes joined() const {
    std::vector<base::Bytes> all = attributes;
    if (is_sorted) std::sort(all.begin(), all.end());
    base::Bytes content;
    for (const base::Bytes& one : all) content.append(one);
    return content;
  }
  /// The SignerInfo over the attributes as they stand.
  [[nodiscard]] base::Bytes signer() const {
    namespace cms = crypto::cms;
    const auto parts = cms::read_certificate_parts(f.anna.certificate).value();
    const base::Bytes content = joined();
    const base::Bytes value = f.anna.sign(ecdsa_256, cms::octets_to_sign(content));
    base::Bytes made =
        cms::make_signer({parts.issuer, parts.serial, digest_algorithm, content, signature_algorithm}, value);
    if (unsigned_attributes.empty()) return made;
    return cms::add_unsigned(cms::read_signer(made).value(), unsigned_attributes);
  }
  [[nodiscard]] static base::Bytes wrap(const base::Bytes& signer, const base::Bytes& certificate) {
    crypto::cms::SignedDataParts parts;
    parts.digest_algorithms = {crypto::cms::make_identifier(crypto::DigestKind::sha256)};
    parts.content_type = crypto::cms::id_data.content();
    parts.certificates = {certificate};
    parts.signers = {signer};
    return crypto::cms::make_signed_data(parts);
  }
  [[nodiscard]] base::Bytes make() const { return wrap(signer(), f.anna.certificate); }
  [[nodiscard]] std::string flaw() const { return f.read(make()).format_flaw; }
};

}  // namespace testing
