#include "flow/own_account.hpp"

#include <boost/json.hpp>

#include "flow/record.hpp"
#include "store/audit_log.hpp"
#include "store/clients.hpp"
#include "store/tenants.hpp"

namespace flow {

base::Result<void> choose_language(const House& house, const rights::Actor& actor, std::string_view code,
                                   const RequestFacts& facts) {
  if (code != "en" && code != "de" && code != "pl") return base::fail(base::Code::invalid_input, "no such language");
  if (actor.account().locale == code) return {};
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::set_locale(tx, actor.account().id, code));
    return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account().tenant_id,
                                              actor.account().id, facts, {{"locale", code}}));
  });
}

base::Result<Brand> find_brand(const House& house) {
  ASSIGN_OR_RETURN(const store::Tenant tenant,
                   house.store.read([](store::Tx& tx) { return store::find_first_tenant(tx); }));
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
  // Changes with the content, so that a browser that keeps the stylesheet asks again.
  brand.version = static_cast<std::int64_t>(std::hash<std::string>()(tenant.settings) >> 16);
  return brand;
}

base::Result<std::string> find_client_name(const House& house, std::string_view client_id) {
  if (client_id.empty()) return std::string();
  ASSIGN_OR_RETURN(const auto client,
                   house.store.read([&](store::Tx& tx) { return store::find_client(tx, client_id); }));
  return client && client->enabled ? client->name : std::string();
}

}  // namespace flow
