// Static files: compiled in, named with a fingerprint of their content, and therefore cached for ever. They are found
// in a table, never on a disk (security rule 13).
#pragma once

#include <string>
#include <string_view>

#include "http/router.hpp"

namespace web {

/// "/assets/chancery.0123456789ab.css"; "" if there is no such file.
std::string asset_address(std::string_view name);

void mount_assets(http::Router& router);

}  // namespace web
