// Elements by a location path: the part of XPath 1.0 that names a place in a document, without functions and axes, so
// that a path of others costs no more than a walk through the document.
//
//   /ClinicalDocument/component[2]   //sig:Signatures   /a/*[@ID='x']/b[last()]
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "xml/document.hpp"

namespace xml {

inline constexpr std::size_t longest_path = 1000;  // octets

/// For people: a prefix means what the root, or the first element that declares it, says; a name without a prefix is in
/// no namespace or in that of the root. nullopt: not such a path. In document order.
std::optional<std::vector<Element>> find_elements(const Document& document, std::string_view path);
/// For XPath in a signature: prefixes mean what they mean at `place`, and a name without one is in no namespace.
std::optional<std::vector<Element>> find_elements(const Document& document, std::string_view path,
                                                  const Element& place);

}  // namespace xml
