// A person with a key on P-256, the authority above and its root, each with its list of revoked certificates, and a
// document of 10 KiB: what the benches of signatures share.
#pragma once

#include <string>
#include <vector>

#include "bench/speed.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "crypto/signing/soft_key.hpp"
#include "signature/form/content.hpp"
#include "signature/form/signature_wish.hpp"

namespace bench {

inline constexpr crypto::SignatureAlgorithm ecdsa{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};
inline constexpr std::size_t document_size = std::size_t{10} * 1024;

class Document : public signature::Content {
 public:
  Document(std::string name, base::Bytes octets) : name_(std::move(name)), octets_(std::move(octets)) {}
  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    return crypto::digest(kind, octets_);
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return octets_; }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string name_;
  base::Bytes octets_;
};

/// Number `number` of many: no two have the same digest.
inline base::Bytes make_text(int number) {
  base::Bytes text = "Letter " + std::to_string(number) + "\n";
  while (text.size() < document_size) text += "One tablet in the morning and one in the evening.\n";
  text.resize(document_size);
  return text;
}
/// A clinical document with about 90 entries.
inline base::Bytes make_xml(int number) {
  base::Bytes text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\n  <id root=\"2.999\" "
      "extension=\"" +
      std::to_string(number) + "\"/>\n";
  for (int i = 0; text.size() < document_size; ++i)
    text += "  <entry ID=\"e" + std::to_string(i) + "\"><code code=\"" + std::to_string(i) +
            "\" codeSystem=\"2.999\"/><text>1 tablet in the morning</text></entry>\n";
  return text + "</ClinicalDocument>\n";
}

struct Signer {
  crypto::KeyPair root_key = must(crypto::KeyPair::generate(crypto::KeyKind::ec_p256));
  crypto::KeyPair issuing_key = must(crypto::KeyPair::generate(crypto::KeyKind::ec_p256));
  crypto::SoftKey key = must(crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256));
  base::Bytes root = must(crypto::issue_root(authority("Root", root_key), root_key));
  base::Bytes issuing = must(crypto::issue(authority("Issuing", issuing_key), {root, root_key}));
  base::Bytes certificate = must(crypto::issue(person(), {issuing, issuing_key}));

  [[nodiscard]] signature::SignatureWish wish() const {
    signature::SignatureWish one;
    one.certificate = certificate;
    one.chain = {issuing};
    one.algorithm = ecdsa;
    one.signing_time = base::now();
    one.unique_part = "0123456789abcdef";
    return one;
  }
  /// Of the root and of the issuing authority, with a thousand certificates that are revoked.
  [[nodiscard]] std::vector<base::Bytes> lists() const {
    crypto::RevocationListTemplate wanted;
    wanted.number = 1;
    wanted.this_update = base::now() - std::chrono::minutes(10);
    wanted.next_update = base::now() + std::chrono::hours(24);
    std::vector<base::Bytes> all{must(crypto::make_revocation_list(wanted, {root, root_key}))};
    for (int i = 0; i < 1000; ++i)
      wanted.revoked.push_back(
          {base::to_hex(crypto::make_serial()), wanted.this_update, crypto::RevocationReason::key_compromise});
    all.push_back(must(crypto::make_revocation_list(wanted, {issuing, issuing_key})));
    return all;
  }

 private:
  static crypto::CertificateTemplate any(const char* name) {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = base::now() - std::chrono::hours(24);
    wanted.not_after = base::now() + std::chrono::hours(240);
    return wanted;
  }
  static crypto::CertificateTemplate authority(const char* name, const crypto::KeyPair& its_key) {
    crypto::CertificateTemplate wanted = any(name);
    wanted.public_key = its_key.public_key();
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.is_authority = true;
    return wanted;
  }
  [[nodiscard]] crypto::CertificateTemplate person() const {
    crypto::CertificateTemplate wanted = any("Anna Nowak");
    wanted.key_uses = {crypto::KeyUse::non_repudiation};
    wanted.public_key = key.public_key();
    return wanted;
  }
};

}  // namespace bench
