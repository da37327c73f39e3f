// Marks of the installation: short texts under a name that are true of the whole database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace store {

class Tx;

/// "demo" = "1", "installation_id", "master_key_check", "write probe" (of the last one). nullopt = not set.
base::Result<std::optional<std::string>> find_mark(Tx& tx, std::string_view name);
base::Result<void> set_mark(Tx& tx, std::string_view name, std::string_view value);

}  // namespace store
