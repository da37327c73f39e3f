// The schema as numbered steps that only go forward: the files steps/NNN_title.sql, compiled in. A step that was
// released is never changed (only its comments may be). To change the schema, add a file, then run `make schema`, which
// prints docs/schema.sql again.
//
// A file is plain PostgreSQL. Its head says in a line `-- Oldest compatible step: N` which programs can work with the
// schema after this step: those that have step N. For SQLite two things are translated (Engine::translate):
// `/* SQLite: WITHOUT ROWID */` loses its comment signs, and `bigint PRIMARY KEY` becomes `INTEGER PRIMARY KEY`.
// Types: bigint (whole numbers, UTC milliseconds, 0 or 1), text (UTF-8), bytea (octets; ids have 16).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"

namespace store {

struct Step {
  std::int64_t number = 0;
  std::int64_t oldest_compatible = 0;  // the oldest program (its newest step) that can work with the schema after it
  std::string_view sql;
};

/// All steps of this program, numbered from 1 without a gap.
const std::vector<Step>& all_steps();

/// Throws std::logic_error if a file's name has no number, the numbers have a gap, or a head does not say the oldest
/// compatible step.
std::vector<Step> read_steps(std::span<const base::EmbeddedFile> files);

}  // namespace store
