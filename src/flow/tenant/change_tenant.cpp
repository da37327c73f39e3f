#include "flow/tenant/change_tenant.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/house/check_title.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/acting.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/tenant/check_logo.hpp"
#include "flow/tenant/prepare_contexts.hpp"
#include "rights/role.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/password/policies.hpp"
#include "store/tenant/tenants.hpp"
#include "text/language.hpp"

namespace flow {
namespace {

namespace json = boost::json;

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
  if (wish.name) RETURN_IF_ERROR(check_title("name", *wish.name));
  if (is_set(wish.brand_name)) RETURN_IF_ERROR(check_title("brand_name", *wish.brand_name));
  if (is_set(wish.locale)) {
    text::Language language{};
    if (!text::find_language(*wish.locale, language) || text::code_of(language) != *wish.locale) {
      return base::fail(base::Code::invalid_input, "locale: en, de or pl");
    }
  }
  if (is_set(wish.acting_told) && *wish.acting_told != "yes" && *wish.acting_told != "no") {
    return base::fail(base::Code::invalid_input, "acting_told: yes, no, or nothing");
  }
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
  if (wish.locale) tenant.locale = *wish.locale;
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
  if (is_set(wish.acting_told)) {
    settings["acting_told"] = *wish.acting_told == "yes";
  } else if (wish.acting_told) {
    settings.erase("acting_told");
  }
  tenant.settings = json::serialize(settings);
  return tenant;
}

/// For the audit event: only whether a text or the logo was changed or removed, because its content is on every page.
audit::Code to_record(const std::optional<std::string>& wished) {
  if (!wished) return {};
  return wished->empty() ? audit::Code("none") : audit::Code("changed");
}

/// The new value, which was checked.
audit::Value value_to_record(const std::optional<std::string>& wished) {
  return is_set(wished) ? audit::Value::checked_code(*wished) : audit::Value(to_record(wished));
}

TenantLook look_of(const store::Tenant& tenant) {
  TenantLook look;
  look.id = tenant.id;
  look.key = tenant.key;
  look.name = tenant.name;
  look.locale = tenant.locale;
  look.parent_id = tenant.parent_id;
  look.version = tenant.version;
  look.acting_told = read_acting_told(tenant);
  look.brand = read_brand(tenant);
  store::Tenant nameless = tenant;
  nameless.name.clear();
  look.brand_name = read_brand(nameless).name;
  return look;
}

/// The wish in the form in which it is stored.
base::Result<TenantWish> checked(const TenantWish& asked) {
  RETURN_IF_ERROR(check(asked));
  TenantWish wish = asked;
  for (auto* colour : {&wish.accent, &wish.accent_dark}) {
    if (is_set(*colour)) *colour = in_lower_case(**colour);
  }
  return wish;
}

/// The tenant, and those below it.
void append_tree(const std::vector<TenantLook>& all, const TenantLook& top, TenantInTree place,
                 std::vector<TenantInTree>& tree) {
  place.look = top;
  const std::int64_t depth = place.depth + 1;
  tree.push_back(std::move(place));
  for (const TenantLook& one : all) {
    if (one.parent_id == top.id) append_tree(all, one, {{}, depth, top.name}, tree);
  }
}

constexpr rights::Permissions may_see{rights::Permission::manage_tenants, rights::Permission::read_settings};

// The policies of the tenant above are in force below it too.
base::Result<void> bind_policies_of(store::Tx& tx, const base::Id& parent_id, const base::Id& tenant_id) {
  ASSIGN_OR_RETURN(const auto bound, store::list_policy_ids_of(tx, store::PolicyScope::tenant, parent_id));
  for (const base::Id& policy : bound) {
    RETURN_IF_ERROR(store::bind_policy(tx, policy, store::PolicyScope::tenant, tenant_id));
  }
  return {};
}

}  // namespace

base::Result<TenantLook> find_tenant_look(const House& house, const rights::Actor& actor, std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  ASSIGN_OR_RETURN(const store::Tenant found,
                   house.store.read([&](store::Tx& tx) { return find_managed_tenant(tx, actor, tenant); }));
  return look_of(found);
}

