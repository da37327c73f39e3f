#include "signature/cades/archive_imprint.hpp"

#include <algorithm>
#include <set>

#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/attributes.hpp"

namespace signature {
namespace {

namespace cms = crypto::cms;
namespace der = crypto::der;

using Hashes = std::set<base::Bytes>;

// The token's own unsigned attribute; its octets outlive the call, because they are those of the token.
base::Result<der::Element> find_index(base::BytesView token) {
  ASSIGN_OR_RETURN(const cms::SignedData read, cms::read_signed_data(token));
  if (read.signers.size() != 1) return base::fail(base::Code::invalid_input, "a token by several signers");
  ASSIGN_OR_RETURN(const cms::SignerInfo signer, cms::read_signer(read.signers.front()));
  ASSIGN_OR_RETURN(const auto attributes, cms::read_attributes(signer.unsigned_attributes, der::Rules::ber));
  const cms::Attribute* const index = cms::find(attributes, cms::ats_hash_index_v3);
  if (index == nullptr) return base::fail(base::Code::not_found, "no index of hashes");
  return der::read_one(index->values.front().whole);
}

// §5.5.2: "a hash value … for which the original value cannot be found" makes the index invalid.
bool names_only(const der::Element& hashes, const Hashes& present) {
  const auto all = der::read_all(hashes.content);
  return hashes.tag == der::sequence && all && std::all_of(all->begin(), all->end(), [&](const der::Element& one) {
           return one.tag == der::octet_string && present.contains(base::Bytes(one.content));
         });
}

Hashes hash_all(const std::vector<base::BytesView>& parts, crypto::DigestKind kind) {
  Hashes hashes;
  for (const base::BytesView part : parts) hashes.insert(crypto::digest(kind, part));
  return hashes;
}

// Of each value: its attribute's identifier and itself, one behind the other.
std::optional<Hashes> hash_attributes(const cms::SignerInfo& signer, crypto::DigestKind kind) {
  const auto attributes = cms::read_attributes(signer.unsigned_attributes, der::Rules::ber);
  if (!attributes) return std::nullopt;
  Hashes hashes;
  for (const cms::Attribute& attribute : *attributes) {
    const base::Bytes oid = der::make(der::object_identifier, attribute.oid);
    for (const der::Element& value : attribute.values)
      hashes.insert(crypto::digest(kind, oid + base::Bytes(value.whole)));
  }
  return hashes;
}

}  // namespace

std::optional<base::Bytes> find_archive_imprint(base::BytesView token, const cms::SignedData& data,
                                                const cms::SignerInfo& signer, base::BytesView content_digest,
                                                crypto::DigestKind kind) {
  const auto index = find_index(token);
  if (!index || index->tag != der::sequence) return std::nullopt;
  const auto fields = der::read_all(index->content);
  if (!fields || fields->size() != 4) return std::nullopt;
  const auto algorithm = cms::read_digest_identifier(fields->front().whole);
  if (!algorithm || algorithm->kind != kind) return std::nullopt;
  const auto attributes = hash_attributes(signer, kind);
  if (!attributes || !names_only(fields->at(1), hash_all(data.certificates, kind)) ||
      !names_only(fields->at(2), hash_all(data.lists, kind)) || !names_only(fields->at(3), *attributes)) {
    return std::nullopt;
  }
  base::Bytes octets = der::make(der::object_identifier, data.content_type);
  octets.append(content_digest).append(signer.before_unsigned).append(index->whole);
  return crypto::digest(kind, octets);
}

bool covers_token(base::BytesView token, const cms::SignerInfo& signer, base::BytesView other) {
  const auto has_value = [&](const cms::Attribute& attribute) {
    return std::any_of(attribute.values.begin(), attribute.values.end(),
                       [&](const der::Element& value) { return value.whole == other; });
  };
  const auto from_signer = cms::read_attributes(signer.signed_attributes, der::Rules::ber);
  if (from_signer && std::any_of(from_signer->begin(), from_signer->end(), has_value)) return true;
  const auto index = find_index(token);
  const auto fields = index ? der::read_all(index->content) : base::Result<std::vector<der::Element>>();
  if (!fields || fields->size() != 4) return false;
  const auto algorithm = cms::read_digest_identifier(fields->front().whole);
  const auto attributes = cms::read_attributes(signer.unsigned_attributes, der::Rules::ber);
  const auto listed = der::read_all(fields->at(3).content);
  if (!algorithm || !algorithm->kind || !attributes || !listed) return false;
  return std::any_of(attributes->begin(), attributes->end(), [&](const cms::Attribute& attribute) {
    if (!has_value(attribute)) return false;
    const base::Bytes hash =
        crypto::digest(*algorithm->kind, der::make(der::object_identifier, attribute.oid) + base::Bytes(other));
    return std::any_of(listed->begin(), listed->end(), [&](const der::Element& one) { return one.content == hash; });
  });
}

}  // namespace signature
