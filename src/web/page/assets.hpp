// Static files, compiled into the program. Their names have a fingerprint of the content, so that browsers may cache
// them without a limit. No file is read from a disk (security rule 13).
#pragma once

#include <string>
#include <string_view>

#include "http/router.hpp"

namespace web {

/// "/assets/chancery.0123456789ab.css"; "" if there is no such file.
std::string asset_address(std::string_view name);

void mount_assets(http::Router& router);

}  // namespace web
