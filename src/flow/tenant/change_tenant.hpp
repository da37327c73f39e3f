// The name and the brand of the tenant. Every function needs the permission administer_all, a change also a fresh
// proof. Each change has its audit event.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct TenantLook {
  base::Id id;
  std::string name;        // of the tenant
  std::string brand_name;  // on the pages, if it is another one; "" = that of the tenant
  Brand brand;
};
/// For the first tenant. Errors: denied.
base::Result<TenantLook> find_tenant_look(const House& house, const rights::Actor& actor);

/// nullopt = the value stays; "" = the default of the product (for `brand_name`: the name of the tenant).
struct TenantWish {
  std::optional<std::string> name;  // 1 to 100 characters
  std::optional<std::string> brand_name;
  std::optional<std::string> accent;  // "#rrggbb"
  std::optional<std::string> accent_dark;
  std::optional<std::string> logo_svg;  // see check_logo
};
/// False: nothing changed, and nothing is recorded. Errors: denied, invalid_input (the reason says what is wrong).
base::Result<bool> change_tenant(const House& house, const rights::Actor& actor, const TenantWish& wish,
                                 const RequestFacts& facts);

}  // namespace flow
