// Exclusive XML Canonicalization 1.0 without a PrefixList (W3C; RFC 3741) of a part of a document. libxml2 asks about
// each node of the whole document, whichever part is wanted, and takes four times as long; its answer is the same,
// which the tests compare. For this room only.
#pragma once

#include "base/bytes.hpp"
#include "xml/canonicalize.hpp"

namespace xml {

/// UTF-8. The document must have no relative namespace URI (Document::Impl::has_relative_namespace), because canonical
/// XML refuses those.
base::Bytes write_exclusive_form(const Document& document, const Selection& selection, bool has_comments);

}  // namespace xml
