#include "flow/tenant/change_tenant.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/tenant/check_logo.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

namespace json = boost::json;
constexpr std::size_t longest_name = 100;

base::Result<void> check_name(const std::string& name) {
  const bool is_plain = base::is_utf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
                          return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
                        });
  if (is_plain && name.find_first_not_of(' ') != std::string::npos && base::count_code_points(name) <= longest_name)
    return {};
  return base::fail(base::Code::invalid_input, "a name has 1 to 100 characters in one line");
}

base::Result<void> check_colour(const std::string& colour) {
  if (colour.size() == 7 && colour[0] == '#' && base::parse_hex(std::string_view(colour).substr(1))) return {};
  return base::fail(base::Code::invalid_input, "\"" + colour + "\" is not a colour; write it like #0b5cad");
}

/// A colour in lower case, so that it has one spelling.
std::string in_lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_set(const std::optional<std::string>& wished) {
  return wished && !wished->empty();
}

base::Result<void> check(const TenantWish& wish) {
  if (wish.name) RETURN_IF_ERROR(check_name(*wish.name));
  if (is_set(wish.brand_name)) RETURN_IF_ERROR(check_name(*wish.brand_name));
  if (is_set(wish.accent)) RETURN_IF_ERROR(check_colour(*wish.accent));
  if (is_set(wish.accent_dark)) RETURN_IF_ERROR(check_colour(*wish.accent_dark));
  if (is_set(wish.logo_svg)) RETURN_IF_ERROR(check_logo(*wish.logo_svg));
  return {};
}

/// The settings as an object; settings that cannot be read become an empty object.
json::object parse_settings(const std::string& settings) {
  json::error_code error;
  json::value parsed = json::parse(settings.empty() ? "{}" : settings, error);
  return !error && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

void put(json::object& brand, std::string_view name, const std::optional<std::string>& wished) {
  if (!wished) return;
  if (wished->empty()) {
    brand.erase(name);
  } else {
    brand[name] = *wished;
  }
}

store::Tenant apply(store::Tenant tenant, const TenantWish& wish) {
  if (wish.name) tenant.name = *wish.name;
  json::object settings = parse_settings(tenant.settings);
  const json::value* there = settings.if_contains("brand");
  json::object brand = there != nullptr && there->is_object() ? there->get_object() : json::object();
  put(brand, "name", wish.brand_name);
  put(brand, "accent", wish.accent);
  put(brand, "accent_dark", wish.accent_dark);
  put(brand, "logo_svg", wish.logo_svg);
  if (brand.empty()) {
    settings.erase("brand");
  } else {
    settings["brand"] = std::move(brand);
  }
  tenant.settings = json::serialize(settings);
  return tenant;
}

/// For the audit event: only whether a text or the logo was changed or removed, because its content is on every page.
audit::Code to_record(const std::optional<std::string>& wished) {
  if (!wished) return {};
  return wished->empty() ? audit::Code("none") : audit::Code("changed");
}

/// The new colour, which was checked.
audit::Value colour_to_record(const std::optional<std::string>& wished) {
  return is_set(wished) ? audit::Value::checked_code(*wished) : audit::Value(to_record(wished));
}

TenantLook look_of(const store::Tenant& tenant) {
  TenantLook look;
  look.id = tenant.id;
  look.name = tenant.name;
  look.brand = read_brand(tenant);
  store::Tenant nameless = tenant;
  nameless.name.clear();
  look.brand_name = read_brand(nameless).name;
  return look;
}

}  // namespace

base::Result<TenantLook> find_tenant_look(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  ASSIGN_OR_RETURN(const store::Tenant tenant,
                   house.store.read([](store::Tx& tx) { return store::find_first_tenant(tx); }));
  return look_of(tenant);
}

base::Result<bool> change_tenant(const House& house, const rights::Actor& actor, const TenantWish& asked,
                                 const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  RETURN_IF_ERROR(check(asked));
  TenantWish wish = asked;
  for (auto* colour : {&wish.accent, &wish.accent_dark}) {
    if (is_set(*colour)) *colour = in_lower_case(**colour);
  }
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const store::Tenant before, store::find_first_tenant(tx));
    const store::Tenant after = apply(before, wish);
    if (after.name == before.name && parse_settings(after.settings) == parse_settings(before.settings)) return false;
    RETURN_IF_ERROR(store::update_tenant(tx, after));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::tenant_change, actor, after.id, facts,
                                                       {{"name", to_record(wish.name)},
                                                        {"brand_name", to_record(wish.brand_name)},
                                                        {"accent", colour_to_record(wish.accent)},
                                                        {"accent_dark", colour_to_record(wish.accent_dark)},
                                                        {"logo", to_record(wish.logo_svg)}})));
    return true;
  });
}

}  // namespace flow
