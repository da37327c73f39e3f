// What an action costs this process: hashes of passwords and statements of the database. Refusals must cost the same
// whatever their reason is (S4.6).
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>

#include "crypto/password/password_hash.hpp"
#include "store/engine/store.hpp"

namespace testing {

struct Work {
  std::uint64_t hashes = 0;
  std::uint64_t statements = 0;
  bool operator==(const Work&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Work& work) {
  return out << work.hashes << " hashes, " << work.statements << " statements";
}

inline Work measure(const std::function<void()>& act) {
  const Work before{crypto::hashes_computed(), store::statements_run()};
  act();
  return {crypto::hashes_computed() - before.hashes, store::statements_run() - before.statements};
}

}  // namespace testing
