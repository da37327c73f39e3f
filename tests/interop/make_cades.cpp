// Writes CAdES signatures of every kind into the folder that is named, for openssl to judge: root.pem, tsa.pem,
// content, and NAME.p7s for each. Used by timestamp.mjs.
#include "signature/cades/make_cades.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/cms/timestamp_token.hpp"
#include "crypto/signing/soft_key.hpp"

namespace {

using crypto::DigestKind;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;
using crypto::SoftKey;
using crypto::SoftKeyKind;
using signature::Packaging;

constexpr const char* text = "Dear Ewa,\nall is well.\n";

class Text : public signature::Content {
 public:
  [[nodiscard]] base::Result<base::Bytes> digest(DigestKind kind) const override { return crypto::digest(kind, text); }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return base::Bytes(text); }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string name_ = "content";
};

crypto::CertificateTemplate certificate_for(const std::string& name, const base::Bytes& public_key) {
  crypto::CertificateTemplate wanted;
  wanted.serial = crypto::make_serial();
  wanted.common_name = name;
  wanted.not_before = base::now() - std::chrono::hours(24);
  wanted.not_after = base::now() + std::chrono::hours(24 * 100);
  wanted.public_key = public_key;
  wanted.key_uses = {crypto::KeyUse::digital_signature};
  wanted.extended_uses = {crypto::ExtendedUse::email_protection};
  return wanted;
}

struct Maker {
  std::string folder;
  crypto::KeyPair root_key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Bytes root = make_root();
  SoftKey stamping_key = SoftKey::generate(SoftKeyKind::ec_p256).value();
  crypto::TimestampSigner stamper = make_stamper();
  Text content;

  explicit Maker(std::string where) : folder(std::move(where)) {}

  [[nodiscard]] base::Bytes make_root() const {
    auto wanted = certificate_for("Test Root", root_key.public_key());
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.extended_uses = {};
    wanted.is_authority = true;
    return crypto::issue_root(wanted, root_key).value();
  }
  [[nodiscard]] crypto::TimestampSigner make_stamper() const {
    auto wanted = certificate_for("Test TSA", stamping_key.public_key());
    wanted.extended_uses = {crypto::ExtendedUse::time_stamping};
    wanted.is_time_stamp_only = true;
    constexpr SignatureAlgorithm algorithm{SignatureScheme::ecdsa, DigestKind::sha256};
    return {
        crypto::issue(wanted, {root, root_key}).value(), {}, algorithm, [key = stamping_key](base::BytesView octets) {
          return key.sign(algorithm, octets);
        }};
  }
  void write(const std::string& name, base::BytesView octets) const {
    std::ofstream(folder + "/" + name, std::ios::binary)
        .write(octets.data(), static_cast<std::streamsize>(octets.size()));
  }
  [[nodiscard]] base::Bytes stamp(base::BytesView octets) const {
    crypto::TimestampInfo info;
    info.policy = "2.999.1";
    info.imprint = crypto::digest(DigestKind::sha256, octets);
    info.serial = base::random_bytes(8);
    info.serial.front() = '\x01';
    info.at = base::now();
    return crypto::make_timestamp_token(info, stamper, true).value();
  }

  void make(const std::string& name, SoftKeyKind kind, SignatureAlgorithm algorithm, Packaging packaging) const {
    const SoftKey key = SoftKey::generate(kind).value();
    signature::SignatureWish wish;
    wish.packaging = packaging;
    wish.certificate = crypto::issue(certificate_for("Anna Nowak", key.public_key()), {root, root_key}).value();
    wish.algorithm = algorithm;
    wish.signing_time = base::now();
    wish.commitment = "1.2.840.113549.1.9.16.6.1";
    wish.role = "Doctor";
    wish.media_type = "text/plain";
    const auto prepared = signature::prepare_cades(wish, content).value();
    const base::Bytes value = key.sign(algorithm, prepared.to_be_signed).value();
    base::Bytes made = signature::complete_cades(prepared.state, value, &content).value();
    write(name + ".p7s", made);
    const base::Bytes token = stamp(signature::stamped_octets(made, 0).value());
    made = signature::add_signature_timestamp(made, 0, token).value();
    const Packaging inside = Packaging::enveloping;
    const auto second = signature::prepare_parallel_cades(wish, made, packaging == inside ? nullptr : &content).value();
    const base::Bytes other = key.sign(algorithm, second.to_be_signed).value();
    write(name + "-T.p7s", made);
    write(name + "-T.token", token);
    made = signature::complete_parallel_cades(second.state, other, made).value();
    const auto counter = signature::prepare_countersignature(wish, made, 0).value();
    const base::Bytes third = key.sign(algorithm, counter.to_be_signed).value();
    write(name + "-three.p7s", signature::complete_countersignature(counter.state, third, made).value());
  }
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "make_cades FOLDER\n";
    return EXIT_FAILURE;
  }
  const Maker maker(arguments[1]);
  maker.write("root.pem", crypto::to_pem(maker.root));
  maker.write("tsa.pem", crypto::to_pem(maker.stamper.certificate));
  maker.write("content", text);
  struct Kind {
    const char* name;
    SoftKeyKind key;
    SignatureScheme scheme;
    DigestKind digest;
  };
  for (const Kind& one : {Kind{"ec-p256", SoftKeyKind::ec_p256, SignatureScheme::ecdsa, DigestKind::sha256},
                          Kind{"ec-p384", SoftKeyKind::ec_p384, SignatureScheme::ecdsa, DigestKind::sha384},
                          Kind{"brainpool", SoftKeyKind::brainpool_p256, SignatureScheme::ecdsa, DigestKind::sha256},
                          Kind{"rsa", SoftKeyKind::rsa_2048, SignatureScheme::rsa_pkcs1, DigestKind::sha512},
                          Kind{"pss", SoftKeyKind::rsa_2048, SignatureScheme::rsa_pss, DigestKind::sha256}}) {
    for (const Packaging packaging : {Packaging::detached, Packaging::enveloping}) {
      const std::string name = std::string(one.name) + (packaging == Packaging::detached ? "-detached" : "-attached");
      maker.make(name, one.key, {one.scheme, one.digest}, packaging);
    }
  }
  return EXIT_SUCCESS;
}
