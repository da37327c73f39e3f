// Marks of the installation: short texts under a name that are true of the whole database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/key/master_key.hpp"

namespace store {

class Tx;

/// "demo" = "1", "installation_id", "master_key_check", "write probe" (of the last one). nullopt = not set.
base::Result<std::optional<std::string>> find_mark(Tx& tx, std::string_view name);
base::Result<void> set_mark(Tx& tx, std::string_view name, std::string_view value);

/// Writes that this is the master key of the database.
base::Result<void> write_master_key_check(Tx& tx, const crypto::MasterKey& master);
/// Errors: invalid_input (it is another one).
base::Result<void> check_master_key(Tx& tx);
/// Gives the master key of the transaction what was kept of those before it.
base::Result<void> load_former_keys(Tx& tx);
/// Writes the marks of the next master key: the check, and what it keeps of this one.
base::Result<void> seal_marks_anew(Tx& tx, const crypto::MasterKey& next);
/// Whether another process of this program works on the database. SQLite's lock lets no other one in.
base::Result<bool> sees_other_processes(Tx& tx);

}  // namespace store
