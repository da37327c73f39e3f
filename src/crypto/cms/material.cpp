#include "crypto/cms/material.hpp"

namespace crypto::cms {
namespace {

constexpr der::Oid ocsp_response{"1.3.6.1.5.5.7.16.2"};  // id-ri-ocsp-response, RFC 5940

void add(std::vector<base::Bytes>& all, base::BytesView one) {
  if (all.size() < most_material) add_once(all, one);
}

// OtherRevocationInfoFormat, [1] IMPLICIT.
void add_other(base::BytesView whole, Material& material) {
  const auto element = der::read_one(whole, der::Rules::ber);
  if (!element || element->tag != der::context(1)) return;
  der::Reader reader(element->content, der::Rules::ber);
  const auto format = reader.take(der::object_identifier);
  const auto info = reader.take();
  if (format && info && reader.is_at_end() && format->is(ocsp_response)) add(material.ocsp_answers, info->whole);
}

void add_members(const der::Element& explicit_list, std::vector<base::Bytes>& all) {
  const auto list = der::read_one(explicit_list.content, der::Rules::ber);
  const auto members = list ? der::read_all(list->content, der::Rules::ber) : base::Result<std::vector<der::Element>>();
  if (!members) return;
  for (const der::Element& member : *members) add(all, member.whole);
}

void add_revocation(const der::Element& value, Material& material) {
  const auto members = der::read_all(value.content, der::Rules::ber);
  if (!members) return;
  for (const der::Element& member : *members) {
    if (member.tag == der::context(0)) add_members(member, material.lists);
    if (member.tag == der::context(1)) add_members(member, material.ocsp_answers);
  }
}

}  // namespace

void collect(const SignedData& read, Material& material) {
  for (const base::BytesView one : read.certificates) {
    if (static_cast<std::uint8_t>(one.front()) == der::sequence) add(material.certificates, one);
  }
  for (const base::BytesView one : read.lists) {
    if (static_cast<std::uint8_t>(one.front()) == der::sequence) {
      add(material.lists, one);
    } else {
      add_other(one, material);
    }
  }
}

void collect(const std::vector<Attribute>& unsigned_attributes, Material& material) {
  for (const Attribute& attribute : unsigned_attributes) {
    const der::Element& value = attribute.values.front();
    if (attribute.oid == certificate_values.content()) {
      const auto members = der::read_all(value.content, der::Rules::ber);
      if (!members) continue;
      for (const der::Element& member : *members) add(material.certificates, member.whole);
    }
    if (attribute.oid == revocation_values.content()) add_revocation(value, material);
  }
}

}  // namespace crypto::cms
