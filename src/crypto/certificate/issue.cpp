#include "crypto/certificate/issue.hpp"

#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include <array>

#include "base/ip_address.hpp"
#include "crypto/certificate/sign_structure.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

constexpr std::size_t serial_size = 16;

constexpr std::array<std::string_view, 6> key_use_names{"digitalSignature", "keyEncipherment", "keyAgreement",
                                                        "keyCertSign",      "cRLSign",         "nonRepudiation"};
constexpr std::array<std::string_view, 5> extended_use_names{"clientAuth", "serverAuth", "emailProtection",
                                                             "OCSPSigning", "timeStamping"};

template <class Enum, std::size_t n>
std::string list_names(std::string begin, const std::vector<Enum>& uses, const std::array<std::string_view, n>& names) {
  for (const Enum use : uses) begin.append(begin.empty() ? "" : ",").append(names.at(static_cast<std::size_t>(use)));
  return begin;
}

// OpenSSL's textual form of extensions has commas and sections of its own; such a URL could say something else.
bool is_plain_url(std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
  for (const char c : url) {
    if (c <= ' ' || c >= '\x7f' || c == ',' || c == ';' || c == '"' || c == '\\') return false;
  }
  return url.size() <= 512;
}

class Writer {
 public:
  explicit Writer(const CertificateTemplate& wanted) : wanted_(wanted), made_(X509_new()) {
    ossl::demand(made_ != nullptr);
  }

  base::Result<ossl::Certificate> write(const X509* issuer, const KeyPair& signer) {
    const ossl::Key key = ossl::read_public_key(wanted_.public_key);
    if (!key) return fail("a public key that cannot be read");
    ossl::demand(X509_set_version(made_.get(), X509_VERSION_3) == 1);
    RETURN_IF_ERROR(set_serial());
    RETURN_IF_ERROR(set_subject());
    ossl::demand(X509_set_pubkey(made_.get(), key.get()) == 1);
    const ossl::AsnTime begin = ossl::asn_time(wanted_.not_before);
    const ossl::AsnTime end = ossl::asn_time(wanted_.not_after);
    ossl::demand(X509_set1_notBefore(made_.get(), begin.get()) == 1);
    ossl::demand(X509_set1_notAfter(made_.get(), end.get()) == 1);
    issuer_ = issuer == nullptr ? made_.get() : issuer;
    ossl::demand(X509_set_issuer_name(made_.get(), X509_get_subject_name(issuer_)) == 1);
    RETURN_IF_ERROR(add_extensions());
    RETURN_IF_ERROR(ossl::sign(made_.get(), signer));
    return std::move(made_);
  }

 private:
  static tl::unexpected<base::Error> fail(std::string why) {
    return base::fail(base::Code::invalid_input, std::move(why));
  }

  base::Result<void> set_serial() {
    const bool is_positive = wanted_.serial.size() == serial_size && (wanted_.serial.front() & 0x80) == 0;
    const ossl::Integer serial = ossl::integer_of_hex(base::to_hex(wanted_.serial));
    if (!is_positive || !serial) return fail("a serial number has 16 octets and is positive");
    ossl::demand(X509_set_serialNumber(made_.get(), serial.get()) == 1);
    return {};
  }

  base::Result<void> add_name(int nid, std::string_view text) {
    if (text.empty()) return {};
    const auto* const octets = reinterpret_cast<const unsigned char*>(text.data());
    X509_NAME* const name = X509_get_subject_name(made_.get());
    const int kind = nid == NID_countryName || nid == NID_serialNumber ? MBSTRING_ASC : MBSTRING_UTF8;
    if (X509_NAME_add_entry_by_NID(name, nid, kind, octets, static_cast<int>(text.size()), -1, 0) != 1) {
      return fail("a name that cannot stand in a certificate");
    }
    return {};
  }

  base::Result<void> set_subject() {
    RETURN_IF_ERROR(add_name(NID_countryName, wanted_.country));
    RETURN_IF_ERROR(add_name(NID_organizationName, wanted_.organization));
    RETURN_IF_ERROR(add_name(NID_organizationalUnitName, wanted_.unit));
    RETURN_IF_ERROR(add_name(NID_surname, wanted_.family_name));
    RETURN_IF_ERROR(add_name(NID_givenName, wanted_.given_name));
    RETURN_IF_ERROR(add_name(NID_serialNumber, wanted_.serial_number));
    return add_name(NID_commonName, wanted_.common_name);
  }

