#include "crypto/certificate/x509.hpp"

#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace crypto::ossl {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;
constexpr int least_curve_bits = 256;
constexpr int least_signature_bits = 112;
constexpr std::size_t longest_name = 1000;

template <class Owner, class D2i>
Owner read_whole(D2i d2i, base::BytesView der) {
  const unsigned char* at = octets(der);
  const unsigned char* const end = at + der.size();
  Owner object(d2i(nullptr, &at, static_cast<long>(der.size())));
  if (at != end) object.reset();
  return object;
}

std::string curve_of(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return {};
  return {name.data(), size};
}

// A curve that the certificate describes itself is none that this program knows (CVE-2020-0601).
std::string name_of_curve(const EVP_PKEY* key) {
  const std::string curve = curve_of(key);
  if (curve == SN_X9_62_prime256v1) return "P-256";
  if (curve == SN_secp384r1) return "P-384";
  if (curve == SN_secp521r1) return "P-521";
  if (curve == SN_brainpoolP256r1 || curve == SN_brainpoolP384r1 || curve == SN_brainpoolP512r1) return curve;
  return {};
}

bool has_sane_exponent(const EVP_PKEY* key) {
  BIGNUM* exponent = nullptr;
  if (EVP_PKEY_get_bn_param(key, "e", &exponent) != 1) return false;
  const Number owned(exponent);
  return BN_is_odd(owned.get()) == 1 && BN_num_bits(owned.get()) >= 2 && BN_num_bits(owned.get()) <= 64;
}

}  // namespace

Certificate read_certificate(base::BytesView der) {
  return read_whole<Certificate>(d2i_X509, der);
}

List read_list(base::BytesView der) {
  return read_whole<List>(d2i_X509_CRL, der);
}

Key read_public_key(base::BytesView spki) {
  return read_whole<Key>(d2i_PUBKEY, spki);
}

std::string take_text(BIO* stream) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(stream, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

bool push(STACK_OF(X509) * stack, base::BytesView der) {
  Certificate one = read_certificate(der);
  if (!one) return false;
  demand(sk_X509_push(stack, one.get()) > 0);
  static_cast<void>(one.release());
  return true;
}

base::Result<Certificate> read_signer(base::BytesView certificate, const KeyPair& key) {
  Certificate signer = read_certificate(certificate);
  if (!signer) return base::fail(base::Code::invalid_input, "the signer's certificate cannot be read");
  if (X509_check_private_key(signer.get(), key.impl().key.get()) != 1) {
    return base::fail(base::Code::conflict, "the signer's key is not that of its certificate");
  }
  return signer;
}

std::string text_of(const ASN1_STRING* string) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, string);
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return base::is_utf8(text) && text.find('\0') == std::string::npos ? text : std::string();
}

std::string find_only(const X509_NAME* name, int nid) {
  const int first = X509_NAME_get_index_by_NID(name, nid, -1);
  if (first < 0 || X509_NAME_get_index_by_NID(name, nid, first) >= 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, first)));
}

std::string text_of(const X509_NAME* name) {
  const Stream stream(BIO_new(BIO_s_mem()));
  demand(stream != nullptr);
  X509_NAME_print_ex(stream.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  std::string text = take_text(stream.get());
  if (!base::is_utf8(text) || text.find('\0') != std::string::npos) return "?";
  if (text.size() > longest_name) {
    text.resize(longest_name);
    while (!text.empty() && !base::is_utf8(text)) text.pop_back();
  }
  return text;
}

std::string hex_of(const ASN1_INTEGER* number) {
  const Number big(ASN1_INTEGER_to_BN(number, nullptr));
  if (!big) return "?";
  char* digits = BN_bn2hex(big.get());
  std::string text = digits == nullptr ? "?" : digits;
  OPENSSL_free(digits);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

Integer integer_of_hex(const std::string& hex) {
  BIGNUM* parsed = nullptr;
  if (hex.empty() || BN_hex2bn(&parsed, hex.c_str()) != static_cast<int>(hex.size())) {
    BN_free(parsed);
    return {};
  }
  const Number owned(parsed);
  return Integer(BN_to_ASN1_INTEGER(owned.get(), nullptr));
}

base::Result<base::Time> time_of(const ASN1_TIME* time) {
  tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return base::fail(base::Code::invalid_input, "a time that cannot be read");
  }
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  return base::Time(std::chrono::sys_days(day)) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

AsnTime asn_time(base::Time time) {
  // UTCTime until 2049 and GeneralizedTime from 2050 on, as RFC 5280 §4.1.2.5 asks.
  AsnTime made(ASN1_TIME_adj(nullptr, std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(), 0, 0));
  demand(made != nullptr);
  return made;
}

bool is_strong_digest(int signature_nid) {
  int digest = NID_undef;
  int key = NID_undef;
  if (OBJ_find_sigid_algs(signature_nid, &digest, &key) != 1) return false;
  if (key == NID_ED25519 || key == NID_ED448 || key == NID_rsassaPss) return true;
  const std::array strong{NID_sha256, NID_sha384, NID_sha512, NID_sha512_256, NID_sha3_256, NID_sha3_384, NID_sha3_512};
  return std::find(strong.begin(), strong.end(), digest) != strong.end();
}

bool is_strongly_signed(const X509* certificate) {
  int bits = 0;
  // SHA-1 counts 63 bits here, because collisions were found.
  const bool is_known = X509_get_signature_info(const_cast<X509*>(certificate),  // NOLINT: it only reads
                                                nullptr, nullptr, &bits, nullptr) == 1;
  return is_known && bits >= least_signature_bits && is_strong_digest(X509_get_signature_nid(certificate));
}

const EVP_MD* digest_for(const EVP_PKEY* key) {
  const int type = EVP_PKEY_get_base_id(key);
  return type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448 ? nullptr : algorithms().sha256;
}

KeyFacts judge(const EVP_PKEY* key) {
  if (key == nullptr) return {"?", true};
  const int bits = EVP_PKEY_get_bits(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return {"RSA " + std::to_string(bits), bits < least_rsa_bits || bits > most_rsa_bits || !has_sane_exponent(key)};
    case EVP_PKEY_EC: {
      const std::string curve = name_of_curve(key);
      if (curve.empty()) return {"ECC " + curve_of(key), true};
      return {"ECC " + curve, bits < least_curve_bits};
    }
    case EVP_PKEY_ED25519: return {"Ed25519", false};
    case EVP_PKEY_ED448: return {"Ed448", false};
    default: return {"?", true};
  }
}

}  // namespace crypto::ossl
