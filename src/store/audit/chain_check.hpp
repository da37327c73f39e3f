// The check of the audit log's chain that a person asked for last: one row, which every node sees.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct ChainCheck {
  std::string state;               // waiting | running | intact | broken | failed
  std::optional<base::Id> run_id;  // of the run that works on it
  std::optional<base::Id> asked_by;
  base::Id tenant_id;
  base::Time asked_at;
  base::Time moved_at;  // when something was seen of it last
  std::int64_t checked = 0;
  std::int64_t total = 0;  // as counted at its beginning
  std::int64_t erased = 0;
  std::int64_t flaws = 0;
  std::string flaw;  // the first: name of an audit::Flaw; "" = none
  std::int64_t first_event = 0;
  std::int64_t last_event = 0;
};

base::Result<std::optional<ChainCheck>> find_chain_check(Tx& tx);
base::Result<void> set_chain_check(Tx& tx, const ChainCheck& check);

}  // namespace store
