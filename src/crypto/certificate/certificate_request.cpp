#include "crypto/certificate/certificate_request.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <tuple>

#include "base/ip_address.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

constexpr std::size_t most_names = 64;
constexpr std::string_view mark = "CERTIFICATE REQUEST-----";

base::Result<base::Bytes> der_of(base::BytesView octets) {
  if (octets.starts_with('\x30') && octets.find("-----BEGIN") == base::BytesView::npos) return base::Bytes(octets);
  std::string packed(octets);
  const std::size_t begin = octets.find("-----BEGIN");
  if (begin != base::BytesView::npos) {
    const std::size_t head = octets.find(mark, begin);
    const std::size_t end = octets.find("-----END", begin);
    if (head == base::BytesView::npos || end == base::BytesView::npos || head > end) {
      return base::fail(base::Code::invalid_input, "the request has no end");
    }
    packed = octets.substr(head + mark.size(), end - head - mark.size());
  }
  std::erase_if(packed, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return base::parse_base64(packed);
}

template <class Octets>
std::string print_address(base::BytesView raw) {
  Octets octets;
  std::copy(raw.begin(), raw.end(), octets.begin());
  return base::IpAddress(octets).to_string();
}

base::Result<std::string> find_address(const ASN1_OCTET_STRING* octets) {
  const base::BytesView raw(reinterpret_cast<const char*>(ASN1_STRING_get0_data(octets)),
                            static_cast<std::size_t>(ASN1_STRING_length(octets)));
  if (raw.size() == std::tuple_size_v<base::IpAddress::V4Octets>) return print_address<base::IpAddress::V4Octets>(raw);
  if (raw.size() == std::tuple_size_v<base::IpAddress::V6Octets>) return print_address<base::IpAddress::V6Octets>(raw);
  return base::fail(base::Code::invalid_input, "an address of the request cannot be read");
}

base::Result<void> read_names(const X509_REQ* request, CertificateRequest& read) {
  const ossl::Extensions extensions(X509_REQ_get_extensions(const_cast<X509_REQ*>(request)));  // NOLINT: it only reads
  if (!extensions) return {};
  const std::unique_ptr<GENERAL_NAMES, ossl::Freed<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return {};
  const int count = sk_GENERAL_NAME_num(names.get());
  if (static_cast<std::size_t>(count) > most_names) {
    return base::fail(base::Code::invalid_input, "the request has too many names");
  }
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) read.dns_names.push_back(ossl::text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) {
      ASSIGN_OR_RETURN(std::string address, find_address(name->d.iPAddress));
      read.ip_addresses.push_back(std::move(address));
    }
  }
  return {};
}

}  // namespace

base::Result<CertificateRequest> read_certificate_request(base::BytesView octets) {
  const ossl::ErrorsCleared cleared;
  if (octets.empty() || octets.size() > largest_request) {
    return base::fail(base::Code::invalid_input, "empty, or larger than a request may be");
  }
  ASSIGN_OR_RETURN(const base::Bytes der, der_of(octets));
  const unsigned char* at = ossl::octets(base::BytesView(der));
  const unsigned char* const end = at + der.size();
  const ossl::Request request(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
  if (!request || at != end) return base::fail(base::Code::invalid_input, "not one request for a certificate");
  const EVP_PKEY* const key = X509_REQ_get0_pubkey(request.get());
  CertificateRequest read;
  const KeyFacts facts = ossl::judge(key);
  if (facts.is_weak) return base::fail(base::Code::invalid_input, "a weak or unknown key: " + facts.algorithm);
  if (!ossl::is_strong_digest(X509_REQ_get_signature_nid(request.get()))) {
    return base::fail(base::Code::invalid_input, "the request is signed with a weak digest");
  }
  if (X509_REQ_verify(request.get(), const_cast<EVP_PKEY*>(key)) != 1) {  // NOLINT: it only reads
    return base::fail(base::Code::invalid_input, "the request is not signed by its own key");
  }
  read.public_key = ossl::write_der(key, i2d_PUBKEY);
  read.algorithm = facts.algorithm;
  const X509_NAME* const name = X509_REQ_get_subject_name(request.get());
  read.subject = ossl::text_of(name);
  read.common_name = ossl::find_only(name, NID_commonName);
  // Otherwise a second name, or one that cannot be read, would pass for none.
  if (read.common_name.empty() && X509_NAME_get_index_by_NID(name, NID_commonName, -1) >= 0) {
    return base::fail(base::Code::invalid_input, "the request has no one common name that can be read");
  }
  RETURN_IF_ERROR(read_names(request.get(), read));
  return read;
}

base::Result<base::Bytes> make_certificate_request(const KeyPair& key, std::string_view common_name,
                                                   const std::vector<std::string>& dns_names) {
  const ossl::ErrorsCleared cleared;
  const ossl::Request request(X509_REQ_new());
  ossl::demand(request != nullptr);
  X509_NAME* const name = X509_REQ_get_subject_name(request.get());
  const auto* const text = reinterpret_cast<const unsigned char*>(common_name.data());
  if (X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text, static_cast<int>(common_name.size()), -1,
                                 0) != 1) {
    return base::fail(base::Code::invalid_input, "a name that cannot stand in a request");
  }
  if (!dns_names.empty()) {
    const std::unique_ptr<GENERAL_NAMES, ossl::Freed<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
    for (const std::string& one : dns_names) {
      GENERAL_NAME* const entry = GENERAL_NAME_new();
      ASN1_IA5STRING* const value = ASN1_IA5STRING_new();
      ossl::demand(entry != nullptr && value != nullptr);
      ossl::demand(ASN1_STRING_set(value, one.data(), static_cast<int>(one.size())) == 1);
      GENERAL_NAME_set0_value(entry, GEN_DNS, value);
      ossl::demand(sk_GENERAL_NAME_push(names.get(), entry) > 0);
    }
    X509_EXTENSION* const made = X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get());
    ossl::demand(made != nullptr);
    const ossl::Extensions extensions(sk_X509_EXTENSION_new_null());
    ossl::demand(extensions != nullptr && sk_X509_EXTENSION_push(extensions.get(), made) > 0);
    ossl::demand(X509_REQ_add_extensions(request.get(), extensions.get()) == 1);
  }
  EVP_PKEY* const pkey = key.impl().key.get();
  ossl::demand(X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1);
  ossl::demand(X509_REQ_set_pubkey(request.get(), pkey) == 1);
  ossl::demand(X509_REQ_sign(request.get(), pkey, ossl::digest_for(pkey)) > 0);
  return ossl::write_der(request.get(), i2d_X509_REQ);
}

}  // namespace crypto
