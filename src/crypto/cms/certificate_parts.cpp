#include "crypto/cms/certificate_parts.hpp"

#include "crypto/cms/der.hpp"

namespace crypto::cms {
namespace {

constexpr der::Oid subject_key_identifier{"2.5.29.14"};
constexpr der::Oid extended_key_usage{"2.5.29.37"};

base::Result<void> read_extension(base::BytesView whole, CertificateParts& parts) {
  der::Reader reader(whole);
  ASSIGN_OR_RETURN(const der::Element oid, reader.take(der::object_identifier));
  ASSIGN_OR_RETURN(const auto critical, reader.take_if(der::boolean));
  ASSIGN_OR_RETURN(const der::Element value, reader.take(der::octet_string));
  RETURN_IF_ERROR(reader.finish());
  if (oid.is(subject_key_identifier)) {
    ASSIGN_OR_RETURN(const der::Element key_id, der::read_one(value.content));
    parts.key_id = key_id.content;
  }
  if (oid.is(extended_key_usage)) {
    parts.extended_use = value.content;
    parts.is_extended_use_critical = critical.has_value() && critical->content == base::BytesView("\xff", 1);
  }
  return {};
}

}  // namespace

base::Result<CertificateParts> read_certificate_parts(base::BytesView der) {
  CertificateParts parts;
  ASSIGN_OR_RETURN(const der::Element whole, der::read_one(der));
  if (whole.tag != der::sequence) return base::fail(base::Code::invalid_input, "not a certificate");
  der::Reader outer(whole.content);
  ASSIGN_OR_RETURN(der::Reader body, outer.enter(der::sequence));
  RETURN_IF_ERROR(outer.take(der::sequence));
  RETURN_IF_ERROR(outer.take(der::bit_string));
  RETURN_IF_ERROR(outer.finish());
  RETURN_IF_ERROR(body.take_if(der::context(0)));  // version
  ASSIGN_OR_RETURN(const der::Element serial, body.take(der::integer));
  RETURN_IF_ERROR(body.take(der::sequence));  // signature
  ASSIGN_OR_RETURN(const der::Element issuer, body.take(der::sequence));
  RETURN_IF_ERROR(body.take(der::sequence));  // validity
  ASSIGN_OR_RETURN(const der::Element subject, body.take(der::sequence));
  ASSIGN_OR_RETURN(const der::Element spki, body.take(der::sequence));
  parts.serial = serial.content;
  parts.issuer = issuer.whole;
  parts.subject = subject.whole;
  parts.spki = spki.whole;
  RETURN_IF_ERROR(body.take_if(der::context(1, false)));
  RETURN_IF_ERROR(body.take_if(der::context(2, false)));
  ASSIGN_OR_RETURN(const auto extensions, body.take_if(der::context(3)));
  RETURN_IF_ERROR(body.finish());
  if (!extensions) return parts;
  ASSIGN_OR_RETURN(const der::Element list, der::read_one(extensions->content));
  ASSIGN_OR_RETURN(const auto all, der::read_all(list.content));
  for (const der::Element& extension : all) RETURN_IF_ERROR(read_extension(extension.content, parts));
  return parts;
}

}  // namespace crypto::cms
