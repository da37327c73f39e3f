// Files of demo/assets, compiled in by cmake/embed.cmake.
#pragma once

#include <span>

#include "base/embedded.hpp"

namespace demo {

std::span<const base::EmbeddedFile> embedded_assets();

}  // namespace demo
