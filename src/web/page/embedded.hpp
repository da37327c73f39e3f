// Files of src/web/assets and src/web/templates, compiled in by cmake/embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace web {

struct EmbeddedFile {
  std::string_view name;  // "chancery.css"
  std::string_view hash;  // first twelve digits of its SHA-256
  std::string_view content;
};

std::span<const EmbeddedFile> embedded_assets();
std::span<const EmbeddedFile> embedded_templates();

}  // namespace web
