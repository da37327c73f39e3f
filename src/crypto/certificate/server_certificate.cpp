#include "crypto/certificate/server_certificate.hpp"

#include <algorithm>
#include <optional>

#include "base/ip_address.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

constexpr int most_names = 64;
constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr std::string_view certificate_label = "CERTIFICATE";

struct Block {
  std::string_view label;
  std::string_view whole;  // with its marks
};

/// The next block of PEM (RFC 7468 §2); `pem` is what is behind it.
std::optional<Block> take_block(std::string_view& pem) {
  const std::size_t begin = pem.find(begin_mark);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view from = pem.substr(begin);
  const std::size_t label_end = from.find(dashes, begin_mark.size());
  if (label_end == std::string_view::npos) return std::nullopt;
  const std::string_view label = from.substr(begin_mark.size(), label_end - begin_mark.size());
  const std::size_t end = from.find(end_mark, label_end);
  const std::size_t close =
      end == std::string_view::npos ? std::string_view::npos : from.find(dashes, end + end_mark.size());
  if (close == std::string_view::npos) return std::nullopt;
  pem = from.substr(close + dashes.size());
  return Block{label, from.substr(0, close + dashes.size())};
}

template <class Octets>
std::string print_address(base::BytesView raw) {
  Octets octets;
  std::copy(raw.begin(), raw.end(), octets.begin());
  return base::IpAddress(octets).to_string();
}

base::Result<void> read_name(const GENERAL_NAME& name, ServerCertificate& read) {
  if (name.type == GEN_DNS) read.dns_names.push_back(ossl::text_of(name.d.dNSName));
  if (name.type != GEN_IPADD) return {};
  const base::BytesView raw(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.iPAddress)),
                            static_cast<std::size_t>(ASN1_STRING_length(name.d.iPAddress)));
  if (raw.size() == std::tuple_size_v<base::IpAddress::V4Octets>) {
    read.ip_addresses.push_back(print_address<base::IpAddress::V4Octets>(raw));
  } else if (raw.size() == std::tuple_size_v<base::IpAddress::V6Octets>) {
    read.ip_addresses.push_back(print_address<base::IpAddress::V6Octets>(raw));
  } else {
    return base::fail(base::Code::invalid_input, "an address of the certificate cannot be read");
  }
  return {};
}

}  // namespace

base::Result<ServerCertificate> read_server_certificate(base::BytesView der) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(der);
  if (!certificate) return base::fail(base::Code::invalid_input, "not one certificate");
  const EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) return base::fail(base::Code::invalid_input, "the key of the certificate cannot be read");
  ServerCertificate read;
  read.public_key = ossl::write_der(key, i2d_PUBKEY);
  read.common_name = ossl::find_only(X509_get_subject_name(certificate.get()), NID_commonName);
  const std::unique_ptr<GENERAL_NAMES, ossl::Freed<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  if (count > most_names) return base::fail(base::Code::invalid_input, "the certificate has too many names");
  for (int i = 0; i < count; ++i) RETURN_IF_ERROR(read_name(*sk_GENERAL_NAME_value(names.get(), i), read));
  return read;
}

std::vector<std::string_view> list_certificates(std::string_view pem) {
  std::vector<std::string_view> all;
  while (const auto block = take_block(pem)) {
    if (block->label == certificate_label) all.push_back(block->whole);
  }
  return all;
}

base::Result<base::Bytes> find_leaf(std::string_view pem) {
  const auto all = list_certificates(pem);
  if (all.empty()) return base::fail(base::Code::invalid_input, "the file holds no certificate");
  ASSIGN_OR_RETURN(CertificateFacts facts, parse_certificate(all.front()));
  return std::move(facts.der);
}

std::string replace_certificates(std::string_view pem, const std::vector<base::Bytes>& chain) {
  std::string file;
  while (const auto block = take_block(pem)) {
    if (block->label != certificate_label) file.append(block->whole).append("\n");
  }
  for (const base::Bytes& der : chain) file += to_pem(der);
  return file;
}

}  // namespace crypto