base::Result<std::vector<TenantLook>> list_tenants(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  ASSIGN_OR_RETURN(const auto tenants,
                   house.store.read([&](store::Tx& tx) { return list_managed_tenants(tx, actor); }));
  std::vector<TenantLook> looks;
  for (const store::Tenant& tenant : tenants) looks.push_back(look_of(tenant));
  return looks;
}

base::Result<std::vector<TenantInTree>> list_tenant_tree(const House& house, const rights::Actor& actor) {
  ASSIGN_OR_RETURN(const auto all, list_tenants(house, actor));
  std::vector<TenantInTree> tree;
  for (const TenantLook& one : all) {
    const bool is_below =
        std::any_of(all.begin(), all.end(), [&](const TenantLook& other) { return one.parent_id == other.id; });
    if (!is_below) append_tree(all, one, {}, tree);
  }
  return tree;
}

std::vector<std::string> find_tenant_flaws(const TenantWish& wish) {
  std::vector<std::string> flaws;
  const auto judge = [&](const char* field, std::optional<std::string> TenantWish::*value) {
    TenantWish one;
    one.*value = wish.*value;
    if (!check(one)) flaws.emplace_back(field);
  };
  judge("name", &TenantWish::name);
  judge("brand_name", &TenantWish::brand_name);
  judge("locale", &TenantWish::locale);
  judge("acting_told", &TenantWish::acting_told);
  judge("accent", &TenantWish::accent);
  judge("accent_dark", &TenantWish::accent_dark);
  judge("logo_svg", &TenantWish::logo_svg);
  return flaws;
}

base::Result<bool> change_tenant(const House& house, const rights::Actor& actor, std::string_view tenant,
                                 const TenantWish& asked, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_tenants, facts.now));
  ASSIGN_OR_RETURN(const TenantWish wish, checked(asked));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const store::Tenant before, find_managed_tenant(tx, actor, tenant));
    const auto too_late = [] { return base::fail(base::Code::conflict, "the tenant was changed meanwhile"); };
    if (wish.version && *wish.version != before.version) return too_late();
    const store::Tenant after = apply(before, wish);
    if (after.name == before.name && after.locale == before.locale &&
        parse_settings(after.settings) == parse_settings(before.settings)) {
      return false;
    }
    ASSIGN_OR_RETURN(const bool is_written, store::update_tenant(tx, after));
    if (!is_written) return too_late();
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::tenant_change, actor, after.id, facts,
                                                       {{"name", to_record(wish.name)},
                                                        {"brand_name", to_record(wish.brand_name)},
                                                        {"accent", value_to_record(wish.accent)},
                                                        {"accent_dark", value_to_record(wish.accent_dark)},
                                                        {"logo", to_record(wish.logo_svg)},
                                                        {"locale", value_to_record(wish.locale)},
                                                        {"acting_told", value_to_record(wish.acting_told)}})));
    return true;
  });
}

base::Result<base::Id> create_tenant(const House& house, const rights::Actor& actor, const NewTenant& made,
                                     const TenantWish& asked, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_tenants, facts.now));
  RETURN_IF_ERROR(rights::check_key("key", made.key));
  ASSIGN_OR_RETURN(const TenantWish wish, checked(asked));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    ASSIGN_OR_RETURN(const store::Tenant parent, find_managed_tenant(tx, actor, made.parent));
    store::Tenant tenant;
    tenant.id = base::Id::make(facts.now);
    tenant.name = made.key;
    tenant.settings = "{}";
    tenant.key = made.key;
    tenant.parent_id = parent.id;
    tenant = apply(std::move(tenant), wish);
    RETURN_IF_ERROR(store::insert_tenant(tx, tenant));
    RETURN_IF_ERROR(prepare_contexts(tx, tenant.id, contexts_of_every_tenant, facts.now));
    RETURN_IF_ERROR(bind_policies_of(tx, parent.id, tenant.id));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::tenant_create, actor, tenant.id, facts,
                                                       {{"tenant", audit::Value::registered(tenant.key)},
                                                        {"parent", audit::Value::registered(parent.key)}})));
    return tenant.id;
  });
}

}  // namespace flow
