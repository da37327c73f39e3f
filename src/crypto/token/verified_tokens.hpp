// Tokens whose signature this node has made or verified, so that it need not verify the same token again: an asymmetric
// operation takes ten times as long as everything else about a token. A bounded table of digests.
// Invariant: it weakens nothing. The digest covers the type and every octet of the token, and a verification gives the
// same result for the same key and octets. Whether the key still counts is asked each time by whoever holds the keys;
// times, issuer, audience and revocation are never kept here.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crypto {

class VerifiedTokens {
 public:
  /// SHA-256 of the type and the token.
  using Digest = std::array<char, 32>;
  static Digest digest_of(std::string_view type, std::string_view token);

  /// Room for so many tokens, rounded up to a power of two; the oldest of a place goes first.
  explicit VerifiedTokens(std::size_t most = 32768);

  void add(const Digest& digest, std::string_view kid);
  /// The kid of the key that signed it; nullopt = not known here. Thread-safe.
  [[nodiscard]] std::optional<std::string> find(const Digest& digest) const;

 private:
  static constexpr std::size_t ways = 4;
  static constexpr std::size_t locks = 16;
  struct Entry {
    Digest digest{};
    std::uint16_t kid = 0;  // index + 1 in kids_; 0 = empty
  };
  struct Set {
    std::array<Entry, ways> entries;
    std::uint8_t next = 0;
  };
  [[nodiscard]] std::size_t index_of(const Digest& digest) const;
  [[nodiscard]] std::uint16_t number_of(std::string_view kid);

  std::vector<Set> sets_;
  mutable std::array<std::mutex, locks> guards_;  // each guards the sets of one remainder
  mutable std::mutex kids_guard_;
  std::vector<std::string> kids_;  // a few, and one more with each rotation
};

}  // namespace crypto
