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

/// The configuration that a command without --config uses at the moment; `own` if it is that file under another name;
/// "" if such a command finds none, or one that is not sound.
std::string find_configuration_without_option(const std::string& program, const std::string& own);
/// The file in what `chancery check-config` prints; "" if it finds a flaw.
std::string parse_checked_file(const std::string& output);

}  // namespace demo
