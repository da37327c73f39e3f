// Makes CAdES signatures (EN 319 122-1) in two steps: prepare → octets to be signed → value → complete. Nothing here
// holds a private key, and a detached signature never holds its document: only its digest is asked for.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "signature/form/content.hpp"
#include "signature/form/signature_wish.hpp"

namespace signature {

/// A signature by the first signer. Level T and higher are made by adding time stamps to what `complete_cades` gives.
/// `wish.packaging`: detached or enveloping (the content is inside, at most what Content::octets gives).
/// Errors: invalid_input (packaging enveloped, certificate unreadable, a name of policy, commitment or media type that
/// cannot stand in a signature, an algorithm that does not fit the key), and those of Content.
base::Result<Prepared> prepare_cades(const SignatureWish& wish, const Content& content);
/// `value`: ECDSA as DER (ValueForm::der), RSA as octets of the modulus' length. `content`: the same as before; may be
/// nullptr for a detached signature. Gives the signature, ContentInfo, DER.
/// Errors: invalid_input (not such a state), denied (the value is not a signature of the certificate's key), conflict
/// (the content is another one than in the first step), and those of Content.
base::Result<base::Bytes> complete_cades(base::BytesView state, base::BytesView value, const Content* content);

/// One more signer beside those of `signature`, over the same content. `detached`: the content of a detached signature;
/// nullptr if it is inside. The wish's packaging is not looked at. The new signer stands last.
/// Errors: those of prepare_cades; invalid_input (no CMS signature), conflict (`detached` is not what the others
/// signed, or content both inside and outside), not_found (detached, and no content given).
base::Result<Prepared> prepare_parallel_cades(const SignatureWish& wish, base::BytesView signature,
                                              const Content* detached);
/// `signature`: the same as in the first step. Errors: as complete_cades; conflict (it is another one).
base::Result<base::Bytes> complete_parallel_cades(base::BytesView state, base::BytesView value,
                                                  base::BytesView signature);

/// A signature over the value of the signer number `signer` (from 0), as its unsigned attribute (RFC 5652 §11.4).
/// Errors: those of prepare_cades, invalid_input (no CMS signature), not_found (no such signer).
base::Result<Prepared> prepare_countersignature(const SignatureWish& wish, base::BytesView signature,
                                                std::size_t signer);
base::Result<base::Bytes> complete_countersignature(base::BytesView state, base::BytesView value,
                                                    base::BytesView signature);

/// Number of signers, those of counter-signatures not counted. Errors: invalid_input.
base::Result<std::size_t> count_signers(base::BytesView signature);

/// What a signature time stamp of that signer covers (EN 319 122-1 §5.3): the octets of its value.
/// Errors: invalid_input, not_found (no such signer).
base::Result<base::Bytes> stamped_octets(base::BytesView signature, std::size_t signer);
/// Level T: adds the token (ContentInfo, DER) as unsigned attribute. Its imprint is compared, its signature is not.
/// Errors: invalid_input, not_found (no such signer), conflict (a token for something else).
base::Result<base::Bytes> add_signature_timestamp(base::BytesView signature, std::size_t signer, base::BytesView token);

}  // namespace signature
