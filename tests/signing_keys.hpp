// Signing keys for installations of tests. Each installation gets the same keys in the same order, and a key pair is
// made once in each process, because an RSA key takes half a second.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "crypto/key/signing_key.hpp"
#include "flow/house/key_ring.hpp"

namespace testing {

inline flow::KeyMaker reuse_keys() {
  const auto handed_out = std::make_shared<std::array<std::size_t, crypto::all_algorithms.size()>>();
  return [handed_out](crypto::Algorithm algorithm) -> base::Result<crypto::SigningKey> {
    static std::mutex mutex;
    static std::array<std::vector<crypto::SigningKey>, crypto::all_algorithms.size()> made;
    const std::lock_guard lock(mutex);
    auto& keys = made.at(static_cast<std::size_t>(algorithm));
    const std::size_t wanted = handed_out->at(static_cast<std::size_t>(algorithm))++;
    if (wanted == keys.size()) {
      ASSIGN_OR_RETURN(auto key, crypto::SigningKey::generate(algorithm));
      keys.push_back(std::move(key));
    }
    return keys.at(wanted);
  };
}

}  // namespace testing
