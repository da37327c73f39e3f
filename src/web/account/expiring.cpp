// The warning before the automatic logout, for browsers without script. A page refreshes to it some time before the
// session ends, and it refreshes to /logout/expired. It does not extend the session; the link back does.
#include <algorithm>

#include "base/bytes.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/attempt.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_expiring(Visit& visit) {
  const rights::Session* session = visit.visitor.session();
  std::string next = visit.query.get("next");
  if (!flow::is_local_path(next)) next = "/account";
  if (session == nullptr) return redirect(visit, "/logout/expired?next=" + base::percent_encode(next));
  const base::Time end = std::min(session->idle_until, session->absolute_until);
  // One second more than is left, so that the session has ended when the browser follows.
  const auto left = std::chrono::ceil<std::chrono::seconds>(end - visit.facts.now).count() + 1;
  View view;
  view.text("next_encoded", base::percent_encode(next))
      .text("next", std::move(next))
      .text("seconds_left", std::to_string(left));
  view.text("session_end", text::format_clock(visit.language, end, visit.house.settings.site.time_zone));
  view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  return show_entry(visit, "expiring", "expiring.title", std::move(view));
}

}  // namespace web
