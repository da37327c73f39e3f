// The transforms of a reference (XML-DSig §4.4.3.4) by a list of what is allowed: canonicalisations,
// enveloped-signature, base64, XPath `not(ancestor-or-self::ds:Signature)` and the expression that XML-DSig §6.6.4
// gives for enveloped-signature, and of XPath Filter 2.0 the subtraction of signatures and the intersection with one
// element by its path. Everything else is refused by name: XSLT, other uses of here(), other XPath.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "xml/canonicalize.hpp"
#include "xml/document.hpp"

namespace xml {

/// What a reference found: a part of a document, or octets from outside.
struct Referenced {
  const Document* document = nullptr;  // nullptr: octets
  Selection selection;
  base::Bytes octets;
};

struct Transformed {
  base::Bytes octets;
  std::vector<std::string> algorithms;  // URIs, in order
  Selection selection;                  // what of the document went in
  bool is_enveloped = false;            // the signature, or all signatures, were taken out
  bool is_nodes = false;                // of the document itself: the last transform left nodes, which were written by
                                        // canonical XML 1.0 (XML-DSig §4.4.3.2)
  /// xml_transform, xml_transform_xslt, xml_transform_xpath, xml_transform_place (enveloped-signature of octets,
  /// or of the signature itself), xml_base64, those of parse (of octets that a transform reads as XML), xml_namespace.
  /// "" = good.
  std::string flaw;
  std::string detail;
};
/// `transforms`: ds:Transforms; nullopt = none. `signature`: the ds:Signature whose reference it is.
Transformed apply_transforms(const std::optional<Element>& transforms, Referenced from, const Element& signature,
                             const Limits& limits = {});

/// base64 as it stands in XML: white space anywhere, otherwise strict. nullopt: not such text.
std::optional<base::Bytes> read_base64(std::string_view text);

}  // namespace xml
