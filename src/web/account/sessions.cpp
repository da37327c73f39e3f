// The person's own sessions and known devices: list them, end one session or all others, forget a device.
#include <algorithm>
#include <optional>

#include "flow/house/site_settings.hpp"
#include "flow/login/own_sessions.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/browser_summary.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/sessions";
constexpr std::string_view end_path = "/account/sessions/end";
constexpr std::string_view others_path = "/account/sessions/end-others";
constexpr std::string_view forget_path = "/account/sessions/forget";

void add_session(View& view, const Visit& visit, const flow::OwnSession& own) {
  const std::string& zone = visit.house.settings.site.time_zone;
  View& item = view.add("sessions");
  item.text("id", own.session.id.to_string()).flag("is_this", own.is_this);
  item.text("browser", say_browser(visit.language, own.session.user_agent)).text("ip", own.session.ip);
  item.text("started", text::format_time(visit.language, own.session.auth_time, zone));
  item.text("last_seen", text::format_time(visit.language, own.session.last_seen, zone));
  item.text("acting", text::has(own.context) ? visit.say(own.context) : own.context);
  std::string applications;
  for (const std::string& name : own.applications) applications.append(applications.empty() ? "" : ", ").append(name);
  item.text("applications", std::move(applications));
}

void add_device(View& view, const Visit& visit, const flow::OwnDevice& own) {
  const std::string& zone = visit.house.settings.site.time_zone;
  View& item = view.add("devices");
  item.text("id", own.device.id.to_string()).flag("is_this", own.is_this);
  item.text("browser", say_browser(visit.language, own.device.user_agent));
  item.text("first_seen", text::format_time(visit.language, own.device.created_at, zone));
  item.text("last_seen", text::format_time(visit.language, own.device.last_seen, zone));
}

/// After a proof: asks whether to forget the device that the address names. If it is forgotten already, the page says
/// so.
void add_asked_device(View& view, const Visit& visit, const std::vector<flow::OwnDevice>& devices) {
  const std::string id = visit.query.get("device");
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [&](const flow::OwnDevice& own) { return own.device.id.to_string() == id; });
  if (found == devices.end()) {
    view.text("done", visit.say("sessions.none_forgotten"));
    return;
  }
  add_question(view, visit,
               {say_use(visit, "sessions.ask.device", found->device.user_agent, found->device.last_seen),
                visit.say("sessions.forget"),
                std::string(forget_path),
                std::string(here),
                {{"device", id}}});
}

/// After a proof: asks whether to end the session that the address names. If it has ended meanwhile, the page says so.
void add_asked(View& view, const Visit& visit, const std::vector<flow::OwnSession>& sessions) {
  const std::string asked = visit.query.get("confirm");
  const std::string page(here);
  if (asked == "others" && sessions.size() > 1) {
    add_question(
        view, visit,
        {visit.say("sessions.ask.others"), visit.say("sessions.end_others"), std::string(others_path), page, {}});
  } else if (asked == "one") {
    const std::string id = visit.query.get("session");
    const auto found = std::find_if(sessions.begin(), sessions.end(), [&](const flow::OwnSession& own) {
      return !own.is_this && own.session.id.to_string() == id;
    });
    if (found == sessions.end()) {
      view.text("done", visit.say("sessions.none_ended"));
      return;
    }
    add_question(view, visit,
                 {say_use(visit, "sessions.ask.one", found->session.user_agent, found->session.last_seen),
                  visit.say("sessions.end"),
                  std::string(end_path),
                  page,
                  {{"session", id}}});
  } else if (asked == "others") {
    view.text("done", visit.say("sessions.none_ended"));
  }
}

std::string done_text(const Visit& visit) {
  const std::string done = visit.query.get("done");
  if (done == "ended") return visit.say("sessions.ended");
  if (done == "forgotten") return visit.say("sessions.forgotten");
  return {};
}

http::Response show_page(Visit& visit, std::string done) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto sessions = flow::list_own_sessions(visit.house, actor, visit.facts.now);
  if (!sessions) return show_error(visit, sessions.error());
  const auto devices = flow::list_own_devices(visit.house, actor, visit.facts);
  if (!devices) return show_error(visit, devices.error());
  View view;
  if (!done.empty()) view.text("done", std::move(done));
  if (visit.query.get("confirm") == "device") {
    add_asked_device(view, visit, *devices);
  } else {
    add_asked(view, visit, *sessions);
  }
  for (const flow::OwnSession& own : *sessions) add_session(view, visit, own);
  view.flag("others", sessions->size() > 1);
  for (const flow::OwnDevice& own : *devices) add_device(view, visit, own);
  view.flag("any_device", !devices->empty());
  view.text("csrf_end", make_session_csrf(visit, end_path));
  view.text("csrf_others", make_session_csrf(visit, others_path));
  view.text("csrf_forget", make_session_csrf(visit, forget_path));
  return show_inside(visit, "sessions", "sessions.title", "/account/sessions", std::move(view));
}

/// The proof comes first, so that a person with a stolen session cannot lock the owner out (ASVS 5.0 7.5.2). `asked`:
/// the query of the page that asks again after the proof.
std::optional<http::Response> ask_for_proof(Visit& visit, const std::string& asked) {
  if (flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return std::nullopt;
  return prove_first(visit, std::string(here) + "?confirm=" + asked);
}

}  // namespace

http::Response show_sessions(Visit& visit) {
  return show_page(visit, done_text(visit));
}

http::Response submit_end_session(Visit& visit) {
  const auto id = base::Id::parse(visit.form.get("session"));
  if (!id) return show_error(visit, 404, id.error().reason);
  if (auto detour = ask_for_proof(visit, "one&session=" + id->to_string())) return std::move(*detour);
  const auto ended = flow::end_own_session(visit.house, *visit.visitor.actor, *id, visit.facts);
  if (!ended) return show_error(visit, ended.error());
  return redirect(visit, "/account/sessions?done=ended");
}

http::Response submit_end_other_sessions(Visit& visit) {
  if (auto detour = ask_for_proof(visit, "others")) return std::move(*detour);
  const auto ended = flow::end_other_sessions(visit.house, *visit.visitor.actor, visit.facts);
  if (!ended) return show_error(visit, ended.error());
  return show_page(visit, visit.say("sessions.ended_others", {{"n", static_cast<std::int64_t>(*ended)}}));
}

http::Response submit_forget_device(Visit& visit) {
  const auto id = base::Id::parse(visit.form.get("device"));
  if (!id) return show_error(visit, 404, id.error().reason);
  if (auto detour = ask_for_proof(visit, "device&device=" + id->to_string())) return std::move(*detour);
  const auto forgotten = flow::forget_own_device(visit.house, *visit.visitor.actor, *id, visit.facts);
  if (!forgotten) return show_error(visit, forgotten.error());
  return redirect(visit, "/account/sessions?done=forgotten");
}

}  // namespace web
