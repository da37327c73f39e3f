// Signing keys in memory: parsed once, looked up by kid, read again from the store when it is older than
// `refresh_after` or a kid is unknown. The JWKS is ready-made text.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/signing_key.hpp"
#include "store/store.hpp"

namespace flow {

class KeyRing {
 public:
  explicit KeyRing(store::Store& store) : store_(store) {}

  /// Reads the keys; makes an active ES256 key if there is none.
  base::Result<void> load(base::Time now);
  /// The key that signs with `algorithm`; an RS256 key is made when the first client asks for one.
  base::Result<crypto::SigningKey> find_signer(crypto::Algorithm algorithm, base::Time now);
  /// Every key whose signatures still count (active, retiring, pending ones are published too).
  [[nodiscard]] std::shared_ptr<const std::vector<crypto::SigningKey>> verifiers() const;
  /// {"keys":[…]} (RFC 7517 §5).
  [[nodiscard]] std::shared_ptr<const std::string> jwks() const;

 private:
  struct Snapshot;
  store::Store& store_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  base::Time loaded_at_;
};

}  // namespace flow
