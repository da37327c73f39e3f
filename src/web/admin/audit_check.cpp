// The check of the audit log's chain (S4.26): a button, and how far the check is, which runs in the background.
#include <algorithm>

#include "flow/audit/check_chain.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/audit/check";

void add_broken(View& view, const Visit& visit, const flow::ChainCheck& check) {
  const std::string what = visit.say("audit.flaw." + check.flaw);
  const bool has_number = check.first_event != 0;
  view.text("broken_text",
            has_number ? visit.say("audit_check.broken") : visit.say("audit_check.broken_head", {{"what", what}}));
  if (has_number) {
    view.text("first_text",
              visit.say("audit_check.first_at", {{"event", std::to_string(check.first_event)}, {"what", what}}));
  }
  view.text("count_text", visit.say("audit_check.count", {{"count", std::to_string(check.flaws)}}));
}

void add_check(View& view, const Visit& visit, const flow::ChainCheck& check) {
  const std::string checked = std::to_string(check.checked);
  const std::string total = std::to_string(std::max(check.total, check.checked));
  using enum flow::CheckState;
  view.flag("any").flag("waiting", check.state == waiting).flag("running", check.state == running);
  view.flag("intact", check.state == intact)
      .flag("broken", check.state == broken)
      .flag("failed", check.state == failed);
  view.text("checked", checked).text("total", total);
  view.text("progress_text", visit.say("audit_check.running", {{"checked", checked}, {"total", total}}));
  view.text("intact_text", visit.say("audit_check.intact", {{"checked", checked}}));
  if (check.state == broken) add_broken(view, visit, check);
  view.text("asked_at", text::format_time(visit.language, check.asked_at, visit.house.settings.site.time_zone));
  view.text("erased", std::to_string(check.erased));
}

http::Response show(Visit& visit, View view, int status = 200) {
  const auto check = flow::find_check(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!check) return show_error(visit, check.error());
  const bool is_open =
      *check && ((*check)->state == flow::CheckState::waiting || (*check)->state == flow::CheckState::running);
  view.flag("none", !*check).flag("open", is_open).flag("over", *check && !is_open).flag("over_or_none", !is_open);
  if (*check) add_check(view, visit, **check);
  view.text("csrf", make_session_csrf(visit, here));
  return show_inside(visit, "audit_check", "audit_check.title", "/admin/audit", std::move(view), status);
}

}  // namespace

http::Response show_audit_check(Visit& visit) {
  constexpr auto needed = rights::Permission::read_audit;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show(visit, View());
}

http::Response submit_audit_check(Visit& visit) {
  constexpr auto needed = rights::Permission::read_audit;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto asked = flow::ask_for_check(visit.house, *visit.visitor.actor, visit.facts);
  if (!asked && asked.error().code == base::Code::conflict) {
    View view;
    view.flag("busy");
    return show(visit, std::move(view), 409);
  }
  if (!asked) return show_error(visit, asked.error());
  return http::Response::redirect(std::string(here));
}

}  // namespace web
