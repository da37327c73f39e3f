#include "web/page/brand.hpp"

#include <chrono>
#include <mutex>
#include <optional>

#include "flow/house/brand_shades.hpp"

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
    own.name = flow::product_name;
    return std::make_shared<const flow::Brand>(std::move(own));
  }();
  return brand;
}

std::string variables(const flow::Shades& shades) {
  return "--accent:" + shades.accent + ";--accent-strong:" + shades.accent_strong + ";--on-accent:" + shades.on_accent +
         ";--panel:" + shades.panel + ";--panel-deep:" + shades.panel_deep + ";";
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
  const flow::BrandShades shades = flow::find_shades(brand);
  return shades.light || shades.dark ? "/theme/" + std::to_string(brand.version) + ".css" : std::string();
}

ShownAccents shown_accents(const flow::Brand& brand) {
  const flow::BrandShades shades = flow::find_shades(brand);
  return {shades.light ? shades.light->accent : std::string(), shades.dark ? shades.dark->accent : std::string()};
}

std::string make_theme(const flow::Brand& brand) {
  const flow::BrandShades shades = flow::find_shades(brand);
  std::string css;
  if (shades.light) css += ":root{" + variables(*shades.light) + "}\n";
  if (shades.dark) css += "@media (prefers-color-scheme:dark){:root{" + variables(*shades.dark) + "}}\n";
  return css;
}

}  // namespace web
