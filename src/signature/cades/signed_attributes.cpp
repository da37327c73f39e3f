#include "signature/cades/signed_attributes.hpp"

#include <algorithm>

#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/der.hpp"

namespace signature {
namespace {

namespace cms = crypto::cms;
namespace der = crypto::der;

constexpr der::Oid policy_uri{"1.2.840.113549.1.9.16.5.1"};  // id-spq-ets-uri
constexpr der::Oid name_attribute{"2.5.4.41"};
constexpr der::Oid role_attribute{"2.5.4.72"};
constexpr std::size_t longest_role = 500;
constexpr std::size_t longest_media_type = 200;
constexpr std::size_t longest_url = 1000;

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

base::Result<base::Bytes> make_policy(const PolicyReference& policy) {
  std::string_view oid = policy.oid_or_uri;
  if (oid.starts_with("urn:oid:")) oid.remove_prefix(8);
  ASSIGN_OR_RETURN(base::Bytes content, der::make_oid(oid));
  if (policy.digest.size() != crypto::size_of(policy.digest_kind)) return fail("a policy's digest of another length");
  content.append(der::make(der::sequence,
                           {cms::make_identifier(policy.digest_kind), der::make(der::octet_string, policy.digest)}));
  if (!policy.url.empty()) {
    if (!is_printable(policy.url) || policy.url.size() > longest_url) return fail("a policy's address that is none");
    const base::Bytes qualifier =
        der::make(der::sequence, {der::make(policy_uri), der::make(der::ia5_string, policy.url)});
    content.append(der::make(der::sequence, qualifier));
  }
  return cms::make_attribute(cms::signature_policy, der::make(der::sequence, content));
}

// The role as European validators write it: the attribute "name" among the claimed ones.
base::Result<base::Bytes> make_role(const std::string& role) {
  if (!base::is_utf8(role) || role.size() > longest_role) return fail("a role that is too long or no UTF-8");
  const base::Bytes claimed = cms::make_attribute(name_attribute, der::make(der::utf8_string, role));
  const base::Bytes choice = der::make(der::context(0), der::make(der::sequence, claimed));
  return cms::make_attribute(cms::signer_attributes_v2, der::make(der::sequence, choice));
}

base::Result<base::Bytes> make_media_type(const std::string& type) {
  const bool is_type = is_printable(type) && type.find('/') != std::string::npos && type.size() <= longest_media_type;
  if (!is_type) return fail("not a media type");
  return cms::make_attribute(cms::mime_type, der::make(der::utf8_string, type));
}

// RoleSyntax (X.509 §17.4.2): roleName is [1] GeneralName; a URI or a registered name is text.
std::string read_role_syntax(const der::Element& value) {
  der::Reader reader(value.content);
  if (!reader.take_if(der::context(0))) return {};
  const auto name = reader.take_if(der::context(1));
  if (!name || !*name) return {};
  const auto general = der::read_one((*name)->content);
  const bool is_text = general && general->tag == der::context(6, false);
  return is_text && base::is_utf8(general->content) ? std::string(general->content) : std::string();
}

std::string read_claimed(base::BytesView content) {
  const auto attributes = cms::read_attributes(content, der::Rules::der);
  if (!attributes) return {};
  for (const cms::Attribute& attribute : *attributes) {
    const der::Element& value = attribute.values.front();
    if (attribute.oid == role_attribute.content()) return read_role_syntax(value);
    if (value.tag == der::utf8_string && base::is_utf8(value.content)) return std::string(value.content);
  }
  return {};
}

}  // namespace

base::Result<base::Bytes> make_signed_attributes(const SignatureWish& wish,
                                                 const std::optional<base::BytesView>& content_type,
                                                 base::BytesView digest) {
  std::vector<base::Bytes> attributes;
  attributes.push_back(cms::make_attribute(cms::message_digest, der::make(der::octet_string, digest)));
  attributes.push_back(cms::make_attribute(cms::signing_time, der::make_time(wish.signing_time)));
  ASSIGN_OR_RETURN(base::Bytes reference, cms::make_signing_certificate(wish.certificate, wish.algorithm.digest));
  attributes.push_back(std::move(reference));
  if (content_type) {
    const base::Bytes type = der::make(der::object_identifier, *content_type);
    attributes.push_back(cms::make_attribute(cms::content_type, type));
    if (!wish.media_type.empty()) {
      ASSIGN_OR_RETURN(base::Bytes media_type, make_media_type(wish.media_type));
      attributes.push_back(std::move(media_type));
    }
  }
  if (wish.policy) {
    ASSIGN_OR_RETURN(base::Bytes policy, make_policy(*wish.policy));
    attributes.push_back(std::move(policy));
  }
  if (!wish.commitment.empty()) {
    ASSIGN_OR_RETURN(const base::Bytes oid, der::make_oid(wish.commitment));
    attributes.push_back(cms::make_attribute(cms::commitment_type, der::make(der::sequence, oid)));
  }
  if (!wish.role.empty()) {
    ASSIGN_OR_RETURN(base::Bytes role, make_role(wish.role));
    attributes.push_back(std::move(role));
  }
  std::sort(attributes.begin(), attributes.end());
  base::Bytes content;
  for (const base::Bytes& attribute : attributes) content.append(attribute);
  return content;
}

std::string read_role(base::BytesView value, bool is_v2) {
  const auto whole = der::read_one(value);
  if (!whole || whole->tag != der::sequence) return {};
  der::Reader reader(whole->content);
  const auto claimed = reader.take_if(der::context(0));
  if (!claimed || !*claimed) return {};
  // Version 1 has implicit tags, version 2 explicit ones.
  if (!is_v2) return read_claimed((*claimed)->content);
  const auto list = der::read_one((*claimed)->content);
  return list ? read_claimed(list->content) : std::string();
}

base::Result<NamedPolicy> read_policy(base::BytesView value) {
  NamedPolicy policy;
  ASSIGN_OR_RETURN(const der::Element whole, der::read_one(value));
  // SignaturePolicyImplied is NULL; EN 319 122-1 §5.2.9.1 does not allow it any more.
  if (whole.tag != der::sequence) return fail("a signature policy that is not named");
  der::Reader reader(whole.content);
  ASSIGN_OR_RETURN(const der::Element oid, reader.take(der::object_identifier));
  policy.oid = der::oid_text(oid.content);
  ASSIGN_OR_RETURN(const auto hash, reader.take_if(der::sequence));
  if (!hash) return policy;
  der::Reader inner(hash->content);
  ASSIGN_OR_RETURN(const der::Element algorithm, inner.take(der::sequence));
  ASSIGN_OR_RETURN(const der::Element digest, inner.take(der::octet_string));
  RETURN_IF_ERROR(inner.finish());
  ASSIGN_OR_RETURN(const cms::DigestIdentifier identifier, cms::read_digest_identifier(algorithm.whole));
  policy.digest = digest.content;
  policy.is_digest_known = identifier.kind.has_value();
  policy.digest_kind = identifier.kind.value_or(crypto::DigestKind::sha256);
  return policy;
}

base::Result<std::string> read_commitment(base::BytesView value) {
  ASSIGN_OR_RETURN(const der::Element whole, der::read_one(value));
  der::Reader reader(whole.content);
  ASSIGN_OR_RETURN(const der::Element oid, reader.take(der::object_identifier));
  return der::oid_text(oid.content);
}

}  // namespace signature
