// Verifies the whole audit log: its chain, its sealed head, and an anchor that was noted elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct ChainReport {
  std::int64_t events = 0;
  std::int64_t erased = 0;
  std::int64_t head_seq = 0;
  std::string head_hash;           // hexadecimal
  std::vector<std::string> flaws;  // empty = intact
};
/// `anchor`: "SEQ:HASH" as noted earlier in another place; the chain must contain it. "" = none.
base::Result<ChainReport> verify_audit(const House& house, std::string_view anchor);

}  // namespace flow
