// What kind of signature is wanted, in the words of EN 319 122 and EN 319 132. Every signature is made in two steps:
// prepare → octets to be signed → value → complete. No code of a format holds a private key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace signature {

/// Those without code yet are refused by name.
enum class Format : std::uint8_t {
  cades,
  xades,
  pades,
  asic_e,
  asic_s,
  jades,
};
/// "cades"
std::string_view name_of(Format format);
/// Errors: invalid_input.
base::Result<Format> parse_format(std::string_view name);

/// B-B, B-T, B-LT, B-LTA of the baselines.
enum class Level : std::uint8_t {
  b,
  t,
  lt,
  lta,
};
/// "B", "T", "LT", "LTA"
std::string_view name_of(Level level);
/// Errors: invalid_input.
base::Result<Level> parse_level(std::string_view name);

/// CAdES: enveloping (attached) or detached.
enum class Packaging : std::uint8_t {
  enveloped,
  enveloping,
  detached,
};
std::string_view name_of(Packaging packaging);
/// Errors: invalid_input.
base::Result<Packaging> parse_packaging(std::string_view name);

/// A signature policy that the signer names (EPES): its id and the digest of its document.
struct PolicyReference {
  std::string oid_or_uri;  // "1.2.616.1.…" or "urn:…", "https://…"
  crypto::DigestKind digest_kind = crypto::DigestKind::sha256;
  base::Bytes digest;
  std::string url;  // where the document is; "" = not said
};

struct SignatureWish {
  Level level = Level::b;
  Packaging packaging = Packaging::detached;
  base::Bytes certificate;         // of the signer, DER
  std::vector<base::Bytes> chain;  // above it, DER; the root may be left out
  crypto::SignatureAlgorithm algorithm;
  base::Time signing_time;
  std::optional<PolicyReference> policy;
  std::string commitment;   // OID of a commitment type, RFC 5126 §5.11.1: "1.2.840.113549.1.9.16.6.1"; "" = none
  std::string role;         // claimed role of the signer; "" = none
  std::string media_type;   // of the content: "text/plain"; "" = not said
  std::string element;      // XAdES enveloped: XPath of the one element that takes the signature; "" = the root
  std::string unique_part;  // 128 random bits as text, for the ids in XML: rules draw no random numbers
};

/// The first step. Both parts can be stored between the steps: `state` is what complete needs, and holds no secret.
struct Prepared {
  base::Bytes to_be_signed;
  crypto::SignatureAlgorithm algorithm;
  base::Bytes state;
};

}  // namespace signature
