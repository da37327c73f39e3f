// Where the program `chancery` is. The build puts it one folder above chancery-demo, a package or a copy beside it.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace demo {

/// `named`: the value of --chancery; if it is empty, gives the first program `chancery` in `here` (the folder of
/// chancery-demo) or in the folder above. Errors: not_found, with the places that were searched and how to name
/// another.
base::Result<std::string> find_server_program(const std::filesystem::path& here, const std::string& named);

}  // namespace demo
