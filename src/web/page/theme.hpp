// The handlers of the stylesheet and the logo of the tenant.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

http::Response show_theme(Visit& visit);
http::Response show_logo(Visit& visit);

}  // namespace web
