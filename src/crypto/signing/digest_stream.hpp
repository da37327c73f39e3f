// A digest over octets that come in pieces, so that a file of any size needs no memory.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

class DigestStream {
 public:
  explicit DigestStream(DigestKind kind);
  DigestStream(DigestStream&&) noexcept;
  DigestStream& operator=(DigestStream&&) noexcept;
  ~DigestStream();

  [[nodiscard]] DigestKind kind() const { return kind_; }
  void add(base::BytesView octets);
  /// The digest of all; nothing is added afterwards.
  [[nodiscard]] base::Bytes finish();

 private:
  struct Impl;
  DigestKind kind_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crypto
