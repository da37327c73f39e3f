// What XAdES says beside the references: signed properties, embedded certificates and revocation data, and which
// certificate the signer named. For this corridor only.
#pragma once

#include "signature/xades/reading.hpp"

namespace signature {

/// Finds xades:QualifyingProperties and SignedProperties of the signature and judges that they are its own. Sets the
/// flaws xades_*.
void find_properties(const Reading& reading, SignatureParts& parts, SignatureView& view);
/// The properties in UnsignedSignatureProperties, in order.
std::vector<xml::Element> list_unsigned(const SignatureParts& parts);
/// Signing time, policy, commitment, role, unknown properties, level.
void read_signed_properties(const SignatureParts& parts, SignatureView& view);
/// Certificates, lists and answers of KeyInfo and of the unsigned properties.
void read_embedded(const SignatureParts& parts, SignatureView& view);
/// The certificate that SigningCertificate(V2) names among the embedded ones; without such a reference the one in
/// ds:X509Data whose key verifies the value, or the first. `signed_octets`: the canonical ds:SignedInfo.
/// Sets the certificate and whether the value is right.
void judge_value(const SignatureParts& parts, base::BytesView signed_octets, base::BytesView value,
                 SignatureView& view);

}  // namespace signature
