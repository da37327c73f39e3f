// Signing keys in memory: parsed once, looked up by kid, read again from the store when they are older than
// `refresh_after` or when a token names a kid that is unknown here (another node made it). The JWKS is ready-made text.
// Invariant: whoever signs takes the oldest active key of an algorithm, so that two nodes that start at once and make
// a key each end with one signer; both keys are published.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/signing_key.hpp"
#include "store/engine/store.hpp"

namespace flow {

class KeyRing {
 public:
  static constexpr base::Duration refresh_after = std::chrono::minutes(1);
  static constexpr base::Duration least_between_loads = std::chrono::seconds(1);

  explicit KeyRing(store::Store& store);

  /// Reads the keys; makes an active ES256 key if there is none.
  base::Result<void> load(base::Time now);
  /// Reads them again if they are older than `refresh_after`; a failure leaves the old ones. Cheap otherwise.
  void refresh(base::Time now);
  /// The key that signs with `algorithm`; an RS256 key is made when the first client asks for one.
  base::Result<crypto::SigningKey> find_signer(crypto::Algorithm algorithm, base::Time now);
  /// The payload of a token that one of our keys has signed (crypto::verify_jwt). Errors: invalid_input.
  base::Result<std::string> verify(std::string_view type, std::string_view token, base::Time now);
  /// Every key whose signatures still count (active, retiring; pending ones are published too).
  [[nodiscard]] std::shared_ptr<const std::vector<crypto::SigningKey>> verifiers() const;
  /// {"keys":[…]} (RFC 7517 §5). Never waits for the database.
  [[nodiscard]] std::shared_ptr<const std::string> jwks() const;

 private:
  struct Snapshot;
  [[nodiscard]] std::shared_ptr<const Snapshot> current() const;
  base::Result<void> read_keys(base::Time now);
  base::Result<void> make_key(crypto::Algorithm algorithm, base::Time now);

  store::Store& store_;
  std::mutex loading_;        // one thread reads or makes keys; held over database calls
  mutable std::mutex mutex_;  // guards the pointer only
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace flow
