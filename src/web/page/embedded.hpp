// Files of src/web/assets and src/web/templates, compiled in by cmake/embed.cmake.
#pragma once

#include <span>

#include "base/embedded.hpp"

namespace web {

std::span<const base::EmbeddedFile> embedded_assets();
std::span<const base::EmbeddedFile> embedded_templates();

}  // namespace web
