#include "crypto/signing/digest_stream.hpp"

#include "crypto/digest/openssl.hpp"
#include "crypto/signing/openssl_signing.hpp"

namespace crypto {

struct DigestStream::Impl {
  ossl::Digest context{EVP_MD_CTX_new()};
};

DigestStream::DigestStream(DigestKind kind) : kind_(kind), impl_(std::make_unique<Impl>()) {
  ossl::demand(impl_->context != nullptr);
  ossl::demand(EVP_DigestInit_ex(impl_->context.get(), ossl::digest_of(kind), nullptr) == 1);
}

DigestStream::DigestStream(DigestStream&&) noexcept = default;
DigestStream& DigestStream::operator=(DigestStream&&) noexcept = default;
DigestStream::~DigestStream() = default;

void DigestStream::add(base::BytesView octets) {
  ossl::demand(EVP_DigestUpdate(impl_->context.get(), octets.data(), octets.size()) == 1);
}

base::Bytes DigestStream::finish() {
  base::Bytes digest(size_of(kind_), '\0');
  unsigned int size = 0;
  ossl::demand(EVP_DigestFinal_ex(impl_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), &size) == 1);
  return digest;
}

}  // namespace crypto
