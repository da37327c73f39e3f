#include "web/page/brand.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "flow/house/brand_shades.hpp"

namespace web {
namespace {

struct Kept {
  std::chrono::steady_clock::time_point read_at;
  std::shared_ptr<const flow::Brand> brand;
};
struct Cache {
  std::mutex mutex;
  const flow::SiteSettings* house = nullptr;  // the house whose brands they are
  std::map<base::Id, Kept> brands;            // none = of the first tenant
};
constexpr std::size_t most_kept = 1000;

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

/// Where the files of a brand are. Those of the first tenant are the installation's.
std::string folder_of(const flow::Brand& brand) {
  return brand.tenant_id ? "/theme/" + brand.tenant_id->to_string() + "/" : std::string("/theme/");
}

std::string variables(const flow::Shades& shades) {
  return "--accent:" + shades.accent + ";--accent-strong:" + shades.accent_strong + ";--on-accent:" + shades.on_accent +
         ";--panel:" + shades.panel + ";--panel-deep:" + shades.panel_deep + ";";
}

}  // namespace

std::shared_ptr<const flow::Brand> current_brand(const flow::House& house, const base::Id& tenant_id) {
  Cache& all = cache();
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(all.mutex);
    if (all.house != &house.settings.site || all.brands.size() > most_kept) all.brands.clear();
    all.house = &house.settings.site;
    Kept& kept = all.brands[tenant_id];
    if (kept.brand && now - kept.read_at < std::chrono::seconds(5)) return kept.brand;
    // So that other threads do not read too, and a failed read is not repeated at once.
    if (kept.brand) kept.read_at = now;
  }
  auto read = flow::find_brand(house, tenant_id);
  const std::lock_guard lock(all.mutex);
  if (all.house != &house.settings.site) return product_brand();
  Kept& kept = all.brands[tenant_id];
  kept.read_at = now;
  if (read) {
    if (read->name.empty()) read->name = product_brand()->name;
    kept.brand = std::make_shared<const flow::Brand>(std::move(*read));
  } else if (!kept.brand) {
    kept.brand = product_brand();
  }
  return kept.brand;
}

std::shared_ptr<const flow::Brand> last_brand(const flow::House& house) {
  Cache& all = cache();
  const std::lock_guard lock(all.mutex);
  const auto found = all.brands.find(base::Id());
  const bool is_there = all.house == &house.settings.site && found != all.brands.end() && found->second.brand;
  return is_there ? found->second.brand : product_brand();
}

std::string theme_address(const flow::Brand& brand) {
  const flow::BrandShades shades = flow::find_shades(brand);
  return shades.light || shades.dark ? folder_of(brand) + std::to_string(brand.version) + ".css" : std::string();
}

std::string logo_address(const flow::Brand& brand) {
  return brand.logo_svg.empty() ? std::string() : folder_of(brand) + "logo.svg";
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
