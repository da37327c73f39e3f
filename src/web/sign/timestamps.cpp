// Time stamps as their administrator sees them (S4.24): the authority, the clock, numbers, limits, figures of each day,
// and where the stamps of signatures made here come from. Nothing is changed here.
#include "flow/house/site_settings.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/sign/pages.hpp"

namespace web {
namespace {

constexpr auto needed = rights::Permission::manage_authorities;
constexpr std::string_view menu = "/admin/signatures";

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

/// Days are those of UTC, as the time of a stamp is.
std::string print_day(base::Time begin) {
  return base::to_rfc3339(begin).substr(0, 10);
}

void add_authorities(View& view, const Visit& visit, const flow::TimestampLook& look) {
  view.flag("any_authority", !look.authorities.empty()).text("reserved", std::to_string(look.reserved));
  for (const auto& row : look.authorities) {
    View& item = view.add("authorities");
    item.text("subject", row.subject).text("until", say_time(visit, row.not_after));
    item.text("place", row.token.empty() ? visit.say("signing.backend.software") : row.token);
    item.text("authority_state", visit.say("signatures.stamps." + row.state)).flag("resting", row.state != "active");
  }
  if (look.last_at) view.text("last_stamp", say_time(visit, *look.last_at));
}

void add_node(View& view, const Visit& visit, const flow::TimestampNode& node) {
  view.text("access", visit.say("stamps.access." + node.access)).text("policy", node.policy);
  view.text("each_minute", std::to_string(node.each_minute));
  view.text("each_minute_of_network", std::to_string(node.each_minute_of_network));
  view.text("accuracy", visit.say("stamps.milliseconds", {{"n", static_cast<std::int64_t>(node.accuracy.count())}}));
  view.text("clock", visit.say("stamps.clock." + node.clock)).flag("clock_bad", node.clock != "none");
  view.flag("has_block", node.next_serial > 0).text("next_serial", std::to_string(node.next_serial));
  view.text("serials_left", std::to_string(node.serials_left));
  view.flag("any_day", !node.days.empty()).flag("any_source", !node.sources.empty());
  for (const flow::StampDay& one : node.days) {
    View& item = view.add("days");
    item.text("day", print_day(one.begin)).text("issued", std::to_string(one.issued));
    item.text("rejected", std::to_string(one.rejected)).text("refused", std::to_string(one.refused));
    item.text("mistrusted", std::to_string(one.mistrusted));
  }
  for (const auto& one : node.sources) {
    View& item = view.add("sources");
    item.text("source", one.name == "own" ? visit.say("stamps.source.own") : one.name);
    const bool has_failed = one.answer && !one.answer->failure.empty();
    const char* const key = !one.answer  ? "stamps.answer.none"
                            : has_failed ? "stamps.answer.failed"
                                         : "stamps.answer.given";
    item.text("answer", visit.say(key)).flag("failed", has_failed);
    if (one.answer) item.text("answered_at", say_time(visit, one.answer->at)).text("failure", one.answer->failure);
  }
}

}  // namespace

http::Response show_timestamps(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const auto look = flow::look_at_timestamps(visit.house, actor);
  if (!look) return show_error(visit, look.error());
  View view;
  add_authorities(view, visit, *look);
  view.flag("to_signatures", actor.may(rights::Permission::manage_credentials));
  if (visit.house.timestamps != nullptr) {
    const auto node = flow::look_at_timestamp_node(visit.house, actor, flow::read_clocks());
    if (!node) return show_error(visit, node.error());
    add_node(view, visit, *node);
  }
  return show_inside(visit, "timestamps", "stamps.title", menu, std::move(view), 200);
}

}  // namespace web
