// The look of the pages: name, colours and logo of a tenant, cached for some seconds.
#pragma once

#include <memory>
#include <string>

#include "flow/house/brand.hpp"

namespace web {

/// Of a tenant; none = the first one. Never nullptr. Reads the brand again when the cached one is older than five
/// seconds; after an error the cached one stays.
std::shared_ptr<const flow::Brand> current_brand(const flow::House& house, const base::Id& tenant_id = {});
/// The cached brand of the first tenant. Does not read.
std::shared_ptr<const flow::Brand> last_brand(const flow::House& house);

/// Address of the tenant's stylesheet, "" if it has no colours.
std::string theme_address(const flow::Brand& brand);
/// Address of its logo, "" if it has none.
std::string logo_address(const flow::Brand& brand);
/// The accents as pages show them, "" if the brand has none of its own: moved until text in them can be read
/// (WCAG 2.2 §1.4.3, 4.5:1) on every surface that pages have.
struct ShownAccents {
  std::string light;
  std::string dark;
};
ShownAccents shown_accents(const flow::Brand& brand);
/// The tenant's stylesheet: variables of chancery.css. Colours that are not #rrggbb are left out; the others are
/// those of shown_accents, and the panel of the login has a dark shade of the accent.
std::string make_theme(const flow::Brand& brand);

}  // namespace web
