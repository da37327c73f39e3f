#include "flow/house/brand_shades.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/bytes.hpp"

namespace flow {
namespace {

using Colour = std::array<double, 3>;  // 0 … 255

std::optional<Colour> parse_colour(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return std::nullopt;
  const auto octets = base::parse_hex(text.substr(1));
  if (!octets) return std::nullopt;
  Colour colour{};
  for (std::size_t i = 0; i < 3; ++i) colour[i] = static_cast<unsigned char>((*octets)[i]);
  return colour;
}

std::string to_text(const Colour& colour) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", static_cast<unsigned>(std::lround(colour[0])) & 0xffU,
                static_cast<unsigned>(std::lround(colour[1])) & 0xffU,
                static_cast<unsigned>(std::lround(colour[2])) & 0xffU);
  return text.data();
}

/// Relative luminance and contrast as WCAG 2.2 defines them.
double luminance(const Colour& colour) {
  const auto linear = [](double part) {
    const double c = part / 255;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

double contrast(const Colour& a, const Colour& b) {
  // With a list std::minmax gives values. With two arguments it would give references to temporaries.
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

Colour mix(const Colour& a, const Colour& b, double part_of_b) {
  Colour mixed{};
  for (std::size_t i = 0; i < 3; ++i) mixed[i] = a[i] * (1 - part_of_b) + b[i] * part_of_b;
  return mixed;
}

constexpr Colour white{255, 255, 255};
constexpr Colour black{0, 0, 0};
constexpr Colour ink{7, 26, 23};

/// One of the two colour schemes of chancery.css: the surface with the lowest contrast to text (--sunken), and the
/// colour towards which an accent is moved until it can be read there.
struct Scheme {
  Colour surface;
  Colour far_end;
};
constexpr Scheme light_scheme{{234, 240, 238}, ink};
constexpr Scheme dark_scheme{{34, 45, 42}, white};
constexpr double least_contrast = 4.6;   // 4.5:1 and a reserve for rounding
constexpr double contrast_of_panel = 9;  // white text on the panel of the login

/// Moves `colour` towards `far_end` until its contrast to `ground` is at least `least`.
Colour move_away(const Colour& colour, const Colour& ground, const Colour& far_end, double least) {
  Colour moved = colour;
  for (double part = 0.05; contrast(moved, ground) < least && part <= 1; part += 0.05)
    moved = mix(colour, far_end, part);
  return moved;
}

Colour readable(const Colour& accent, const Scheme& scheme) {
  return move_away(accent, scheme.surface, scheme.far_end, least_contrast);
}

Shades make_shades(const Colour& accent, const Scheme& scheme) {
  const Colour shown = readable(accent, scheme);
  const Colour panel = move_away(accent, white, black, contrast_of_panel);
  Shades shades;
  shades.accent = to_text(shown);
  shades.accent_strong = to_text(mix(shown, scheme.far_end, 0.18));
  shades.on_accent = to_text(contrast(white, shown) >= contrast(ink, shown) ? white : ink);
  shades.panel = to_text(panel);
  shades.panel_deep = to_text(mix(panel, black, 0.35));
  return shades;
}

}  // namespace

BrandShades find_shades(const Brand& brand) {
  const auto light = parse_colour(brand.accent);
  auto dark = parse_colour(brand.accent_dark);
  if (!dark) dark = light;
  BrandShades shades;
  if (light) shades.light = make_shades(*light, light_scheme);
  if (dark) shades.dark = make_shades(*dark, dark_scheme);
  return shades;
}

}  // namespace flow
