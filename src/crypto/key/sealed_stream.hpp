// Octets of any length, sealed in pieces, so that a file of any size needs little memory; and the pair of keys for
// whom such a file is sealed. A program that only seals has the public key alone, so that what it has sealed stays
// closed to whoever takes over its machine later.
//
// Pieces: XChaCha20-Poly1305 by libsodium's secretstream, which numbers them and marks the last one: a piece that is
// altered, missing, moved or cut off does not open. The key of a stream is random, and is itself sealed for the
// recipient by an anonymous box (X25519, XSalsa20-Poly1305).
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace crypto {

/// For whom streams are sealed. 32 octets each.
struct RecipientKeys {
  base::Bytes public_key;
  base::Secret secret_key;
};
RecipientKeys make_recipient();
/// The public key of a secret one. Errors: invalid_input (not 32 octets).
base::Result<base::Bytes> public_key_of(const base::Secret& secret_key);
/// 80 octets. Errors: invalid_input (no public key).
base::Result<base::Bytes> seal_for(base::BytesView public_key, const base::Secret& stream_key);
/// Errors: invalid_input (sealed for somebody else, altered, or no keys).
base::Result<base::Secret> open_sealed_for(const RecipientKeys& keys, base::BytesView sealed);

/// 32 random octets.
base::Secret make_stream_key();
/// With what every stream begins: octets.
inline constexpr std::size_t stream_start_size = 24;
/// How much longer a sealed piece is than the plain one.
inline constexpr std::size_t sealed_piece_overhead = 17;

class StreamSealer {
 public:
  /// `key` of make_stream_key().
  explicit StreamSealer(const base::Secret& key);
  StreamSealer(StreamSealer&&) noexcept;
  ~StreamSealer();
  /// The octets that the opener needs first.
  [[nodiscard]] const base::Bytes& start() const;
  /// `bound_to`: what the piece belongs to and is not in it; the opener must have the same.
  [[nodiscard]] base::Bytes seal(base::BytesView plain, bool is_last, base::BytesView bound_to = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class StreamOpener {
 public:
  /// Errors: invalid_input (no start, no key).
  static base::Result<StreamOpener> begin(const base::Secret& key, base::BytesView start);
  StreamOpener(StreamOpener&&) noexcept;
  ~StreamOpener();
  struct Piece {
    base::Bytes plain;
    bool is_last = false;
  };
  /// Errors: invalid_input (altered, out of its order, of another stream or key, or behind the last one).
  base::Result<Piece> open(base::BytesView sealed, base::BytesView bound_to = {});

 private:
  struct Impl;
  explicit StreamOpener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crypto
