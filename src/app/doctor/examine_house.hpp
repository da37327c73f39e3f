// What only an opened installation tells: database, audit log, keys, outbox, authority, tokens, gateways. In the
// running server if there is one, because it holds the database, and its own user and limits count.
#pragma once

#include "app/doctor/finding.hpp"
#include "flow/house/house.hpp"

namespace app {

/// What to do about a damaged database.
inline constexpr const char* advice_for_damage =
    "stop the server, keep a copy of the file, look at the disk, and restore the last backup: "
    "docs/operators/backup.md";

/// What is told at once.
void examine_house(const flow::House& house, Findings& findings);
/// The walks through the whole audit log and all pages of SQLite, which take some seconds for a million events.
void walk_through_house(const flow::House& house, Findings& findings);

}  // namespace app
