// What a server's certificate says about itself, to issue the next one for the same names and the same key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

struct ServerCertificate {
  base::Bytes public_key;   // SubjectPublicKeyInfo, DER
  std::string common_name;  // the only one; "" = none, or more than one
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;  // canonical text
};
/// `der`: of one certificate. Errors: invalid_input (unreadable, a key that nobody knows, too many names).
base::Result<ServerCertificate> read_server_certificate(base::BytesView der);

/// The certificates of a text in PEM, each with its marks, in their order (RFC 7468 §5); other blocks and what is
/// around them are left out. They refer to the memory of `pem`.
std::vector<std::string_view> list_certificates(std::string_view pem);
/// The first certificate of a file in PEM, DER: that of the server itself (RFC 8446 §4.4.2). Errors: invalid_input.
base::Result<base::Bytes> find_leaf(std::string_view pem);
/// The file with `chain` (DER, the server's own first) instead of its certificates; all other blocks, such as a private
/// key, stay before them.
std::string replace_certificates(std::string_view pem, const std::vector<base::Bytes>& chain);

}  // namespace crypto
