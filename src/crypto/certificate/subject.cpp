#include "crypto/certificate/subject.hpp"

#include <openssl/objects.h>

#include "crypto/certificate/x509.hpp"

namespace crypto {

base::Result<std::string> find_subject_serial(base::BytesView der) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(der);
  if (!certificate) return base::fail(base::Code::invalid_input, "not one X.509 certificate");
  return ossl::find_only(X509_get_subject_name(certificate.get()), NID_serialNumber);
}

}  // namespace crypto
