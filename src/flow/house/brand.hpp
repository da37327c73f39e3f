// The brand of the tenant as it is stored: name, colours and logo. The pages cache it for some seconds
// (web/page/brand).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

/// What an installation is called that has no name of its own.
inline constexpr std::string_view product_name = "Chancery";

struct Brand {
  std::string name;                     // on the pages: its own, or that of the tenant
  std::string accent;                   // "#0b5cad" or "" = the product's own
  std::string accent_dark;              // for the dark scheme; "" = from `accent`
  std::string logo_svg;                 // "" = the product's own
  std::int64_t version = 0;             // for the address of the stylesheet
  std::optional<base::Id> tenant_id{};  // of a tenant that is below another one
};

Brand read_brand(const store::Tenant& tenant);
/// The name that people know the installation by, for pages and messages; never empty.
std::string name_for_people(const store::Tenant& tenant);
/// The brand of the tenant with its own name. What it has not set, its colours or its logo, is that of the nearest
/// tenant above it that has. `tenant_id`: none, or of a tenant that is not there = the first one.
base::Result<Brand> find_brand(const House& house, const base::Id& tenant_id);

}  // namespace flow
