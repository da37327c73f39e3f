// Signing keys in memory: parsed once and found by kid. They are read from the store again when they are older than
// `refresh_after`, or when a token names a kid that is unknown here because another node made the key. The JWKS is kept
// as text. Every algorithm has a key that signs (active) and the next one, which is published already (pending). When
// the keys rotate, every node therefore knows the key that signs, and no client gets a kid that a node does not publish
// yet. Invariant: the oldest active key of an algorithm signs. Two nodes that start at the same time and make a key
// each therefore sign with the same key; both keys are published.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/key/signing_key.hpp"
#include "crypto/token/verified_tokens.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Makes key pairs: crypto::SigningKey::generate. Tests give keys that were made before, because an RSA key takes half
/// a second.
using KeyMaker = std::function<base::Result<crypto::SigningKey>(crypto::Algorithm)>;

class KeyRing {
 public:
  /// A node uses what another one changed after this time at the latest.
  static constexpr base::Duration refresh_after = std::chrono::seconds(1);
  /// After this time every node and every cache of the key set has a new key, even if readings of the keys failed.
  static constexpr base::Duration published_after = std::chrono::minutes(2);
  static constexpr base::Duration least_between_loads = std::chrono::seconds(1);

  explicit KeyRing(store::Store& store, KeyMaker make = crypto::SigningKey::generate);

  /// Reads the keys. An algorithm that has no active key gets one, so that both are published before the first login.
  base::Result<void> load(base::Time now);
  /// Makes the next key of an algorithm that has none, and publishes it. The server does it once a minute.
  base::Result<void> prepare_next(base::Time now);
  /// Reads the keys again if they are older than `refresh_after`. If that fails, the old keys stay.
  void refresh(base::Time now);
  /// The key that signs with `algorithm`.
  base::Result<crypto::SigningKey> find_signer(crypto::Algorithm algorithm, base::Time now);
  /// Signs with the active key of `algorithm`; verify() then knows an access token by its digest. Errors: internal,
  /// unavailable.
  base::Result<std::string> sign(crypto::Algorithm algorithm, std::string_view type, std::string_view claims,
                                 base::Time now);
  /// The payload of a token that one of our keys has signed (crypto::verify_jwt). A token that this node has signed or
  /// verified is known by its digest (verified_tokens.hpp), as long as its key counts. Errors: invalid_input.
  base::Result<std::string> verify(std::string_view type, std::string_view token, base::Time now);
  /// Every key that is not revoked: its signatures are valid.
  [[nodiscard]] std::shared_ptr<const std::vector<crypto::SigningKey>> verifiers() const;
  /// {"keys":[…]} (RFC 7517 §5). Never waits for the database.
  [[nodiscard]] std::shared_ptr<const std::string> jwks() const;

 private:
  struct Snapshot;
  [[nodiscard]] std::shared_ptr<const Snapshot> current() const;
  base::Result<void> read_keys(base::Time now);
  base::Result<void> make_missing(std::string_view state, base::Time now);

  store::Store& store_;
  const KeyMaker make_;
  std::mutex loading_;        // one thread reads or makes keys; held during database calls
  mutable std::mutex mutex_;  // guards the pointer only
  std::shared_ptr<const Snapshot> snapshot_;
  crypto::VerifiedTokens known_;
};

}  // namespace flow
