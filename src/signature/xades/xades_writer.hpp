// Makes XAdES signatures (EN 319 132-1) in two steps: prepare → octets to be signed → value → complete. The octets of a
// document outside of its new signature are not changed, because the signature is put into them as text. All
// canonicalisation is exclusive (RFC 3741), so that a signature can be moved with its document.
//
// Errors of all functions: invalid_input, whose reason begins with a code and ": ", one of those of xml::parse and
//   xades_no_content, xades_one_content, xades_unique_part, xades_certificate, xades_element_not_found,
//   xades_element_ambiguous, xades_element_syntax, xades_element_without_id, xades_element_is_root, xades_id_taken,
//   xades_level, xades_text, xades_signature_not_found, xades_value_without_id, xades_not_xades;
// and those of Content.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "signature/form/content.hpp"
#include "signature/form/signature_wish.hpp"
#include "xml/limits.hpp"

namespace signature {

/// The Id of the ds:Signature that a wish leads to.
std::string xades_id_of(const SignatureWish& wish);

/// enveloped:  one XML content; the signature becomes the last child of the root, or of `wish.element`. It covers the
///             document without all its signatures, so that several can stand in it.
/// enveloping: one content; as XML if `wish.media_type` is one of XML, otherwise in base64.
/// detached:   contents by name and digest; or with `wish.element` one XML content whose element, which has an Id, is
///             signed and gets the signature as its next sibling.
/// Level T is B with a time stamp added afterwards (add_timestamp_to_xades).
base::Result<Prepared> prepare_xades(const SignatureWish& wish, const std::vector<const Content*>& contents,
                                     const xml::Limits& limits = {});
/// Signs the value of the signature with that Id and puts the result into its unsigned properties.
base::Result<Prepared> prepare_xades_counter_signature(const SignatureWish& wish, base::BytesView document,
                                                       std::string_view signature_id, const xml::Limits& limits = {});
/// The signed XML. `value`: RSA as it is, ECDSA as r‖s (crypto::ValueForm::raw).
/// Further errors: denied (the value is not a signature of the certificate's key over these octets).
base::Result<base::Bytes> complete_xades(base::BytesView state, base::BytesView value);

/// What a signature time stamp has to stamp: the canonical ds:SignatureValue (EN 319 132-1 §5.3).
base::Result<base::Bytes> stamped_octets_of_xades(base::BytesView document, std::string_view signature_id,
                                                  const xml::Limits& limits = {});
/// The document with the token (RFC 3161, DER) as xades:SignatureTimeStamp.
base::Result<base::Bytes> add_timestamp_to_xades(base::BytesView document, std::string_view signature_id,
                                                 base::BytesView token, const xml::Limits& limits = {});

}  // namespace signature
