#include "crypto/signing/certificate_details.hpp"

#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <memory>

#include "crypto/certificate/x509.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/signing/openssl_signing.hpp"

namespace crypto {
namespace {

constexpr std::size_t most_urls = 8;
constexpr std::size_t longest_url = 500;

struct PointsFreed {
  void operator()(CRL_DIST_POINTS* points) const { CRL_DIST_POINTS_free(points); }
};
struct AccessFreed {
  void operator()(AUTHORITY_INFO_ACCESS* access) const { AUTHORITY_INFO_ACCESS_free(access); }
};

void add_url(const GENERAL_NAME* name, std::vector<std::string>& urls) {
  if (name == nullptr || name->type != GEN_URI || urls.size() >= most_urls) return;
  std::string url = ossl::text_of(name->d.uniformResourceIdentifier);
  const bool is_web = url.starts_with("http://") || url.starts_with("https://");
  if (is_web && url.size() <= longest_url) urls.push_back(std::move(url));
}

std::vector<std::string> read_list_urls(const X509* certificate) {
  std::vector<std::string> urls;
  const std::unique_ptr<CRL_DIST_POINTS, PointsFreed> points(
      static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT* const point = sk_DIST_POINT_value(points.get(), i);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    const GENERAL_NAMES* const names = point->distpoint->name.fullname;
    for (int j = 0; j < sk_GENERAL_NAME_num(names); ++j) add_url(sk_GENERAL_NAME_value(names, j), urls);
  }
  return urls;
}

std::vector<std::string> read_ocsp_urls(const X509* certificate) {
  std::vector<std::string> urls;
  const std::unique_ptr<AUTHORITY_INFO_ACCESS, AccessFreed> access(
      static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
  for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* const one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(one->method) == NID_ad_OCSP) add_url(one->location, urls);
  }
  return urls;
}

bool has_extension(const X509* certificate, const char* dotted) {
  const std::unique_ptr<ASN1_OBJECT, ossl::Freed<ASN1_OBJECT_free>> object(OBJ_txt2obj(dotted, 1));
  ossl::demand(object != nullptr);
  return X509_get_ext_by_OBJ(certificate, object.get(), -1) >= 0;
}

void read_key(const X509* certificate, CertificateDetails& details) {
  details.key_family = "?";
  const EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) return;
  details.key_bits = EVP_PKEY_get_bits(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS: details.key_family = "rsa"; break;
    // A curve that the certificate describes itself is none that counts (CVE-2020-0601).
    case EVP_PKEY_EC: details.key_family = ossl::judge(key).algorithm == "ECC " ? "?" : "ecc"; break;
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448: details.key_family = "eddsa"; break;
    default: break;
  }
}

void read_signature(const X509* certificate, CertificateDetails& details) {
  const int nid = X509_get_signature_nid(certificate);
  const char* const name = OBJ_nid2ln(nid);
  details.signed_by_name = name == nullptr ? "?" : name;
  int digest = NID_undef;
  int key = NID_undef;
  // It finds the digest of RSASSA-PSS among its parameters.
  const bool is_known = X509_get_signature_info(const_cast<X509*>(certificate),  // NOLINT: it only reads
                                                &digest, &key, nullptr, nullptr) == 1;
  const std::optional<DigestKind> kind = is_known ? ossl::find_digest_kind(digest) : std::nullopt;
  if (!kind) return;
  if (nid == NID_rsassaPss) details.signed_by = SignatureAlgorithm{SignatureScheme::rsa_pss, *kind};
  if (nid != NID_rsassaPss && key == NID_rsaEncryption) {
    details.signed_by = SignatureAlgorithm{SignatureScheme::rsa_pkcs1, *kind};
  }
  if (key == NID_X9_62_id_ecPublicKey) details.signed_by = SignatureAlgorithm{SignatureScheme::ecdsa, *kind};
}

bool is_for_other_uses(const X509* certificate) {
  constexpr std::array others{NID_server_auth, NID_code_sign, NID_time_stamp, NID_OCSP_sign};
  const std::unique_ptr<EXTENDED_KEY_USAGE, ossl::Freed<EXTENDED_KEY_USAGE_free>> uses(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  if (!uses || sk_ASN1_OBJECT_num(uses.get()) <= 0) return false;
  for (int i = 0; i < sk_ASN1_OBJECT_num(uses.get()); ++i) {
    const int use = OBJ_obj2nid(sk_ASN1_OBJECT_value(uses.get(), i));
    if (std::find(others.begin(), others.end(), use) == others.end()) return false;
  }
  return true;
}

void read_uses(X509* certificate, CertificateDetails& details) {
  details.is_for_other_uses = is_for_other_uses(certificate);
  details.has_key_usage = (X509_get_extension_flags(certificate) & EXFLAG_KUSAGE) != 0;
  if (!details.has_key_usage) return;
  const std::uint32_t uses = X509_get_key_usage(certificate);
  if ((uses & KU_DIGITAL_SIGNATURE) != 0) details.key_usages.emplace_back("digitalSignature");
  if ((uses & KU_NON_REPUDIATION) != 0) details.key_usages.emplace_back("nonRepudiation");
  if ((uses & KU_KEY_CERT_SIGN) != 0) details.key_usages.emplace_back("keyCertSign");
}

}  // namespace

base::Result<CertificateDetails> read_details(base::BytesView der) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(der);
  if (!certificate) return base::fail(base::Code::invalid_input, "not one X.509 certificate");
  CertificateDetails details;
  const X509_NAME* const subject = X509_get_subject_name(certificate.get());
  details.subject = ossl::text_of(subject);
  details.common_name = ossl::find_only(subject, NID_commonName);
  details.organisation = ossl::find_only(subject, NID_organizationName);
  details.issuer = ossl::text_of(X509_get_issuer_name(certificate.get()));
  details.serial = ossl::hex_of(X509_get0_serialNumber(certificate.get()));
  details.fingerprint = base::to_hex(sha256(der));
  ASSIGN_OR_RETURN(details.not_before, ossl::time_of(X509_get0_notBefore(certificate.get())));
  ASSIGN_OR_RETURN(details.not_after, ossl::time_of(X509_get0_notAfter(certificate.get())));
  read_key(certificate.get(), details);
  read_signature(certificate.get(), details);
  read_uses(certificate.get(), details);
  details.list_urls = read_list_urls(certificate.get());
  details.ocsp_urls = read_ocsp_urls(certificate.get());
  details.needs_no_revocation = has_extension(certificate.get(), "1.3.6.1.5.5.7.48.1.5") ||
                                has_extension(certificate.get(), "2.5.29.56") ||
                                has_extension(certificate.get(), "0.4.0.194121.2.1");
  return details;
}

}  // namespace crypto
