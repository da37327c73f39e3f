// Signs certificates, lists and answers of OCSP, whether the private key is here or elsewhere. For this room only.
#pragma once

#include <openssl/ocsp.h>

#include "crypto/certificate/x509.hpp"

namespace crypto::ossl {

/// Everything but the signature is in it. Errors: those of the key's place (KeyPair::held_elsewhere).
base::Result<void> sign(X509* certificate, const KeyPair& key);
base::Result<void> sign(X509_CRL* list, const KeyPair& key);
/// Puts the responder's certificate into it too. Errors besides: conflict (not its key).
base::Result<void> sign(OCSP_BASICRESP* answer, X509* responder, const KeyPair& key);

}  // namespace crypto::ossl
