// The files of the program: one folder of the person, which nobody else may read. A file is written beside its place
// and renamed, so that a crash leaves the old one or the new one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace client {

/// $XDG_CONFIG_HOME/chancery-client, or ~/.config/chancery-client. Errors: invalid_input (neither is set).
base::Result<std::filesystem::path> find_folder();

/// Makes the folder (0700) if it is not there. Errors: unavailable.
base::Result<void> make_folder(const std::filesystem::path& folder);
/// With mode 0600. Errors: unavailable.
base::Result<void> write_file(const std::filesystem::path& file, std::string_view content);
/// At most `most` octets. Errors: not_found, invalid_input (larger), unavailable.
base::Result<base::Secret> read_file(const std::filesystem::path& file, std::uintmax_t most = 1024 * 1024);

}  // namespace client
