// Reports of validations, kept for a short time so that their reader can download them. The document is never kept. A
// report names the signers, so that it is sealed; only its address, which has a secret, leads to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct KeptReport {
  base::Id id;
  base::Bytes secret_hash;  // SHA-256 of the address's secret half
  std::string report;       // JSON
  base::Time created_at;
  base::Time expires_at;
};
/// At most `most` are kept: the oldest go first.
base::Result<void> insert_validation_report(Tx& tx, const KeptReport& report, std::int64_t most);
/// nullopt also if it was sealed under another master key, which lasts longer than any report.
base::Result<std::optional<KeptReport>> find_validation_report(Tx& tx, const base::Id& id);
/// Those that ended before `before`, some of them. True: there may be more.
base::Result<bool> delete_old_validation_reports(Tx& tx, base::Time before);

}  // namespace store
