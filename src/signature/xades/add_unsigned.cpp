#include "signature/xades/add_unsigned.hpp"

#include "signature/xades/names.hpp"
#include "xml/write_text.hpp"

namespace signature {

base::Result<xml::Element> find_signature(const xml::Document& document, std::string_view id) {
  const xml::Identified found = document.find_by_id(id);
  if (!found.element || !found.element->is(signature_namespace, "Signature"))
    return base::fail(base::Code::invalid_input, "xades_signature_not_found: " + std::string(id.substr(0, 200)));
  return *found.element;
}

std::optional<xml::Element> find_qualifying_properties(const xml::Element& signature) {
  std::optional<xml::Element> found;
  for (const xml::Element& object : signature.find_all(signature_namespace, "Object"))
    for (const std::string_view version : xades_namespaces)
      for (const xml::Element& properties : object.find_all(version, "QualifyingProperties")) {
        if (found) return std::nullopt;
        found = properties;
      }
  return found;
}

base::Result<std::string> add_unsigned_property(const xml::Document& document, const xml::Element& signature,
                                                std::string_view property) {
  const auto qualifying = find_qualifying_properties(signature);
  if (!qualifying) return base::fail(base::Code::invalid_input, "xades_not_xades: no qualifying properties");
  const std::string version(qualifying->namespace_uri());
  const auto properties = qualifying->find_only(version, "UnsignedProperties");
  const auto place = properties ? properties->find_only(version, "UnsignedSignatureProperties") : std::nullopt;

  // Names are declared where they are not already.
  std::string declared;
  for (const auto& [prefix, uri] : {std::pair<std::string, std::string>("ds", signature_namespace), {"xades", version}})
    if (qualifying->find_namespace(prefix) != uri || (place && place->find_namespace(prefix) != uri))
      declared += " xmlns:" + prefix + "=\"" + xml::escape_value(uri) + "\"";

  std::string text(property);
  const auto wrap = [&](const std::string& name) { text = "<xades:" + name + ">" + text + "</xades:" + name + ">"; };
  const auto declare = [&] {
    if (!declared.empty()) text.insert(text.find_first_of(" >"), declared);
  };
  if (place) {
    declare();
    return xml::insert_last(document, *place, text);
  }
  wrap("UnsignedSignatureProperties");
  if (properties) {
    declare();
    // In front of UnsignedDataObjectProperties.
    return xml::insert_first(document, *properties, text);
  }
  wrap("UnsignedProperties");
  declare();
  return xml::insert_last(document, *qualifying, text);
}

}  // namespace signature
