// Signs certificates (RFC 5280). Room authority decides what is in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/key_pair.hpp"

namespace crypto {

/// Bits of the extension keyUsage, RFC 5280 §4.2.1.3.
enum class KeyUse : std::uint8_t {
  digital_signature,
  key_encipherment,
  key_agreement,
  sign_certificates,
  sign_lists,
  non_repudiation,  // contentCommitment
};
/// Purposes of the extension extendedKeyUsage, §4.2.1.12.
enum class ExtendedUse : std::uint8_t {
  client_auth,
  server_auth,
  email_protection,
  ocsp_signing,
  time_stamping,
};

struct CertificateTemplate {
  base::Bytes serial;        // 16 random octets, make_serial()
  std::string common_name;   // UTF-8
  std::string organization;  // "" = none
  std::string unit;          // "" = none
  std::string country;       // two letters; "" = none
  std::string given_name;    // of a natural person (ETSI EN 319 412-2 §4.2.4); "" = none
  std::string family_name;
  std::string serial_number;
  base::Time not_before;
  base::Time not_after;
  base::Bytes public_key;  // SubjectPublicKeyInfo, DER
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
  std::vector<std::string> emails;
  std::vector<KeyUse> key_uses;
  std::vector<ExtendedUse> extended_uses;
  bool is_time_stamp_only = false;  // extendedKeyUsage is critical (RFC 3161 §2.3)
  bool is_authority = false;
  std::optional<int> path_length{};  // of an authority
  bool has_no_check = false;         // id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1
  std::string list_url;              // CRL distribution point; "" = none
  std::string delta_url;             // freshest CRL; "" = none
  std::string ocsp_url;              // authority information access
  std::string issuer_url;            // caIssuers
};

/// Sixteen random octets that make a positive integer of at most 16 octets, never zero.
base::Bytes make_serial();

struct Issuer {
  base::BytesView certificate;  // DER
  const KeyPair& key;
};
/// The signed certificate, DER, with the identifiers of both keys. Errors: invalid_input (a name or a URL that cannot
/// stand in a certificate, key unreadable), conflict (the issuer's key is not that of its certificate).
base::Result<base::Bytes> issue(const CertificateTemplate& wanted, const Issuer& issuer);
/// Signed with its own key.
base::Result<base::Bytes> issue_root(const CertificateTemplate& wanted, const KeyPair& key);

/// Certificates one behind the other, PEM.
std::string to_pem(base::BytesView der);
/// PKCS#7 with certificates and nothing else, DER (RFC 7030 §4.1.3). Errors: invalid_input.
base::Result<base::Bytes> pack_certificates(const std::vector<base::Bytes>& ders);

}  // namespace crypto
