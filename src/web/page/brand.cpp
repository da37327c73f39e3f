#include "web/page/brand.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <optional>

namespace web {
namespace {

struct Cache {
  std::mutex mutex;
  const flow::SiteSettings* house = nullptr;  // the house whose brand it is
  std::chrono::steady_clock::time_point read_at;
  std::shared_ptr<const flow::Brand> brand;
};

Cache& cache() {
  static Cache only;
  return only;
}

std::shared_ptr<const flow::Brand> product_brand() {
  static const auto brand = [] {
    flow::Brand own;
    own.name = "Chancery";
    return std::make_shared<const flow::Brand>(std::move(own));
  }();
  return brand;
}

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

std::string variables(const Colour& accent, const Scheme& scheme) {
  const Colour shown = readable(accent, scheme);
  const Colour on_accent = contrast(white, shown) >= contrast(ink, shown) ? white : ink;
  const Colour panel = move_away(accent, white, black, contrast_of_panel);
  return "--accent:" + to_text(shown) + ";--accent-strong:" + to_text(mix(shown, scheme.far_end, 0.18)) +
         ";--on-accent:" + to_text(on_accent) + ";--panel:" + to_text(panel) +
         ";--panel-deep:" + to_text(mix(panel, black, 0.35)) + ";";
}

struct Accents {
  std::optional<Colour> light;
  std::optional<Colour> dark;
};

Accents parse_accents(const flow::Brand& brand) {
  Accents accents{parse_colour(brand.accent), parse_colour(brand.accent_dark)};
  if (!accents.dark) accents.dark = accents.light;
  return accents;
}

}  // namespace

std::shared_ptr<const flow::Brand> current_brand(const flow::House& house) {
  Cache& kept = cache();
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(kept.mutex);
    if (kept.house == &house.settings.site && kept.brand && now - kept.read_at < std::chrono::seconds(5))
      return kept.brand;
    kept.read_at = now;  // so that other threads do not read too, and a failed read is not repeated at once
    if (kept.house != &house.settings.site) kept.brand = product_brand();
    kept.house = &house.settings.site;
  }
  auto read = flow::find_brand(house);
  const std::lock_guard lock(kept.mutex);
  if (read && kept.house == &house.settings.site) {
    if (read->name.empty()) read->name = product_brand()->name;
    kept.brand = std::make_shared<const flow::Brand>(std::move(*read));
  }
  return kept.brand;
}

std::shared_ptr<const flow::Brand> last_brand(const flow::House& house) {
  Cache& kept = cache();
  const std::lock_guard lock(kept.mutex);
  return kept.house == &house.settings.site && kept.brand ? kept.brand : product_brand();
}

std::string theme_address(const flow::Brand& brand) {
  if (!parse_colour(brand.accent) && !parse_colour(brand.accent_dark)) return {};
  return "/theme/" + std::to_string(brand.version) + ".css";
}

ShownAccents shown_accents(const flow::Brand& brand) {
  const Accents accents = parse_accents(brand);
  return {accents.light ? to_text(readable(*accents.light, light_scheme)) : std::string(),
          accents.dark ? to_text(readable(*accents.dark, dark_scheme)) : std::string()};
}

std::string make_theme(const flow::Brand& brand) {
  const Accents accents = parse_accents(brand);
  std::string css;
  if (accents.light) css += ":root{" + variables(*accents.light, light_scheme) + "}\n";
  if (accents.dark) {
    css += "@media (prefers-color-scheme:dark){:root{" + variables(*accents.dark, dark_scheme) + "}}\n";
  }
  return css;
}

}  // namespace web
