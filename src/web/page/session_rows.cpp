#include "web/page/session_rows.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/page/browser_summary.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"

namespace web {
namespace {

constexpr std::string_view by_disuse = "unused";

void add_session(View& group, const Visit& visit, const flow::OpenSession& open, bool leads) {
  View& item = group.add("sessions");
  item.text("id", open.session.id.to_string())
      .flag("is_this", open.is_own)
      .flag("leads", leads)
      .text("ip", open.session.ip);
  item.text("end_label", say_device(visit, open));
  add_moment(item, visit, "started", open.session.auth_time);
  add_moment(item, visit, "last_seen", open.session.last_seen);
  std::string purpose = context_name(visit, open.context);
  if (purpose.empty()) purpose = visit.say("sessions.no_context");
  item.text("acting", std::move(purpose));
  item.text("applications", base::join(open.applications, ", "));
}

bool is_same_device(const flow::OpenSession& one, const flow::OpenSession& other) {
  return one.device && other.device && one.device->id == other.device->id;
}

}  // namespace

std::string say_device(const Visit& visit, const std::string& name, std::string_view user_agent) {
  const std::string browser = say_browser(visit.language, user_agent);
  return name.empty() ? browser : name + " (" + browser + ")";
}

std::string say_device(const Visit& visit, const flow::OpenSession& session) {
  return say_device(visit, session.device ? session.device->name : std::string(), session.session.user_agent);
}

std::string say_until(const Visit& visit, std::string_view key, base::Time until) {
  return visit.say(key, {{"day", text::format_date(visit.language, until, visit.house.settings.site.time_zone)}});
}

void add_device(View& item, const Visit& visit, const ShownDevice& device, const RefusedName* refused) {
  const std::string browser = say_browser(visit.language, device.user_agent);
  const bool is_named = !device.name.empty();
  item.text("device", is_named ? device.name : browser).text("browser", is_named ? browser : std::string());
  item.text("trust", device.trust);
  item.text("device_id", device.id).text("device_name", device.name);
  if (refused == nullptr || device.id.empty() || refused->device != device.id) return;
  item.text("typed_name", refused->typed).text("bad_name", visit.say("sessions.name_refused")).flag("open");
}

base::Result<flow::SessionsWish> read_sessions_wish(const Visit& visit) {
  flow::SessionsWish wish;
  wish.language = visit.language;
  ASSIGN_OR_RETURN(wish.page, read_page_wish(visit.query));
  const std::string order = visit.query.get("order");
  if (!order.empty() && order != by_disuse) return base::fail(base::Code::invalid_input, "no such order");
  wish.longest_unused_first = order == by_disuse;
  if (const auto asked = base::Id::parse(visit.query.get("session"))) wish.asked = *asked;
  return wish;
}

void add_sessions(View& view, const Visit& visit, const flow::OpenSessions& open, const SessionsTable& table) {
  view.text("end_path", table.end_path).text("csrf_end", make_session_csrf(visit, table.end_path));
  for (auto at = open.rows.begin(); at != open.rows.end();) {
    const auto end = std::find_if_not(std::next(at), open.rows.end(),
                                      [&](const flow::OpenSession& one) { return is_same_device(one, *at); });
    View& group = view.add("groups");
    ShownDevice device{"", "", at->session.user_agent};
    if (at->device) {
      device = {at->device->id.to_string(), at->device->name, at->device->user_agent,
                say_trust(visit, *at->device, at->session.security_stamp)};
    }
    add_device(group, visit, device, table.refused);
    group.text("rows", std::to_string(std::distance(at, end)));
    for (bool leads = true; at != end; ++at, leads = false) add_session(group, visit, *at, leads);
  }
  const bool is_by_disuse = visit.query.get("order") == by_disuse;
  const ListFilters filters{table.path, {{"order", is_by_disuse ? std::string(by_disuse) : std::string()}}};
  add_pages(view, visit, filters, open.ends);
  // The own session stands first in both orders.
  constexpr std::int64_t least_to_order = 3;
  if (open.ends.count < least_to_order) return;
  view.text("order_link", is_by_disuse ? table.path : table.path + "?order=" + std::string(by_disuse));
  view.text("order_label", visit.say(is_by_disuse ? "sessions.order.used" : "sessions.order.unused"));
}

}  // namespace web
