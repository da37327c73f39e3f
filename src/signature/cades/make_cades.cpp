#include "signature/cades/make_cades.hpp"

#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/certificate_parts.hpp"
#include "crypto/cms/signed_data.hpp"
#include "crypto/cms/timestamp_token.hpp"
#include "crypto/digest/digest.hpp"
#include "signature/cades/cades_state.hpp"
#include "signature/cades/signed_attributes.hpp"

namespace signature {
namespace {

namespace cms = crypto::cms;
namespace der = crypto::der;

constexpr der::Oid rsa_key{"1.2.840.113549.1.1.1"};
constexpr der::Oid rsa_pss_key{"1.2.840.113549.1.1.10"};
constexpr der::Oid ec_key{"1.2.840.10045.2.1"};

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<void> judge_algorithm(const SignatureWish& wish) {
  using crypto::DigestKind;
  const DigestKind kind = wish.algorithm.digest;
  if (kind != DigestKind::sha256 && kind != DigestKind::sha384 && kind != DigestKind::sha512) {
    return fail("signatures are made by SHA-256, SHA-384 or SHA-512");
  }
  ASSIGN_OR_RETURN(const cms::CertificateParts parts, cms::read_certificate_parts(wish.certificate));
  ASSIGN_OR_RETURN(const der::Element spki, der::read_one(parts.spki));
  der::Reader reader(spki.content);
  ASSIGN_OR_RETURN(der::Reader identifier, reader.enter(der::sequence));
  ASSIGN_OR_RETURN(const der::Element sort, identifier.take(der::object_identifier));
  using crypto::SignatureScheme;
  const SignatureScheme scheme = wish.algorithm.scheme;
  const bool fits =
      (sort.is(ec_key) && scheme == SignatureScheme::ecdsa) ||
      (sort.is(rsa_key) && (scheme == SignatureScheme::rsa_pkcs1 || scheme == SignatureScheme::rsa_pss)) ||
      (sort.is(rsa_pss_key) && scheme == SignatureScheme::rsa_pss);
  return fits ? base::Result<void>() : fail("the algorithm does not fit the certificate's key");
}

// What the three first steps share. `state` has its kind, and whose value is signed.
base::Result<Prepared> prepare(const SignatureWish& wish, CadesState state,
                               const std::optional<base::BytesView>& content_type) {
  ASSIGN_OR_RETURN(state.signed_attributes, make_signed_attributes(wish, content_type, state.digest));
  state.algorithm = wish.algorithm;
  state.certificates.push_back(wish.certificate);
  for (const base::Bytes& above : wish.chain) {
    RETURN_IF_ERROR(cms::read_certificate_parts(above));
    state.certificates.push_back(above);
  }
  return Prepared{cms::octets_to_sign(state.signed_attributes), wish.algorithm, encode_state(state)};
}

// The signer with its value, which is verified, so that no signature leaves that nobody would accept.
base::Result<base::Bytes> sign(const CadesState& state, base::BytesView value) {
  ASSIGN_OR_RETURN(const cms::CertificateParts parts, cms::read_certificate_parts(state.certificates.front()));
  const bool is_right = crypto::verify_signature(
      parts.spki, state.algorithm, cms::octets_to_sign(state.signed_attributes), value, crypto::ValueForm::der);
  if (!is_right) return base::fail(base::Code::denied, "the value is no signature by the certificate's key");
  const base::Bytes digest_identifier = cms::make_identifier(state.algorithm.digest);
  const base::Bytes signature_identifier = cms::make_identifier(state.algorithm);
  return cms::make_signer(
      {parts.issuer, parts.serial, digest_identifier, state.signed_attributes, signature_identifier}, value);
}

base::Result<CadesState> decode(base::BytesView octets, base::BytesView signature) {
  ASSIGN_OR_RETURN(CadesState state, decode_state(octets));
  if (state.signature_sha256 != crypto::sha256(signature)) {
    return base::fail(base::Code::conflict, "another signature than in the first step");
  }
  return state;
}

base::Result<base::BytesView> signer_at(const cms::SignedData& read, std::size_t signer) {
  if (signer >= read.signers.size()) return base::fail(base::Code::not_found, "a signature without that signer");
  return read.signers[signer];
}

// A message that is none of CMS is invalid input here, whatever else it is.
base::Result<cms::SignedData> read(base::BytesView signature) {
  auto found = cms::read_signed_data(signature);
  if (!found) return fail("not a CMS signature");
  return found;
}

void add_certificates(cms::SignedDataParts& parts, const CadesState& state) {
  for (const base::Bytes& certificate : state.certificates) cms::add_once(parts.certificates, certificate);
}

// Of a detached signature: that the others signed the same content. One whose digest is not known here says nothing.
base::Result<void> compare(const cms::SignedData& read, const Content& content) {
  for (const base::BytesView whole : read.signers) {
    ASSIGN_OR_RETURN(const cms::SignerInfo signer, cms::read_signer(whole));
    ASSIGN_OR_RETURN(const auto attributes, cms::read_attributes(signer.signed_attributes, der::Rules::ber));
    ASSIGN_OR_RETURN(const cms::DigestIdentifier identifier, cms::read_digest_identifier(signer.digest_algorithm));
    const cms::Attribute* const said = cms::find(attributes, cms::message_digest);
    if (said == nullptr || !identifier.kind) continue;
    const auto digest = content.digest(*identifier.kind);
    if (!digest && digest.error().code == base::Code::not_found) continue;
    if (!digest) return tl::unexpected<base::Error>(digest.error());
    if (*digest != said->values.front().content) {
      return base::fail(base::Code::conflict, "the content is another one than the others signed");
    }
  }
  return {};
}

base::Result<base::Bytes> digest_of(const cms::SignedData& read, const Content* detached, crypto::DigestKind kind) {
  if (read.has_content) {
    if (detached != nullptr) return base::fail(base::Code::conflict, "content both inside and outside");
    return crypto::digest(kind, read.content);
  }
  if (detached == nullptr) return base::fail(base::Code::not_found, "the content of a detached signature is missing");
  RETURN_IF_ERROR(compare(read, *detached));
  return detached->digest(kind);
}

}  // namespace

base::Result<Prepared> prepare_cades(const SignatureWish& wish, const Content& content) {
  if (wish.packaging == Packaging::enveloped) return fail("CAdES is detached or enveloping");
  RETURN_IF_ERROR(judge_algorithm(wish));
  CadesState state;
  state.kind =
      wish.packaging == Packaging::detached ? CadesState::Kind::first_detached : CadesState::Kind::first_enveloping;
  ASSIGN_OR_RETURN(state.digest, content.digest(wish.algorithm.digest));
  return prepare(wish, std::move(state), cms::id_data.content());
}

base::Result<base::Bytes> complete_cades(base::BytesView state_octets, base::BytesView value, const Content* content) {
  ASSIGN_OR_RETURN(const CadesState state, decode_state(state_octets));
  const bool is_detached = state.kind == CadesState::Kind::first_detached;
  if (!is_detached && state.kind != CadesState::Kind::first_enveloping) return fail("the state of another step");
  cms::SignedDataParts parts;
  base::Bytes octets;
  if (!is_detached) {
    if (content == nullptr) return fail("an enveloping signature needs its content");
    ASSIGN_OR_RETURN(octets, content->octets());
    if (crypto::digest(state.algorithm.digest, octets) != state.digest) {
      return base::fail(base::Code::conflict, "the content is another one than in the first step");
    }
    parts.has_content = true;
    parts.content = octets;
  } else if (content != nullptr) {
    ASSIGN_OR_RETURN(const base::Bytes digest, content->digest(state.algorithm.digest));
    if (digest != state.digest) return base::fail(base::Code::conflict, "the content is another one");
  }
  ASSIGN_OR_RETURN(base::Bytes signer, sign(state, value));
  parts.digest_algorithms.push_back(cms::make_identifier(state.algorithm.digest));
  parts.content_type = cms::id_data.content();
  add_certificates(parts, state);
  parts.signers.push_back(std::move(signer));
  return cms::make_signed_data(parts);
}

base::Result<Prepared> prepare_parallel_cades(const SignatureWish& wish, base::BytesView signature,
                                              const Content* detached) {
  RETURN_IF_ERROR(judge_algorithm(wish));
  ASSIGN_OR_RETURN(const cms::SignedData existing, read(signature));
  CadesState state;
  state.kind = CadesState::Kind::parallel;
  state.signature_sha256 = crypto::sha256(signature);
  ASSIGN_OR_RETURN(state.digest, digest_of(existing, detached, wish.algorithm.digest));
  return prepare(wish, std::move(state), existing.content_type);
}

base::Result<base::Bytes> complete_parallel_cades(base::BytesView state_octets, base::BytesView value,
                                                  base::BytesView signature) {
  ASSIGN_OR_RETURN(const CadesState state, decode(state_octets, signature));
  if (state.kind != CadesState::Kind::parallel) return fail("the state of another step");
  ASSIGN_OR_RETURN(const cms::SignedData existing, read(signature));
  ASSIGN_OR_RETURN(cms::SignedDataParts parts, cms::parts_of(existing));
  ASSIGN_OR_RETURN(base::Bytes signer, sign(state, value));
  cms::add_once(parts.digest_algorithms, cms::make_identifier(state.algorithm.digest));
  add_certificates(parts, state);
  parts.signers.push_back(std::move(signer));
  return cms::make_signed_data(parts);
}

base::Result<Prepared> prepare_countersignature(const SignatureWish& wish, base::BytesView signature,
                                                std::size_t signer) {
  RETURN_IF_ERROR(judge_algorithm(wish));
  ASSIGN_OR_RETURN(const base::Bytes octets, stamped_octets(signature, signer));
  CadesState state;
  state.kind = CadesState::Kind::counter;
  state.signer = signer;
  state.signature_sha256 = crypto::sha256(signature);
  state.digest = crypto::digest(wish.algorithm.digest, octets);
  return prepare(wish, std::move(state), std::nullopt);
}

base::Result<base::Bytes> complete_countersignature(base::BytesView state_octets, base::BytesView value,
                                                    base::BytesView signature) {
  ASSIGN_OR_RETURN(const CadesState state, decode(state_octets, signature));
  if (state.kind != CadesState::Kind::counter) return fail("the state of another step");
  ASSIGN_OR_RETURN(const cms::SignedData existing, read(signature));
  ASSIGN_OR_RETURN(cms::SignedDataParts parts, cms::parts_of(existing));
  ASSIGN_OR_RETURN(const base::BytesView whole, signer_at(existing, state.signer));
  ASSIGN_OR_RETURN(const cms::SignerInfo signer, cms::read_signer(whole));
  ASSIGN_OR_RETURN(const base::Bytes made, sign(state, value));
  parts.signers.at(state.signer) = cms::add_unsigned(signer, cms::make_attribute(cms::counter_signature, made));
  add_certificates(parts, state);
  return cms::make_signed_data(parts);
}

base::Result<std::size_t> count_signers(base::BytesView signature) {
  ASSIGN_OR_RETURN(const cms::SignedData existing, read(signature));
  return existing.signers.size();
}

base::Result<base::Bytes> stamped_octets(base::BytesView signature, std::size_t signer) {
  ASSIGN_OR_RETURN(const cms::SignedData existing, read(signature));
  ASSIGN_OR_RETURN(const base::BytesView whole, signer_at(existing, signer));
  ASSIGN_OR_RETURN(const cms::SignerInfo found, cms::read_signer(whole));
  return base::Bytes(found.signature);
}

base::Result<base::Bytes> add_signature_timestamp(base::BytesView signature, std::size_t signer,
                                                  base::BytesView token) {
  ASSIGN_OR_RETURN(const cms::SignedData existing, read(signature));
  ASSIGN_OR_RETURN(cms::SignedDataParts parts, cms::parts_of(existing));
  ASSIGN_OR_RETURN(const base::BytesView whole, signer_at(existing, signer));
  ASSIGN_OR_RETURN(const cms::SignerInfo found, cms::read_signer(whole));
  ASSIGN_OR_RETURN(const crypto::TimestampInfo info, crypto::read_timestamp_info(token));
  if (info.imprint != crypto::digest(info.digest_kind, found.signature)) {
    return base::fail(base::Code::conflict, "a time stamp of something else");
  }
  parts.signers.at(signer) = cms::add_unsigned(found, cms::make_attribute(cms::signature_timestamp, token));
  return cms::make_signed_data(parts);
}

}  // namespace signature
