#include "crypto/digest/md5.hpp"

#include "crypto/digest/openssl.hpp"

namespace crypto {

base::Result<base::Bytes> md5(base::BytesView data) {
  base::Bytes out(16, '\0');
  if (EVP_Q_digest(nullptr, "MD5", nullptr, data.data(), data.size(), ossl::octets(out), nullptr) != 1) {
    return base::fail(base::Code::unavailable, "there is no MD5");
  }
  return out;
}

}  // namespace crypto
