// The pages of this room once more below a prefix (S1.1): on the connector's listener `/administration/X` is the page
// `/X`. The page itself does not know: its path, its forms' tokens and its cookies are those of `/X`, and only what it
// sends (addresses in HTML, CSS and Location) gets the prefix. So there is one page with two doors.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/router.hpp"

namespace web {

inline constexpr std::string_view administration = "/administration";

/// Addresses of this server ("/x", not "//x") of a page: in the attributes href, src, action, formaction and those of
/// scripts, and in the refresh of a meta element. What people have written stands in text and in other attributes,
/// where
/// `<` and `"` are escaped, and stays as it is.
std::string lead_below(std::string_view html, std::string_view prefix);
/// The same in url(…) of a stylesheet.
std::string lead_style_below(std::string_view css, std::string_view prefix);
/// The response with all its addresses below the prefix.
http::Response lead_below(http::Response response, std::string_view prefix);

/// The same route below the prefix, on the connector's listener.
http::Route put_below(const http::Route& route, std::string_view prefix);

}  // namespace web
