// Keys that an XML signature brings without a certificate (XML-DSig §4.5.2, §4.5.10). They say nothing about who
// signed: with one it can be told only whether the value belongs to the text.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "xml/document.hpp"

namespace signature {

/// SubjectPublicKeyInfo, DER, of the first ds:KeyValue (RSA, DSA, or a named curve) or dsig11:DEREncodedKeyValue.
std::optional<base::Bytes> find_key_value(const xml::Element& key_info);

}  // namespace signature
