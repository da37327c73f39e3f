// Tenants: their names, their look, and those below them. Every function needs the permission manage_tenants (to see
// them read_settings is enough), a change also a fresh proof. Each change has its audit event. `tenant`: as in
// find_managed_tenant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct TenantLook {
  base::Id id;
  std::string key;
  std::string name;                   // of the tenant
  std::string brand_name;             // on the pages, if it is another one; "" = that of the tenant
  std::string locale;                 // "en", "de", "pl"; "" = that of the installation
  std::optional<base::Id> parent_id;  // none: it is below no other one
  std::optional<bool> acting_told{};  // read_acting_told
  std::int64_t version = 1;
  Brand brand;
};
/// Errors: denied, not_found.
base::Result<TenantLook> find_tenant_look(const House& house, const rights::Actor& actor, std::string_view tenant);
/// The tenants that the actor reaches, by id: each after the one above it. Errors: denied.
base::Result<std::vector<TenantLook>> list_tenants(const House& house, const rights::Actor& actor);

struct TenantInTree {
  TenantLook look;
  std::int64_t depth = 0;  // below how many of the list it stands
  std::string above;       // name of the one above it, "" = none that the actor reaches
};
/// The same, each followed by those below it. Errors: denied.
base::Result<std::vector<TenantInTree>> list_tenant_tree(const House& house, const rights::Actor& actor);

/// nullopt = the value stays; "" = the default of the product (for `brand_name`: the name of the tenant).
struct TenantWish {
  std::optional<std::string> name{};  // 1 to 100 characters
  std::optional<std::string> brand_name{};
  std::optional<std::string> accent{};  // "#rrggbb"
  std::optional<std::string> accent_dark{};
  std::optional<std::string> logo_svg{};  // see check_logo
  std::optional<std::string> locale{};    // of those who have not chosen a language
  /// Whether people get a message when somebody acts for them: "yes", "no"; "" = as the tenant above it, for the first
  /// one as the installation.
  std::optional<std::string> acting_told{};
  std::optional<std::int64_t> version{};  // that the form was filled in for; nullopt: whatever it is
};
/// What is wrong with the wish, whoever has it: names of its fields.
std::vector<std::string> find_tenant_flaws(const TenantWish& wish);
/// False: nothing changed, and nothing is recorded. Errors: denied, not_found, invalid_input (the reason says what is
/// wrong), conflict (another change came first).
base::Result<bool> change_tenant(const House& house, const rights::Actor& actor, std::string_view tenant,
                                 const TenantWish& wish, const RequestFacts& facts);

struct NewTenant {
  std::string_view key;     // as in rights::check_key
  std::string_view parent;  // "" = the actor's own, and for the operator the first one
};
/// Makes a tenant below another one, with the contexts "user" and "administrator" and the policies that are bound to
/// the tenant above it. Gives its id. Errors: denied, not_found (parent), invalid_input, already_exists (the key).
base::Result<base::Id> create_tenant(const House& house, const rights::Actor& actor, const NewTenant& made,
                                     const TenantWish& wish, const RequestFacts& facts);

}  // namespace flow
