// Fuzz target of the check of a tenant's logo. Besides crashes it looks for broken invariants: an accepted logo is
// small, UTF-8, and has none of the elements that a logo does not need.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/bytes.hpp"
#include "flow/tenant/check_logo.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (!flow::check_logo(octets)) return 0;
  if (size > flow::largest_logo || !base::is_utf8(octets)) std::abort();
  const auto has = [&](std::string_view text) { return octets.find(text) != octets.npos; };
  // Comments, CDATA and the declaration may hold any text; elsewhere an angle bracket begins an element.
  if (has("<!--") || has("<![CDATA[") || has("<?")) return 0;
  const bool kept = !has("<script") && !has("<foreignObject") && !has("<s:") && !has("<a ") && !has("&#");
  if (!kept) std::abort();
  return 0;
}
