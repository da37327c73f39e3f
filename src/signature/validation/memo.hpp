// Results that depend on octets alone, kept by the digest of all of them: details of a certificate, a path apart from
// any clock, what a source says about a certificate. Bounded; thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"

namespace signature {

/// Builds a key from parts; each has its length before it, so that no two lists of parts give the same key.
class MemoKey {
 public:
  MemoKey& add(base::BytesView part) {
    // A digest instead of the octets keeps the key short; lists may have megabytes.
    octets_ += part.size() > longest ? crypto::sha256(part) : base::Bytes(part);
    octets_ += '|' + std::to_string(part.size()) + '|';
    return *this;
  }
  [[nodiscard]] base::Bytes finish() const { return crypto::sha256(octets_); }

 private:
  static constexpr std::size_t longest = 4096;
  base::Bytes octets_;
};

template <class Value>
class Memo {
 public:
  /// What `make` gave for the key, now or earlier.
  template <class Make>
  std::shared_ptr<const Value> find(const base::Bytes& key, const Make& make) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = find_locked(key)) return found;
    }
    auto made = std::make_shared<const Value>(make());
    const std::lock_guard lock(mutex_);
    if (young_.size() >= most_entries) {
      old_ = std::move(young_);
      young_.clear();
    }
    young_[key] = made;
    return made;
  }

 private:
  static constexpr std::size_t most_entries = 2000;

  std::shared_ptr<const Value> find_locked(const base::Bytes& key) {
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return nullptr;
    auto value = found->second;
    if (young_.size() < most_entries) young_[key] = value;
    return value;
  }

  std::mutex mutex_;
  std::unordered_map<base::Bytes, std::shared_ptr<const Value>> young_;
  std::unordered_map<base::Bytes, std::shared_ptr<const Value>> old_;
};

}  // namespace signature
