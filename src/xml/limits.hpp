// How large and how deep a document of others may be. They hold before the document is parsed.
#pragma once

#include <cstddef>

namespace xml {

struct Limits {
  std::size_t octets = std::size_t{16} * 1024 * 1024;
  std::size_t depth = 128;        // of elements
  std::size_t attributes = 256;   // of one element, with the declarations of namespaces
  std::size_t nodes = 1'000'000;  // elements, attributes, comments, processing instructions and texts
};

}  // namespace xml