  base::Result<void> add(int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, const_cast<X509*>(issuer_), made_.get(), nullptr, nullptr, 0);  // NOLINT: it only reads
    const ossl::Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (!extension) return fail("the extension " + std::string(OBJ_nid2sn(nid)) + " cannot be made");
    ossl::demand(X509_add_ext(made_.get(), extension.get(), -1) == 1);
    return {};
  }

  base::Result<void> add_url(int nid, const std::string& begin, const std::string& url) {
    if (url.empty()) return {};
    if (!is_plain_url(url)) return fail("an address that cannot stand in a certificate: " + url);
    return add(nid, begin + url);
  }

  static void push(GENERAL_NAMES* names, int kind, int string_type, base::BytesView octets) {
    GENERAL_NAME* const entry = GENERAL_NAME_new();
    ASN1_STRING* const value = ASN1_STRING_type_new(string_type);
    ossl::demand(entry != nullptr && value != nullptr);
    ossl::demand(ASN1_STRING_set(value, octets.data(), static_cast<int>(octets.size())) == 1);
    GENERAL_NAME_set0_value(entry, kind, value);
    ossl::demand(sk_GENERAL_NAME_push(names, entry) > 0);
  }

  base::Result<void> add_alternative_names() {
    if (wanted_.dns_names.empty() && wanted_.ip_addresses.empty() && wanted_.emails.empty()) return {};
    const std::unique_ptr<GENERAL_NAMES, ossl::Freed<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
    ossl::demand(names != nullptr);
    for (const std::string& name : wanted_.dns_names) push(names.get(), GEN_DNS, V_ASN1_IA5STRING, name);
    for (const std::string& mail : wanted_.emails) push(names.get(), GEN_EMAIL, V_ASN1_IA5STRING, mail);
    for (const std::string& text : wanted_.ip_addresses) {
      ASSIGN_OR_RETURN(const base::IpAddress address, base::IpAddress::parse(text));
      base::Bytes octets(address.octets().begin(), address.octets().end());
      if (address.is_v4()) octets.erase(0, 12);
      push(names.get(), GEN_IPADD, V_ASN1_OCTET_STRING, octets);
    }
    ossl::demand(X509_add1_ext_i2d(made_.get(), NID_subject_alt_name, names.get(), 0, X509V3_ADD_APPEND) == 1);
    return {};
  }

  base::Result<void> add_extensions() {
    std::string constraints = wanted_.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE";
    if (wanted_.is_authority && wanted_.path_length) {
      constraints += ",pathlen:" + std::to_string(*wanted_.path_length);
    }
    RETURN_IF_ERROR(add(NID_basic_constraints, constraints));
    RETURN_IF_ERROR(add(NID_key_usage, list_names("critical", wanted_.key_uses, key_use_names)));
    if (!wanted_.extended_uses.empty()) {
      const std::string begin = wanted_.is_time_stamp_only ? "critical" : "";
      RETURN_IF_ERROR(add(NID_ext_key_usage, list_names(begin, wanted_.extended_uses, extended_use_names)));
    }
    RETURN_IF_ERROR(add_alternative_names());
    RETURN_IF_ERROR(add(NID_subject_key_identifier, "hash"));
    RETURN_IF_ERROR(add(NID_authority_key_identifier, "keyid:always"));
    if (wanted_.has_no_check) RETURN_IF_ERROR(add(NID_id_pkix_OCSP_noCheck, "NULL"));
    RETURN_IF_ERROR(add_url(NID_crl_distribution_points, "URI:", wanted_.list_url));
    RETURN_IF_ERROR(add_url(NID_freshest_crl, "URI:", wanted_.delta_url));
    return add_access();
  }

  base::Result<void> add_access() {
    if (!wanted_.ocsp_url.empty() && !is_plain_url(wanted_.ocsp_url)) return fail("an address of OCSP that is none");
    std::string access = wanted_.ocsp_url.empty() ? "" : "OCSP;URI:" + wanted_.ocsp_url;
    if (!wanted_.issuer_url.empty())
      access += (access.empty() ? "caIssuers;URI:" : ",caIssuers;URI:") + wanted_.issuer_url;
    if (access.empty()) return {};
    if (!wanted_.issuer_url.empty() && !is_plain_url(wanted_.issuer_url))
      return fail("an address of an issuer that is none");
    return add(NID_info_access, access);
  }

  const CertificateTemplate& wanted_;
  ossl::Certificate made_;
  const X509* issuer_ = nullptr;
};

}  // namespace

base::Bytes make_serial() {
  base::Bytes serial = base::random_bytes(serial_size);
  // A positive INTEGER of DER that always has 16 octets: the first bit is zero and the second one is set.
  serial.front() = static_cast<char>((static_cast<unsigned char>(serial.front()) & 0x3f) | 0x40);
  return serial;
}

base::Result<base::Bytes> issue(const CertificateTemplate& wanted, const Issuer& issuer) {
  const ossl::ErrorsCleared cleared;
  ASSIGN_OR_RETURN(const ossl::Certificate above, ossl::read_signer(issuer.certificate, issuer.key));
  ASSIGN_OR_RETURN(const ossl::Certificate made, Writer(wanted).write(above.get(), issuer.key));
  return ossl::write_der(made.get(), i2d_X509);
}

base::Result<base::Bytes> issue_root(const CertificateTemplate& wanted, const KeyPair& key) {
  const ossl::ErrorsCleared cleared;
  CertificateTemplate own = wanted;
  own.public_key = key.public_key();
  ASSIGN_OR_RETURN(const ossl::Certificate made, Writer(own).write(nullptr, key));
  return ossl::write_der(made.get(), i2d_X509);
}

std::string to_pem(base::BytesView der) {
  constexpr std::size_t width = 64;
  const std::string text = base::to_base64(der);
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += width) pem.append(text, i, width).push_back('\n');
  return pem + "-----END CERTIFICATE-----\n";
}

base::Result<base::Bytes> pack_certificates(const std::vector<base::Bytes>& ders) {
  const ossl::ErrorsCleared cleared;
  const std::unique_ptr<PKCS7, ossl::Freed<PKCS7_free>> packed(PKCS7_new());
  ossl::demand(packed != nullptr && PKCS7_set_type(packed.get(), NID_pkcs7_signed) == 1);
  ossl::demand(PKCS7_content_new(packed.get(), NID_pkcs7_data) == 1);
  PKCS7_set_detached(packed.get(), 1);
  for (const base::Bytes& der : ders) {
    const ossl::Certificate one = ossl::read_certificate(der);
    if (!one) return base::fail(base::Code::invalid_input, "not one certificate");
    ossl::demand(PKCS7_add_certificate(packed.get(), one.get()) == 1);
  }
  return ossl::write_der(packed.get(), i2d_PKCS7);
}

}  // namespace crypto
