#include "flow/house/brand.hpp"

#include <boost/json.hpp>
#include <functional>

#include "store/engine/store.hpp"

namespace flow {

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

base::Result<Brand> find_brand(const House& house) {
  ASSIGN_OR_RETURN(const store::Tenant tenant,
                   house.store.read([](store::Tx& tx) { return store::find_first_tenant(tx); }));
  return read_brand(tenant);
}

}  // namespace flow
