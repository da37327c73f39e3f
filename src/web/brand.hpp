// The look of the installation: name, colours and logo of the tenant, kept for some seconds.
#pragma once

#include <memory>
#include <string>

#include "flow/own_account.hpp"

namespace web {

/// Never nullptr. Reads it again when it is older than five seconds; an error keeps what there was.
std::shared_ptr<const flow::Brand> current_brand(const flow::House& house);
/// What was read last, without reading.
std::shared_ptr<const flow::Brand> last_brand(const flow::House& house);

/// Address of the tenant's stylesheet, "" if it has no colours of its own.
std::string theme_address(const flow::Brand& brand);
/// The tenant's stylesheet: variables of chancery.css. Colours that are not #rrggbb are left out, and text colours
/// are moved until they can be read (WCAG 2.2 §1.4.3, 4.5:1).
std::string make_theme(const flow::Brand& brand);

}  // namespace web
