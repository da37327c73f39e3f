// How long the session lasts, as JSON for the script of the pages. GET does not extend the session, POST does.
#include <algorithm>

#include "base/json.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_session(Visit& visit) {
  const rights::Session* session = visit.visitor.session();
  if (session == nullptr) return http::Response::json(base::JsonObject().flag("logged_in", false).finish());
  const base::Time end = std::min(session->idle_until, session->absolute_until);
  const auto left = std::chrono::ceil<std::chrono::seconds>(end - visit.facts.now).count();
  base::JsonObject body;
  body.flag("logged_in", true).number("seconds_left", left);
  body.text("end", text::format_clock(visit.language, end, visit.house.settings.site.time_zone));
  return http::Response::json(body.finish());
}

}  // namespace web
