#include "web/brand.hpp"

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
  const flow::Settings* house = nullptr;  // tells houses apart
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
  // As a list: the form with two arguments gives references, here to values that are gone.
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

Colour mix(const Colour& a, const Colour& b, double part_of_b) {
  Colour mixed{};
  for (std::size_t i = 0; i < 3; ++i) mixed[i] = a[i] * (1 - part_of_b) + b[i] * part_of_b;
  return mixed;
}

constexpr Colour white{255, 255, 255};
constexpr Colour ink{7, 26, 23};

std::string variables(const Colour& accent, const Colour& background, const Colour& far_end) {
  Colour readable = accent;
  // 4.8 leaves room for the tinted areas that are a little off the background.
  for (double part = 0.05; contrast(readable, background) < 4.8 && part <= 1; part += 0.05) {
    readable = mix(accent, far_end, part);
  }
  const Colour on_accent = contrast(white, readable) >= contrast(ink, readable) ? white : ink;
  return "--accent:" + to_text(readable) + ";--accent-strong:" + to_text(mix(readable, far_end, 0.18)) +
         ";--on-accent:" + to_text(on_accent) + ";";
}

}  // namespace

std::shared_ptr<const flow::Brand> current_brand(const flow::House& house) {
  Cache& kept = cache();
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(kept.mutex);
    if (kept.house == &house.settings && kept.brand && now - kept.read_at < std::chrono::seconds(5)) return kept.brand;
    kept.read_at = now;  // one of many at once reads; if the database is away, not every page asks it again
    if (kept.house != &house.settings) kept.brand = product_brand();
    kept.house = &house.settings;
  }
  auto read = flow::find_brand(house);
  const std::lock_guard lock(kept.mutex);
  if (read && kept.house == &house.settings) {
    if (read->name.empty()) read->name = product_brand()->name;
    kept.brand = std::make_shared<const flow::Brand>(std::move(*read));
  }
  return kept.brand;
}

std::shared_ptr<const flow::Brand> last_brand(const flow::House& house) {
  Cache& kept = cache();
  const std::lock_guard lock(kept.mutex);
  return kept.house == &house.settings && kept.brand ? kept.brand : product_brand();
}

std::string theme_address(const flow::Brand& brand) {
  if (!parse_colour(brand.accent) && !parse_colour(brand.accent_dark)) return {};
  return "/theme/" + std::to_string(brand.version) + ".css";
}

std::string make_theme(const flow::Brand& brand) {
  const auto light = parse_colour(brand.accent);
  auto dark = parse_colour(brand.accent_dark);
  if (!dark) dark = light;
  std::string css;
  if (light) css += ":root{" + variables(*light, {246, 248, 247}, ink) + "}\n";
  if (dark) {
    css += "@media (prefers-color-scheme:dark){:root{" + variables(*dark, {27, 36, 34}, white) + "}}\n";
  }
  return css;
}

}  // namespace web
