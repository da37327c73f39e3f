#include "signature/xades/key_value.hpp"

#include <array>

#include "crypto/cms/der.hpp"
#include "signature/xades/names.hpp"
#include "xml/transforms.hpp"

namespace signature {
namespace {

namespace der = crypto::der;

constexpr std::string_view dsig11 = "http://www.w3.org/2009/xmldsig11#";
constexpr der::Oid rsa_encryption{"1.2.840.113549.1.1.1"};
constexpr der::Oid dsa{"1.2.840.10040.4.1"};
constexpr der::Oid ec_public_key{"1.2.840.10045.2.1"};
constexpr std::size_t longest_number = 1024;  // octets: RSA of 8,192 bits, with room
constexpr base::BytesView null_parameters{"\x05\x00", 2};

std::optional<base::Bytes> find_number(const xml::Element& parent, std::string_view name) {
  const auto element = parent.find_only(signature_namespace, name);
  const auto text = element ? element->find_text() : std::nullopt;
  auto octets = text ? xml::read_base64(*text) : std::nullopt;
  if (!octets || octets->empty() || octets->size() > longest_number) return std::nullopt;
  return octets;
}

base::Bytes make_key(const base::Bytes& algorithm, base::BytesView key) {
  const base::Bytes bits = base::Bytes(1, '\0') + base::Bytes(key);
  return der::make(der::sequence, {der::make(der::sequence, algorithm), der::make(der::bit_string, bits)});
}

base::Bytes integer_of(const base::Bytes& number) {
  return der::make_integer(base::BytesView(number));
}

std::optional<base::Bytes> read_rsa(const xml::Element& value) {
  const auto modulus = find_number(value, "Modulus");
  const auto exponent = find_number(value, "Exponent");
  if (!modulus || !exponent) return std::nullopt;
  const base::Bytes key = der::make(der::sequence, {integer_of(*modulus), integer_of(*exponent)});
  return make_key(der::make(rsa_encryption) + base::Bytes(null_parameters), key);
}

std::optional<base::Bytes> read_dsa(const xml::Element& value) {
  base::Bytes parameters;
  for (const char* name : {"P", "Q", "G"}) {
    const auto number = find_number(value, name);
    if (!number) return std::nullopt;
    parameters += integer_of(*number);
  }
  const auto y = find_number(value, "Y");
  if (!y) return std::nullopt;
  return make_key(der::make(dsa) + der::make(der::sequence, parameters), integer_of(*y));
}

std::optional<base::Bytes> read_curve(const xml::Element& value) {
  const auto named = value.find_only(dsig11, "NamedCurve");
  const auto point = value.find_only(dsig11, "PublicKey");
  const auto text = point ? point->find_text() : std::nullopt;
  const auto octets = text ? xml::read_base64(*text) : std::nullopt;
  const auto oid = named ? der::make_oid(without_oid_scheme(named->find_attribute("URI").value_or("")))
                         : base::Result<base::Bytes>(base::Bytes());
  if (!octets || octets->size() > longest_number || !oid || oid->empty()) return std::nullopt;
  return make_key(der::make(ec_public_key) + *oid, *octets);
}

}  // namespace

std::optional<base::Bytes> find_key_value(const xml::Element& key_info) {
  for (const xml::Element& child : key_info.children()) {
    if (child.is(dsig11, "DEREncodedKeyValue")) {
      const auto text = child.find_text();
      return text ? xml::read_base64(*text) : std::nullopt;
    }
    if (!child.is(signature_namespace, "KeyValue") || child.children().size() != 1) continue;
    const xml::Element value = child.children().front();
    if (value.is(signature_namespace, "RSAKeyValue")) return read_rsa(value);
    if (value.is(signature_namespace, "DSAKeyValue")) return read_dsa(value);
    if (value.is(dsig11, "ECKeyValue")) return read_curve(value);
  }
  return std::nullopt;
}

}  // namespace signature
