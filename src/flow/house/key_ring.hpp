// Signing keys in memory: parsed once and found by kid. They are read from the store again when they are older than
// `refresh_after`, or when a token names a kid that is unknown here because another node made the key. The JWKS is kept
// as text.
// Invariant: the oldest active key of an algorithm signs. Two nodes that start at the same time and make a key each
// therefore sign with the same key; both keys are published.
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
  /// Reads the keys again if they are older than `refresh_after`. If that fails, the old keys stay.
  void refresh(base::Time now);
  /// The key that signs with `algorithm`; an RS256 key is made when the first client asks for one.
  base::Result<crypto::SigningKey> find_signer(crypto::Algorithm algorithm, base::Time now);
  /// The payload of a token that one of our keys has signed (crypto::verify_jwt). Errors: invalid_input.
  base::Result<std::string> verify(std::string_view type, std::string_view token, base::Time now);
  /// Every key that is not revoked: its signatures are valid.
  [[nodiscard]] std::shared_ptr<const std::vector<crypto::SigningKey>> verifiers() const;
  /// {"keys":[…]} (RFC 7517 §5). Never waits for the database.
  [[nodiscard]] std::shared_ptr<const std::string> jwks() const;

 private:
  struct Snapshot;
  [[nodiscard]] std::shared_ptr<const Snapshot> current() const;
  base::Result<void> read_keys(base::Time now);
  base::Result<void> make_key(crypto::Algorithm algorithm, base::Time now);

  store::Store& store_;
  std::mutex loading_;        // one thread reads or makes keys; held during database calls
  mutable std::mutex mutex_;  // guards the pointer only
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace flow
