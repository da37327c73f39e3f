#include "crypto/cms/signed_data.hpp"

#include <algorithm>

namespace crypto::cms {
namespace {

using der::Rules;

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<std::vector<base::BytesView>> read_members(base::BytesView content) {
  ASSIGN_OR_RETURN(const auto elements, der::read_all(content, Rules::ber));
  std::vector<base::BytesView> members;
  members.reserve(elements.size());
  for (const der::Element& element : elements) members.push_back(element.whole);
  return members;
}

base::Result<void> read_content(const der::Element& outer, SignedData& read) {
  ASSIGN_OR_RETURN(const der::Element string, der::read_one(outer.content, Rules::ber));
  read.has_content = true;
  if (string.tag == der::octet_string) {
    read.content = string.content;
    return {};
  }
  ASSIGN_OR_RETURN(base::Bytes joined, der::join_octet_string(string));
  read.joined = std::make_shared<const base::Bytes>(std::move(joined));
  read.content = *read.joined;
  return {};
}

base::Result<SignedData> read_body(der::Reader body) {
  SignedData read;
  ASSIGN_OR_RETURN(const der::Element version, body.take(der::integer));
  ASSIGN_OR_RETURN(read.version, der::read_small(version));
  ASSIGN_OR_RETURN(const der::Element algorithms, body.take(der::set));
  read.digest_algorithms = algorithms.content;
  ASSIGN_OR_RETURN(const auto digests, der::read_all(algorithms.content, Rules::ber));
  for (const der::Element& digest : digests) {
    if (digest.tag != der::sequence) return fail("a digest algorithm that is none");
    RETURN_IF_ERROR(der::Reader(digest.content, Rules::ber).take(der::object_identifier));
  }
  ASSIGN_OR_RETURN(der::Reader content, body.enter(der::sequence));
  ASSIGN_OR_RETURN(const der::Element type, content.take(der::object_identifier));
  read.content_type = type.content;
  ASSIGN_OR_RETURN(const auto inside, content.take_if(der::context(0)));
  if (inside) RETURN_IF_ERROR(read_content(*inside, read));
  RETURN_IF_ERROR(content.finish());
  ASSIGN_OR_RETURN(const auto certificates, body.take_if(der::context(0)));
  if (certificates) {
    ASSIGN_OR_RETURN(read.certificates, read_members(certificates->content));
  }
  ASSIGN_OR_RETURN(const auto lists, body.take_if(der::context(1)));
  if (lists) {
    ASSIGN_OR_RETURN(read.lists, read_members(lists->content));
  }
  ASSIGN_OR_RETURN(const der::Element signers, body.take(der::set));
  ASSIGN_OR_RETURN(read.signers, read_members(signers.content));
  RETURN_IF_ERROR(body.finish());
  return read;
}

constexpr base::BytesView blanks = " \t\r\n";

struct PemHead {
  bool is_pem = false;
  std::size_t from = 0;  // behind the first line
  std::string foot{};    // the last line; "" = it is something else than a message
};

PemHead find_pem_head(base::BytesView octets) {
  const std::size_t begin = octets.substr(0, 4096).find("-----BEGIN ");
  if (begin == base::BytesView::npos || octets.front() == '\x30') return {};
  for (const std::string_view label : {"PKCS7", "CMS"}) {
    const std::string head = "-----BEGIN " + std::string(label) + "-----";
    if (!octets.substr(begin).starts_with(head)) continue;
    return {true, begin + head.size(), "-----END " + std::string(label) + "-----"};
  }
  return {true};
}

base::Bytes joined(const std::vector<base::Bytes>& members) {
  base::Bytes content;
  for (const base::Bytes& member : members) content.append(member);
  return content;
}

// RFC 5652 §5.1: which version a SignedData has.
std::uint64_t version_of(const SignedDataParts& parts) {
  const auto begins_with = [](const std::vector<base::Bytes>& members, unsigned char tag) {
    return std::any_of(members.begin(), members.end(), [tag](const base::Bytes& member) {
      return !member.empty() && static_cast<unsigned char>(member.front()) == tag;
    });
  };
  if (begins_with(parts.certificates, der::context(3)) || begins_with(parts.lists, der::context(1))) return 5;
  if (begins_with(parts.certificates, der::context(2))) return 4;
  const bool has_key_id = std::any_of(parts.signers.begin(), parts.signers.end(), [](const base::Bytes& whole) {
    const auto signer = read_signer(whole);
    return signer && signer->version == 3;
  });
  if (begins_with(parts.certificates, der::context(1)) || parts.content_type != id_data.content() || has_key_id) {
    return 3;
  }
  return 1;
}

}  // namespace

base::Result<SignedData> read_signed_data(base::BytesView octets) {
  der::Reader file(octets, Rules::ber);
  ASSIGN_OR_RETURN(der::Reader outer, file.enter(der::sequence));
  RETURN_IF_ERROR(file.finish());
  ASSIGN_OR_RETURN(const der::Element type, outer.take(der::object_identifier));
  if (!type.is(id_signed_data)) return base::fail(base::Code::not_found, "a CMS message that is no SignedData");
  ASSIGN_OR_RETURN(der::Reader content, outer.enter(der::context(0)));
  RETURN_IF_ERROR(outer.finish());
  ASSIGN_OR_RETURN(const der::Reader body, content.enter(der::sequence));
  RETURN_IF_ERROR(content.finish());
  return read_body(body);
}

base::Result<SignerInfo> read_signer(base::BytesView whole) {
  SignerInfo signer;
  // The frame may be BER. Each part in it has to be DER, but for the unsigned attributes; signed attributes of an
  // indefinite length are taken here, so that their reader can say what they are.
  der::Reader outer(whole, Rules::ber);
  ASSIGN_OR_RETURN(const der::Element frame, outer.take(der::sequence));
  RETURN_IF_ERROR(outer.finish());
  der::Reader reader(frame.content, Rules::ber);
  ASSIGN_OR_RETURN(const der::Element version, reader.take(der::integer));
  ASSIGN_OR_RETURN(signer.version, der::read_small(version));
  if (reader.next_tag() == der::context(0, false)) {
    ASSIGN_OR_RETURN(const der::Element key_id, reader.take());
    signer.key_id = key_id.content;
    if (signer.key_id.empty()) return fail("a signer that is not named");
  } else {
    ASSIGN_OR_RETURN(const der::Element sid, reader.take(der::sequence));
    der::Reader inner(sid.content);
    ASSIGN_OR_RETURN(const der::Element issuer, inner.take(der::sequence));
    ASSIGN_OR_RETURN(const der::Element serial, inner.take(der::integer));
    RETURN_IF_ERROR(inner.finish());
    signer.issuer = issuer.whole;
    signer.serial = serial.content;
  }
  ASSIGN_OR_RETURN(const der::Element digest_algorithm, reader.take(der::sequence));
  signer.digest_algorithm = digest_algorithm.whole;
  ASSIGN_OR_RETURN(const auto attributes, reader.take_if(der::context(0)));
  if (attributes) {
    signer.has_signed_attributes = true;
    signer.are_signed_attributes_definite = attributes->is_definite;
    signer.signed_attributes = attributes->content;
  }
  ASSIGN_OR_RETURN(const der::Element signature_algorithm, reader.take(der::sequence));
  signer.signature_algorithm = signature_algorithm.whole;
  ASSIGN_OR_RETURN(const der::Element signature, reader.take(der::octet_string));
  signer.signature = signature.content;
  const auto used = static_cast<std::size_t>(signature.whole.data() + signature.whole.size() - frame.content.data());
  signer.before_unsigned = frame.content.substr(0, used);
  ASSIGN_OR_RETURN(const auto unsigned_attributes, reader.take_if(der::context(1)));
  if (unsigned_attributes) signer.unsigned_attributes = unsigned_attributes->content;
  RETURN_IF_ERROR(reader.finish());
  return signer;
}

base::Bytes octets_to_sign(base::BytesView signed_attributes) {
  return der::make(der::set, signed_attributes);
}

base::Bytes make_signed_data(const SignedDataParts& parts) {
  base::Bytes content = der::make(der::object_identifier, parts.content_type);
  if (parts.has_content) {
    content.append(der::make(der::context(0), der::make(der::octet_string, parts.content)));
  }
  base::Bytes body = der::make_integer(version_of(parts));
  body.append(der::make_set(der::set, parts.digest_algorithms));
  body.append(der::make(der::sequence, content));
  if (!parts.certificates.empty()) body.append(der::make(der::context(0), joined(parts.certificates)));
  if (!parts.lists.empty()) body.append(der::make(der::context(1), joined(parts.lists)));
  body.append(der::make(der::set, joined(parts.signers)));
  return der::make(der::sequence,
                   {der::make(id_signed_data), der::make(der::context(0), der::make(der::sequence, body))});
}

base::Result<SignedDataParts> parts_of(const SignedData& read) {
  SignedDataParts parts;
  ASSIGN_OR_RETURN(const auto algorithms, der::read_all(read.digest_algorithms, Rules::ber));
  for (const der::Element& algorithm : algorithms) parts.digest_algorithms.emplace_back(algorithm.whole);
  parts.content_type = read.content_type;
  parts.has_content = read.has_content;
  parts.content = read.content;
  parts.certificates.assign(read.certificates.begin(), read.certificates.end());
  parts.lists.assign(read.lists.begin(), read.lists.end());
  parts.signers.assign(read.signers.begin(), read.signers.end());
  return parts;
}

void add_once(std::vector<base::Bytes>& all, base::BytesView one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.emplace_back(one);
}

base::Bytes make_signer(const SignerInfoParts& parts, base::BytesView signature) {
  const base::Bytes sid = der::make(der::sequence, {parts.issuer, der::make(der::integer, parts.serial)});
  return der::make(der::sequence, {der::make_integer(1), sid, parts.digest_algorithm,
                                   der::make(der::context(0), parts.signed_attributes), parts.signature_algorithm,
                                   der::make(der::octet_string, signature)});
}

base::Bytes add_unsigned(const SignerInfo& signer, base::BytesView attribute) {
  base::Bytes attributes(signer.unsigned_attributes);
  attributes.append(attribute);
  return der::make(der::sequence, {signer.before_unsigned, der::make(der::context(1), attributes)});
}

base::Result<base::Bytes> strip_pem(base::BytesView octets) {
  const PemHead head = find_pem_head(octets);
  if (!head.is_pem) return base::Bytes(octets);
  if (head.foot.empty()) return fail("PEM of something else");
  const std::size_t end = octets.find(head.foot, head.from);
  if (end == base::BytesView::npos) return fail("PEM without end");
  // A second message would not be read, and the answer would say nothing about it.
  if (octets.find_first_not_of(blanks, end + head.foot.size()) != base::BytesView::npos) return fail("text behind PEM");
  base::Bytes text;
  for (const char c : octets.substr(head.from, end - head.from)) {
    if (blanks.find(c) == base::BytesView::npos) text.push_back(c);
  }
  return base::parse_base64(text);
}

base::Bytes beginning_of(base::BytesView octets) {
  constexpr std::size_t most_characters = 64;
  const PemHead head = find_pem_head(octets);
  if (!head.is_pem || head.foot.empty()) return base::Bytes(octets.substr(0, most_characters));
  base::Bytes text;
  for (const char c : octets.substr(head.from)) {
    if (c == '-' || text.size() == most_characters) break;
    if (blanks.find(c) == base::BytesView::npos) text.push_back(c);
  }
  return base::parse_base64(text).value_or(base::Bytes());
}

}  // namespace crypto::cms
