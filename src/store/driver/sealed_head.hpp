// The end of the audit log inside the writing transaction: the last number and hash. It is read once, moved by each
// event, and sealed and written once before the commit. When a body is rolled back, the end is restored.
#pragma once

#include <array>
#include <cstdint>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/key/master_key.hpp"

namespace store {

inline constexpr std::string_view head_purpose = "audit-seal";

class Row;
class Tx;

struct ChainEnd {
  bool known = false;  // read in this transaction, or kept since the last commit
  bool moved = false;  // differs from the row audit_head
  std::int64_t seq = 0;
  std::array<char, 32> hash{};

  [[nodiscard]] base::BytesView hash_view() const { return {hash.data(), hash.size()}; }
  void set_hash(base::BytesView octets) {
    hash.fill('\0');
    octets.copy(hash.data(), hash.size());
  }
};

/// Reads the end if it is not known.
base::Result<ChainEnd*> find_chain_end(Tx& tx);
/// Seals and writes the head if it moved.
base::Result<void> write_head(Tx& tx);
/// Seals and writes the head under the next master key, at the end of the transaction that replaces the key.
base::Result<void> seal_head_anew(Tx& tx, const crypto::MasterKey& next);
/// HMAC-SHA256 under the key "audit-seal".
base::Bytes seal_of(const Tx& tx, std::int64_t seq, base::BytesView hash);
/// Of the columns seq, hash, seal.
audit::Head read_head(const Row& row);
bool is_seal_right(const Tx& tx, const audit::Head& head);

}  // namespace store
