// Reads XML signatures: XAdES 1.1.1, 1.2.2, 1.3.2 and 1.4.1 (EN 319 132-1, TS 101 903) and plain XML-DSig. Every rule
// against signature wrapping stands here: ids are unique, the signed properties are those in this signature's own
// ds:Object, a reference reaches only this document or contents that were handed in, and transforms are those of a
// list.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "signature/form/content.hpp"
#include "signature/form/signature_view.hpp"
#include "xml/limits.hpp"

namespace signature {

/// `detached`: contents by name, which a reference gives as a relative URI. A single one belongs to a single external
/// reference whatever its name is, because people rename files. They must outlive the call only.
/// Flaws of the document: those of xml::parse, and xml_no_signature, xml_too_many_signatures.
/// Flaws of a signature (`format_flaw`): xml_duplicate_id, xml_signature_structure, xml_mixed_value, xml_base64,
/// xml_canonicalization, xml_transform, xml_transform_xslt, xml_transform_xpath, xml_transform_place, xml_uri,
/// xml_namespace, xml_too_many_references, xml_too_many_signatures, xml_too_much_work, xml_hmac, xml_hmac_truncation,
/// xades_structure, xades_target, xades_properties_elsewhere, xades_properties_not_signed,
/// xades_properties_by_reference, xades_counter_signature.
DocumentView read_xades(base::BytesView document, const std::vector<const Content*>& detached,
                        const xml::Limits& limits = {});

}  // namespace signature
