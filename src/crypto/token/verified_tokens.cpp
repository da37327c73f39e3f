#include "crypto/token/verified_tokens.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "crypto/digest/digest.hpp"

namespace crypto {

VerifiedTokens::Digest VerifiedTokens::digest_of(std::string_view type, std::string_view token) {
  std::string text;
  text.reserve(type.size() + 1 + token.size());
  text.append(type).append(1, '\n').append(token);
  const std::string octets = crypto::sha256(text);
  Digest digest{};
  std::copy_n(octets.begin(), digest.size(), digest.begin());
  return digest;
}

VerifiedTokens::VerifiedTokens(std::size_t most) : sets_(std::bit_ceil(std::max<std::size_t>(most / ways, 1))) {}

// A digest is evenly distributed, and nobody who makes tokens can choose it.
std::size_t VerifiedTokens::index_of(const Digest& digest) const {
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number & (sets_.size() - 1);
}

std::uint16_t VerifiedTokens::number_of(std::string_view kid) {
  constexpr std::size_t most_kids = 1000;
  const std::lock_guard lock(kids_guard_);
  const auto found = std::find(kids_.begin(), kids_.end(), kid);
  if (found != kids_.end()) return static_cast<std::uint16_t>(found - kids_.begin() + 1);
  if (kids_.size() >= most_kids) return 0;
  kids_.emplace_back(kid);
  return static_cast<std::uint16_t>(kids_.size());
}

void VerifiedTokens::add(const Digest& digest, std::string_view kid) {
  const std::uint16_t number = number_of(kid);
  if (number == 0) return;
  const std::size_t index = index_of(digest);
  const std::lock_guard lock(guards_.at(index % locks));
  Set& set = sets_[index];
  for (const Entry& entry : set.entries) {
    if (entry.kid == number && entry.digest == digest) return;
  }
  set.entries.at(set.next) = {digest, number};
  set.next = static_cast<std::uint8_t>((set.next + 1) % ways);
}

std::optional<std::string> VerifiedTokens::find(const Digest& digest) const {
  const std::size_t index = index_of(digest);
  std::uint16_t number = 0;
  {
    const std::lock_guard lock(guards_.at(index % locks));
    for (const Entry& entry : sets_[index].entries) {
      if (entry.kid != 0 && entry.digest == digest) number = entry.kid;
    }
  }
  if (number == 0) return std::nullopt;
  const std::lock_guard lock(kids_guard_);
  return kids_.at(number - 1U);
}

}  // namespace crypto
