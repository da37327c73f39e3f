#include "flow/house/brand.hpp"

#include <boost/json.hpp>
#include <functional>

#include "store/engine/store.hpp"

namespace flow {

namespace {

/// A number that every language of a browser's tools can hold.
constexpr std::int64_t largest_version = (std::int64_t{1} << 48) - 1;

}  // namespace

Brand read_brand(const store::Tenant& tenant) {
  Brand brand;
  brand.name = tenant.name;
  boost::json::error_code error;
  const boost::json::value settings = boost::json::parse(tenant.settings.empty() ? "{}" : tenant.settings, error);
  if (error || !settings.is_object()) return brand;
  const boost::json::value* look = settings.get_object().if_contains("brand");
  if (look == nullptr || !look->is_object()) return brand;
  const auto get = [&](std::string_view name) {
    const boost::json::value* value = look->get_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  if (std::string name = get("name"); !name.empty()) brand.name = std::move(name);
  brand.accent = get("accent");
  brand.accent_dark = get("accent_dark");
  brand.logo_svg = get("logo_svg");
  // The version changes with the content, so that browsers with a cached stylesheet load it again.
  brand.version = static_cast<std::int64_t>(std::hash<std::string>()(tenant.settings) >> 16);
  return brand;
}

std::string name_for_people(const store::Tenant& tenant) {
  std::string name = read_brand(tenant).name;
  return name.empty() ? std::string(product_name) : name;
}

base::Result<Brand> find_brand(const House& house, const base::Id& tenant_id) {
  ASSIGN_OR_RETURN(const auto line, house.store.read([&](store::Tx& tx) -> base::Result<std::vector<store::Tenant>> {
    std::vector<store::Tenant> up;
    if (!tenant_id.is_none()) {
      ASSIGN_OR_RETURN(up, store::list_tenants_up(tx, tenant_id));
    }
    if (!up.empty()) return up;
    ASSIGN_OR_RETURN(store::Tenant first, store::find_first_tenant(tx));
    up.push_back(std::move(first));
    return up;
  }));
  Brand brand = read_brand(line.front());
  if (line.front().parent_id) brand.tenant_id = line.front().id;
  for (const store::Tenant& above : line) {
    const Brand theirs = read_brand(above);
    // The colours of the two schemes belong together.
    if (brand.accent.empty() && brand.accent_dark.empty()) {
      brand.accent = theirs.accent;
      brand.accent_dark = theirs.accent_dark;
    }
    if (brand.logo_svg.empty()) brand.logo_svg = theirs.logo_svg;
    brand.version ^= theirs.version * 31;
  }
  brand.version &= largest_version;
  return brand;
}

}  // namespace flow
