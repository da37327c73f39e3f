#include "signature/cades/cades_state.hpp"

#include "crypto/cms/der.hpp"

namespace signature {
namespace {

namespace der = crypto::der;

}  // namespace

base::Bytes encode_state(const CadesState& state) {
  base::Bytes certificates;
  for (const base::Bytes& one : state.certificates) der::append(certificates, der::octet_string, one);
  base::Bytes content = der::make_integer(static_cast<std::uint64_t>(state.kind));
  content.append(der::make_integer(state.signer));
  content.append(der::make(der::utf8_string, crypto::name_of(state.algorithm)));
  content.append(der::make(der::sequence, certificates));
  for (const base::Bytes* const part : {&state.signed_attributes, &state.digest, &state.signature_sha256}) {
    der::append(content, der::octet_string, *part);
  }
  return der::make(der::sequence, content);
}

base::Result<CadesState> decode_state(base::BytesView octets) {
  CadesState state;
  ASSIGN_OR_RETURN(const der::Element whole, der::read_one(octets));
  der::Reader reader(whole.content);
  ASSIGN_OR_RETURN(const der::Element kind_element, reader.take(der::integer));
  ASSIGN_OR_RETURN(const std::int64_t kind, der::read_small(kind_element));
  if (kind > static_cast<std::int64_t>(CadesState::Kind::counter)) {
    return base::fail(base::Code::invalid_input, "not a state of a signature");
  }
  state.kind = static_cast<CadesState::Kind>(kind);
  ASSIGN_OR_RETURN(const der::Element signer_element, reader.take(der::integer));
  ASSIGN_OR_RETURN(const std::int64_t signer, der::read_small(signer_element));
  state.signer = static_cast<std::size_t>(signer);
  ASSIGN_OR_RETURN(const der::Element algorithm, reader.take(der::utf8_string));
  ASSIGN_OR_RETURN(state.algorithm, crypto::parse_signature_algorithm(algorithm.content));
  ASSIGN_OR_RETURN(const der::Element certificates, reader.take(der::sequence));
  ASSIGN_OR_RETURN(const auto all, der::read_all(certificates.content));
  if (all.empty()) return base::fail(base::Code::invalid_input, "a state without certificate");
  for (const der::Element& one : all) state.certificates.emplace_back(one.content);
  for (base::Bytes* const part : {&state.signed_attributes, &state.digest, &state.signature_sha256}) {
    ASSIGN_OR_RETURN(const der::Element octet_string, reader.take(der::octet_string));
    part->assign(octet_string.content);
  }
  RETURN_IF_ERROR(reader.finish());
  return state;
}

}  // namespace signature
