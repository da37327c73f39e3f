// Signers for the tests of CMS: keys are made once for the process, certificates once for an authority.
#pragma once

#include "crypto/cms/timestamp_token.hpp"
#include "crypto/signing/soft_key.hpp"
#include "unit/crypto/certificate/issuing.hpp"

namespace testing {

inline const crypto::SoftKey& soft_key_of(crypto::SoftKeyKind kind) {
  using crypto::SoftKey;
  using crypto::SoftKeyKind;
  static const SoftKey p256 = SoftKey::generate(SoftKeyKind::ec_p256).value();
  static const SoftKey p384 = SoftKey::generate(SoftKeyKind::ec_p384).value();
  static const SoftKey brainpool = SoftKey::generate(SoftKeyKind::brainpool_p256).value();
  static const SoftKey rsa = SoftKey::generate(SoftKeyKind::rsa_2048).value();
  switch (kind) {
    case SoftKeyKind::ec_p256: return p256;
    case SoftKeyKind::ec_p384: return p384;
    case SoftKeyKind::brainpool_p256: return brainpool;
    default: return rsa;
  }
}

struct Signer {
  crypto::SoftKey key;
  base::Bytes certificate;

  [[nodiscard]] base::Bytes sign(crypto::SignatureAlgorithm algorithm, base::BytesView octets) const {
    auto value = key.sign(algorithm, octets);
    REQUIRE_MESSAGE(value, base::describe(value.error()));
    return *value;
  }
};

inline Signer make_signer(const SmallAuthority& authority, const std::string& name,
                          crypto::SoftKeyKind kind = crypto::SoftKeyKind::ec_p256) {
  const crypto::SoftKey& key = soft_key_of(kind);
  auto wanted = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  wanted.public_key = key.public_key();
  wanted.common_name = name;
  wanted.extended_uses = {crypto::ExtendedUse::email_protection};
  return {key, authority.issue(wanted)};
}

inline crypto::CertificateTemplate stamping_template(const crypto::SoftKey& key) {
  auto wanted = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  wanted.public_key = key.public_key();
  wanted.common_name = "Test TSA";
  wanted.extended_uses = {crypto::ExtendedUse::time_stamping};
  wanted.is_time_stamp_only = true;
  return wanted;
}

inline crypto::TimestampSigner make_stamper(const SmallAuthority& authority, const crypto::SoftKey& key,
                                            crypto::SignatureAlgorithm algorithm) {
  return {authority.issue(stamping_template(key)),
          {authority.issuing},
          algorithm,
          [key, algorithm](base::BytesView octets) { return key.sign(algorithm, octets); }};
}

inline constexpr crypto::SignatureAlgorithm ecdsa_256{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};

inline crypto::TimestampInfo info_about(base::BytesView octets, crypto::DigestKind kind = crypto::DigestKind::sha256) {
  crypto::TimestampInfo info;
  info.policy = "1.3.6.1.4.1.99999.1.1";
  info.digest_kind = kind;
  info.imprint = crypto::digest(kind, octets);
  info.serial = "\x7f\x01";
  info.at = noon + std::chrono::milliseconds(120);
  info.accuracy.seconds = 1;
  return info;
}

}  // namespace testing
