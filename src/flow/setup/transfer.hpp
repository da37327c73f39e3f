// A whole installation as a sealed file of rows, from a database of one engine into one of the other (docs/decisions/
// 0096). Nothing is left out: every table has its rows in the file, the audit log with its sealed head among them, and
// the program refuses to dump a table for which nobody has said how.
#pragma once

#include "flow/setup/back_up.hpp"

namespace flow {

/// Of either engine, from one snapshot. Errors: denied, invalid_input (no public key), conflict (another copy is being
/// made), unavailable (disk full), internal (a table without a rule, a value that is not of its column's type).
base::Result<MadeCopy> dump_installation(const House& house, const rights::Actor& actor, const CopyOrder& order,
                                         const RequestFacts& facts);

struct LoadOrder {
  std::string file;
  crypto::RecipientKeys keys;
  RequestFacts facts{};
};
struct Loaded {
  SealedHead head;
  std::string digest;
  std::int64_t rows = 0;
  ChainReport chain;  // with the event of the loading
};
/// Fills a database that nobody has used, in one transaction. Errors: conflict (it was used), invalid_input (no dump,
/// cut off, altered, another key, another master key, another schema), not_found, unavailable, internal.
base::Result<Loaded> load_installation(store::Store& database, const LoadOrder& order);

}  // namespace flow
