#include "crypto/cms/algorithm.hpp"

#include <openssl/rsa.h>

#include <array>

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/openssl_signing.hpp"

namespace crypto::cms {
namespace {

using der::Oid;

constexpr Oid md5{"1.2.840.113549.2.5"};
constexpr Oid sha1{"1.3.14.3.2.26"};
constexpr Oid sha224{"2.16.840.1.101.3.4.2.4"};
constexpr Oid sha256{"2.16.840.1.101.3.4.2.1"};
constexpr Oid sha384{"2.16.840.1.101.3.4.2.2"};
constexpr Oid sha512{"2.16.840.1.101.3.4.2.3"};
constexpr Oid sha3_224{"2.16.840.1.101.3.4.2.7"};
constexpr Oid sha3_256{"2.16.840.1.101.3.4.2.8"};
constexpr Oid sha3_384{"2.16.840.1.101.3.4.2.9"};
constexpr Oid sha3_512{"2.16.840.1.101.3.4.2.10"};
constexpr Oid ripemd160{"1.3.36.3.2.1"};
// In the order of DigestKind.
constexpr std::array digest_oids{md5,      sha1,     sha224,   sha256,   sha384,   sha512,
                                 sha3_224, sha3_256, sha3_384, sha3_512, ripemd160};
static_assert(digest_oids.size() == all_digest_kinds.size());

constexpr Oid rsa_encryption{"1.2.840.113549.1.1.1"};
constexpr Oid rsa_pss{"1.2.840.113549.1.1.10"};
constexpr Oid mgf1{"1.2.840.113549.1.1.8"};
constexpr std::array rsa_oids{
    Oid{"1.2.840.113549.1.1.4"},    Oid{"1.2.840.113549.1.1.5"},    Oid{"1.2.840.113549.1.1.14"},
    Oid{"1.2.840.113549.1.1.11"},   Oid{"1.2.840.113549.1.1.12"},   Oid{"1.2.840.113549.1.1.13"},
    Oid{"2.16.840.1.101.3.4.3.13"}, Oid{"2.16.840.1.101.3.4.3.14"}, Oid{"2.16.840.1.101.3.4.3.15"},
    Oid{"2.16.840.1.101.3.4.3.16"}, Oid{"1.3.36.3.3.1.2"}};
// What does not exist is 0.0, which no identifier is.
constexpr std::array ecdsa_oids{Oid{"0.0"},
                                Oid{"1.2.840.10045.4.1"},
                                Oid{"1.2.840.10045.4.3.1"},
                                Oid{"1.2.840.10045.4.3.2"},
                                Oid{"1.2.840.10045.4.3.3"},
                                Oid{"1.2.840.10045.4.3.4"},
                                Oid{"2.16.840.1.101.3.4.3.9"},
                                Oid{"2.16.840.1.101.3.4.3.10"},
                                Oid{"2.16.840.1.101.3.4.3.11"},
                                Oid{"2.16.840.1.101.3.4.3.12"},
                                Oid{"0.0"}};
constexpr std::array dsa_oids{Oid{"0.0"},
                              Oid{"1.2.840.10040.4.3"},
                              Oid{"2.16.840.1.101.3.4.3.1"},
                              Oid{"2.16.840.1.101.3.4.3.2"},
                              Oid{"2.16.840.1.101.3.4.3.3"},
                              Oid{"2.16.840.1.101.3.4.3.4"},
                              Oid{"2.16.840.1.101.3.4.3.5"},
                              Oid{"2.16.840.1.101.3.4.3.6"},
                              Oid{"2.16.840.1.101.3.4.3.7"},
                              Oid{"2.16.840.1.101.3.4.3.8"},
                              Oid{"0.0"}};
constexpr Oid dsa_alone{"1.2.840.10040.4.1"};  // the key's identifier, which some programs write for the signature
static_assert(rsa_oids.size() == digest_oids.size() && ecdsa_oids.size() == digest_oids.size() &&
              dsa_oids.size() == digest_oids.size());

constexpr base::BytesView null_parameters{"\x05\x00", 2};

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

template <std::size_t n>
std::optional<DigestKind> find(const std::array<Oid, n>& oids, base::BytesView content) {
  for (std::size_t i = 0; i < n; ++i) {
    if (oids.at(i).content() == content) return all_digest_kinds.at(i);
  }
  return std::nullopt;
}

struct Identifier {
  base::BytesView oid;         // content octets
  base::BytesView parameters;  // whole; "" = absent
};

base::Result<Identifier> read_identifier(base::BytesView whole) {
  ASSIGN_OR_RETURN(const der::Element outer, der::read_one(whole));
  if (outer.tag != der::sequence) return fail("an identifier of an algorithm that is none");
  der::Reader reader(outer.content);
  ASSIGN_OR_RETURN(const der::Element oid, reader.take(der::object_identifier));
  Identifier identifier{oid.content, {}};
  if (!reader.is_at_end()) {
    ASSIGN_OR_RETURN(const der::Element parameters, reader.take());
    identifier.parameters = parameters.whole;
  }
  RETURN_IF_ERROR(reader.finish());
  if (der::oid_text(identifier.oid).empty()) return fail("an identifier of an algorithm that is none");
  return identifier;
}

bool has_no_parameters(const Identifier& identifier) {
  return identifier.parameters.empty() || identifier.parameters == null_parameters;
}

base::Bytes hash_for_pss(DigestKind kind) {
  return der::make(der::sequence,
                   {der::make(digest_oids.at(static_cast<std::size_t>(kind))), base::BytesView(null_parameters)});
}

// RFC 4055 §3.1. Defaults are SHA-1 and a salt of 20 octets.
struct PssParameters {
  DigestKind hash = DigestKind::sha1;
  DigestKind mask_hash = DigestKind::sha1;
  std::int64_t salt = 20;
  bool is_known = true;
};

base::Result<std::optional<DigestKind>> read_known_digest(der::Reader reader) {
  ASSIGN_OR_RETURN(const der::Element identifier, reader.take(der::sequence));
  RETURN_IF_ERROR(reader.finish());
  ASSIGN_OR_RETURN(const DigestIdentifier digest, read_digest_identifier(identifier.whole));
  return digest.kind;
}

base::Result<std::optional<DigestKind>> read_mask(der::Reader reader) {
  ASSIGN_OR_RETURN(const der::Element whole, reader.take(der::sequence));
  RETURN_IF_ERROR(reader.finish());
  ASSIGN_OR_RETURN(const Identifier mask, read_identifier(whole.whole));
  if (mask.oid != mgf1.content()) return std::optional<DigestKind>();
  return read_known_digest(der::Reader(mask.parameters));
}

base::Result<PssParameters> read_pss(base::BytesView whole) {
  PssParameters read;
  der::Reader outer(whole);
  ASSIGN_OR_RETURN(der::Reader reader, outer.enter(der::sequence));
  ASSIGN_OR_RETURN(const auto hash, reader.take_if(der::context(0)));
  if (hash) {
    ASSIGN_OR_RETURN(const auto kind, read_known_digest(der::Reader(hash->content)));
    read.is_known = kind.has_value();
    read.hash = kind.value_or(DigestKind::sha1);
  }
  ASSIGN_OR_RETURN(const auto mask, reader.take_if(der::context(1)));
  if (mask) {
    ASSIGN_OR_RETURN(const auto kind, read_mask(der::Reader(mask->content)));
    read.is_known = read.is_known && kind.has_value();
    read.mask_hash = kind.value_or(DigestKind::sha1);
  }
  ASSIGN_OR_RETURN(const auto salt, reader.take_if(der::context(2)));
  if (salt) {
    ASSIGN_OR_RETURN(const der::Element number, der::read_one(salt->content));
    if (number.tag != der::integer) return fail("a salt of PSS that is no number");
    ASSIGN_OR_RETURN(read.salt, der::read_small(number));
  }
  ASSIGN_OR_RETURN(const auto trailer, reader.take_if(der::context(3)));
  if (trailer && trailer->content != base::BytesView("\x02\x01\x01", 3)) return fail("a trailer of PSS other than 1");
  RETURN_IF_ERROR(reader.finish());
  return read;
}

base::Result<SignatureIdentifier> read_pss_identifier(const Identifier& identifier) {
  SignatureIdentifier read;
  ASSIGN_OR_RETURN(const PssParameters pss, read_pss(identifier.parameters));
  read.name = der::oid_text(identifier.oid);
  if (!pss.is_known) return read;
  if (pss.mask_hash != pss.hash) return fail("PSS with another digest in its mask than in the signature");
  if (pss.salt > 512) return fail("a salt of PSS that is longer than every key");
  read.algorithm = SignatureAlgorithm{SignatureScheme::rsa_pss, pss.hash};
  read.name = "rsa-pss-" + std::string(name_of(pss.hash));
  read.salt = static_cast<int>(pss.salt);
  return read;
}

// Values with another salt than the digest's length are right, too; set_algorithm knows the usual one only.
bool prepare(EVP_PKEY_CTX* context, const SignatureIdentifier& identifier) {
  return EVP_PKEY_verify_init(context) == 1 && ossl::set_algorithm(context, *identifier.algorithm) &&
         (identifier.algorithm->scheme != SignatureScheme::rsa_pss ||
          EVP_PKEY_CTX_set_rsa_pss_saltlen(context, identifier.salt) == 1);
}

bool has_form(const EVP_PKEY* key, SignatureScheme scheme, base::BytesView value) {
  if (scheme == SignatureScheme::rsa_pkcs1 || scheme == SignatureScheme::rsa_pss)
    return value.size() == static_cast<std::size_t>(EVP_PKEY_get_size(key));
  // OpenSSL reads such a value also when it is BER; one signature must not have several forms. The numbers of DSA are
  // short beside its key.
  return decode_ecdsa_value(value, (static_cast<std::size_t>(EVP_PKEY_get_bits(key)) + 7) / 8).has_value();
}

}  // namespace

base::Bytes make_identifier(DigestKind kind) {
  return der::make(der::sequence, der::make(digest_oids.at(static_cast<std::size_t>(kind))));
}

base::Bytes make_identifier(SignatureAlgorithm algorithm) {
  const auto digest = static_cast<std::size_t>(algorithm.digest);
  switch (algorithm.scheme) {
    case SignatureScheme::rsa_pkcs1:
      return der::make(der::sequence, {der::make(rsa_oids.at(digest)), base::BytesView(null_parameters)});
    case SignatureScheme::ecdsa: return der::make(der::sequence, der::make(ecdsa_oids.at(digest)));
    case SignatureScheme::dsa: return der::make(der::sequence, der::make(dsa_oids.at(digest)));
    case SignatureScheme::rsa_pss: break;
  }
  const base::Bytes hash = hash_for_pss(algorithm.digest);
  const base::Bytes mask = der::make(der::sequence, {der::make(mgf1), hash});
  const base::Bytes parameters =
      der::make(der::sequence, {der::make(der::context(0), hash), der::make(der::context(1), mask),
                                der::make(der::context(2), der::make_integer(size_of(algorithm.digest)))});
  return der::make(der::sequence, {der::make(rsa_pss), parameters});
}

base::Result<DigestIdentifier> read_digest_identifier(base::BytesView identifier) {
  ASSIGN_OR_RETURN(const Identifier read, read_identifier(identifier));
  DigestIdentifier digest;
  digest.kind = find(digest_oids, read.oid);
  digest.name = digest.kind ? std::string(name_of(*digest.kind)) : der::oid_text(read.oid);
  if (digest.kind && !has_no_parameters(read)) return fail("a digest with parameters");
  return digest;
}

base::Result<SignatureIdentifier> read_signature_identifier(base::BytesView identifier,
                                                            const std::optional<DigestKind>& digest) {
  ASSIGN_OR_RETURN(const Identifier read, read_identifier(identifier));
  if (read.oid == rsa_pss.content()) return read_pss_identifier(read);
  SignatureIdentifier signature;
  signature.name = der::oid_text(read.oid);
  if (read.oid == rsa_encryption.content()) {
    signature.has_digest = false;
    if (digest) signature.algorithm = SignatureAlgorithm{SignatureScheme::rsa_pkcs1, *digest};
  } else if (const auto with_rsa = find(rsa_oids, read.oid)) {
    signature.algorithm = SignatureAlgorithm{SignatureScheme::rsa_pkcs1, *with_rsa};
  } else if (const auto with_ecdsa = find(ecdsa_oids, read.oid)) {
    // RFC 5754 §3.3: "the AlgorithmIdentifier parameters field MUST be absent"; NULL occurs and changes nothing.
    signature.algorithm = SignatureAlgorithm{SignatureScheme::ecdsa, *with_ecdsa};
  } else if (const auto with_dsa = find(dsa_oids, read.oid)) {
    signature.algorithm = SignatureAlgorithm{SignatureScheme::dsa, *with_dsa};
  } else if (read.oid == dsa_alone.content()) {
    signature.has_digest = false;
    if (digest) signature.algorithm = SignatureAlgorithm{SignatureScheme::dsa, *digest};
  }
  if (!signature.algorithm) return signature;
  if (!has_no_parameters(read)) return fail("an algorithm with parameters that it does not have");
  signature.name = std::string(name_of(*signature.algorithm));
  return signature;
}

bool verify_digest(base::BytesView spki, const SignatureIdentifier& identifier, base::BytesView digest,
                   base::BytesView value) {
  if (!identifier.algorithm || digest.size() != size_of(identifier.algorithm->digest)) return false;
  const ossl::ErrorsCleared cleared;
  const SignatureScheme scheme = identifier.algorithm->scheme;
  const ossl::KnownKey* const known = ossl::find_public_key(spki);
  if (known == nullptr) return false;
  EVP_PKEY* const key = known->key.get();
  if (!ossl::is_for(key, scheme) || !has_form(key, scheme, value)) return false;
  const ossl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context && prepare(context.get(), identifier) &&
         EVP_PKEY_verify(context.get(), ossl::octets(value), value.size(), ossl::octets(digest), digest.size()) == 1;
}

}  // namespace crypto::cms
