// Puts a property into the unsigned ones of a signature that stands already. For this corridor only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "xml/document.hpp"

namespace signature {

/// The ds:Signature with that Id, which must occur once. Errors: invalid_input (xades_signature_not_found).
base::Result<xml::Element> find_signature(const xml::Document& document, std::string_view id);
/// xades:QualifyingProperties in the signature's own ds:Object; nullopt: none, or several.
std::optional<xml::Element> find_qualifying_properties(const xml::Element& signature);

/// The text of the document (xml::insert_last) with a property in UnsignedSignatureProperties, behind those that are
/// there. `property`: text whose prefix "xades" is bound to the namespace of the signature's properties, and "ds".
/// Errors: invalid_input (xades_not_xades).
base::Result<std::string> add_unsigned_property(const xml::Document& document, const xml::Element& signature,
                                                std::string_view property);

}  // namespace signature
