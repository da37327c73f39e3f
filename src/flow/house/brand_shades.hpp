// The colours that pages and mails show for a tenant's accents: moved until text in them, and on them, can be read
// (WCAG 2.2, 1.4.3: a contrast of at least 4.5).
#pragma once

#include <optional>
#include <string>

#include "flow/house/brand.hpp"

namespace flow {

/// "#rrggbb" each.
struct Shades {
  std::string accent;
  std::string accent_strong;
  std::string on_accent;  // text on the accent
  std::string panel;      // for white text
  std::string panel_deep;
};

struct BrandShades {
  std::optional<Shades> light;  // none: the product's own
  std::optional<Shades> dark;
};

/// The dark scheme follows the light accent if it has none of its own.
BrandShades find_shades(const Brand& brand);

}  // namespace flow
