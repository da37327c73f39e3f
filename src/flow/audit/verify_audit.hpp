// Verifies the whole audit log: its chain, its sealed head, and an anchor that was noted elsewhere. The command and the
// button of the page (check_chain.hpp) walk the log by the same steps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct ChainReport {
  std::int64_t events = 0;
  std::int64_t erased = 0;
  std::int64_t head_seq = 0;
  std::string head_hash;                // hexadecimal
  std::vector<audit::ChainFlaw> flaws;  // at most a hundred; empty = intact
};

/// A walk through the log, in steps of one short read each, so that a long log holds no transaction open. Events that
/// come meanwhile are walked as well.
class ChainWalk {
 public:
  struct Anchor {
    std::int64_t seq = 0;  // 0 = none
    std::string hash;
  };
  ChainWalk() = default;
  explicit ChainWalk(Anchor anchor) : anchor_(std::move(anchor)) {}
  /// Verifies a few thousand events. Gives whether more are left; after the last step the report is whole.
  base::Result<bool> step(const House& house);
  /// The same for a copy of the database, inside one transaction.
  base::Result<bool> step(store::Tx& tx);
  [[nodiscard]] const ChainReport& report() const { return report_; }

 private:
  struct Read;
  base::Result<Read> read(store::Tx& tx) const;
  bool take(const Read& found);
  void note(const std::optional<audit::ChainFlaw>& flaw);

  Anchor anchor_;
  bool is_anchor_seen_ = false;
  std::int64_t next_ = 0;
  audit::ChainVerifier verifier_;
  ChainReport report_;
};

/// `anchor`: "SEQ:HASH" as noted earlier in another place; the chain must contain it. "" = none.
base::Result<ChainReport> verify_audit(const House& house, std::string_view anchor);

}  // namespace flow
