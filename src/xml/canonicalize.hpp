// Canonical XML 1.0 and 1.1 and Exclusive Canonical XML 1.0 (W3C; RFC 3076, RFC 3741) of a part of a document, with or
// without comments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "xml/document.hpp"

namespace xml {

enum class CanonicalForm : std::uint8_t {
  inclusive_1_0,
  inclusive_1_1,
  exclusive_1_0,
};
struct Canonicalization {
  CanonicalForm form = CanonicalForm::exclusive_1_0;
  bool has_comments = false;
  std::vector<std::string> prefixes;  // InclusiveNamespaces PrefixList; "#default" = the default namespace
};
/// By its URI, without prefixes. nullopt: another algorithm.
std::optional<Canonicalization> find_canonicalization(std::string_view uri);
/// With the prefixes of its InclusiveNamespaces. `method`: ds:CanonicalizationMethod or ds:Transform. nullopt: another
/// algorithm, or more than 32 prefixes.
std::optional<Canonicalization> find_canonicalization(const Element& method);

/// Which nodes of a document: all below `top` but what is taken out.
struct Selection {
  std::optional<Element> top;      // nullopt: the document, with what stands around its root
  std::optional<Element> without;  // with all below
  bool has_signatures = true;      // false: without every ds:Signature and all below
  bool has_comments = false;
};

/// UTF-8. Errors: invalid_input ("xml_namespace": a relative namespace URI, which canonical XML forbids).
base::Result<base::Bytes> canonicalize(const Document& document, const Selection& selection,
                                       const Canonicalization& by = {});
/// The element with all below, exclusive and without comments. Errors: as above.
base::Result<base::Bytes> canonicalize(const Document& document, const Element& element,
                                       const Canonicalization& by = {});

/// The texts of the selection one behind the other (what a base64 transform decodes, XML-DSig §6.6.2).
std::string text_of(const Document& document, const Selection& selection);

}  // namespace xml
