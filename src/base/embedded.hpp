// A file that the build has compiled in (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace base {

struct EmbeddedFile {
  std::string_view name;  // without the path: "chancery.css"
  std::string_view hash;  // first twelve digits of its SHA-256
  std::string_view content;
};

}  // namespace base
