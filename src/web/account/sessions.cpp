// The person's own sessions and known devices: list them, end one session or all others, name or forget a device.
#include <algorithm>
#include <optional>

#include "flow/login/own_sessions.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/proof.hpp"
#include "web/page/session_rows.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/sessions";
constexpr std::string_view end_path = "/account/sessions/end";
constexpr std::string_view others_path = "/account/sessions/end-others";
constexpr std::string_view name_path = "/account/sessions/name";
constexpr std::string_view forget_path = "/account/sessions/forget";
constexpr int status_of_refusal = 422;

/// What the page shows besides the list.
struct Shown {
  std::string done{};
  const RefusedName* refused = nullptr;
};

base::Result<std::optional<flow::OwnDevice>> find_device(const Visit& visit, const std::string& id) {
  ASSIGN_OR_RETURN(auto devices, flow::list_own_devices(visit.house, *visit.visitor.actor, visit.facts));
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [&](const flow::OwnDevice& own) { return own.device.id.to_string() == id; });
  if (found == devices.end()) return std::nullopt;
  return std::optional(std::move(*found));
}

/// After a proof: asks whether to forget the device that the address names. If it is forgotten already, the page says
/// so.
base::Result<void> add_asked_device(View& view, const Visit& visit) {
  const std::string id = visit.query.get("device");
  ASSIGN_OR_RETURN(const auto found, find_device(visit, id));
  if (!found) {
    view.text("done", visit.say("sessions.none_forgotten"));
    return {};
  }
  add_question(view, visit,
               {say_use(visit, "sessions.ask.device", say_device(visit, found->device.name, found->device.user_agent),
                        found->device.last_seen),
                visit.say("sessions.forget"),
                std::string(forget_path),
                std::string(here),
                {{"device", id}}});
  return {};
}

/// After a proof: asks whether to end what the address names. If it has ended meanwhile, the page says so.
void add_asked(View& view, const Visit& visit, const flow::OpenSessions& open) {
  const std::string asked = visit.query.get("confirm");
  const std::string page(here);
  if (asked == "others" && open.ends.count > 1) {
    add_question(
        view, visit,
        {visit.say("sessions.ask.others"), visit.say("sessions.end_others"), std::string(others_path), page, {}});
  } else if (asked == "one" && open.asked && !open.asked->is_own) {
    add_question(view, visit,
                 {say_use(visit, "sessions.ask.one", say_device(visit, *open.asked), open.asked->session.last_seen),
                  visit.say("sessions.end_one"),
                  std::string(end_path),
                  page,
                  {{"session", open.asked->session.id.to_string()}}});
  } else if (asked == "one" || asked == "others") {
    view.text("done", visit.say("sessions.none_ended"));
  }
}

base::Result<std::string> find_done_text(const Visit& visit) {
  const std::string done = visit.query.get("done");
  if (done == "ended") return visit.say("sessions.ended");
  if (done == "forgotten") return visit.say("sessions.forgotten");
  if (done != "named") return std::string();
  ASSIGN_OR_RETURN(const auto device, find_device(visit, visit.query.get("device")));
  if (!device) return std::string();
  return device->device.name.empty() ? visit.say("sessions.unnamed")
                                     : visit.say("sessions.named", {{"name", device->device.name}});
}

void add_idle_devices(View& view, const Visit& visit, const flow::OpenSessions& open, const RefusedName* refused) {
  for (const auto& device : open.idle_devices) {
    View& item = view.add("devices");
    add_device(item, visit,
               {device.id.to_string(), device.name, device.user_agent,
                say_trust(visit, device, visit.visitor.holder()->security_stamp)},
               refused);
    add_moment(item, visit, "first_seen", device.created_at);
    add_moment(item, visit, "last_seen", device.last_seen);
  }
  view.flag("any_device", !open.idle_devices.empty());
}

http::Response show_page(Visit& visit, Shown shown, int status = 200) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto wish = read_sessions_wish(visit);
  if (!wish) return show_error(visit, wish.error());
  const auto open = flow::list_own_sessions(visit.house, actor, *wish, visit.facts.now);
  if (!open) return show_error(visit, open.error());
  View view;
  if (!shown.done.empty()) view.text("done", std::move(shown.done));
  if (visit.query.get("confirm") == "device") {
    if (const auto asked = add_asked_device(view, visit); !asked) return show_error(visit, asked.error());
  } else {
    add_asked(view, visit, *open);
  }
  add_sessions(view, visit, *open, {std::string(here), std::string(end_path), shown.refused});
  add_idle_devices(view, visit, *open, shown.refused);
  view.flag("others", open->ends.count > 1).flag("may_name");
  view.text("csrf_others", make_session_csrf(visit, others_path));
  view.text("csrf_name", make_session_csrf(visit, name_path));
  view.text("csrf_forget", make_session_csrf(visit, forget_path));
  return show_inside(visit, "sessions", "sessions.title", "/account/sessions", std::move(view), status);
}

/// The proof comes first, so that a person with a stolen session cannot lock the owner out (ASVS 5.0 7.5.2). `asked`:
/// the query of the page that asks again after the proof.
std::optional<http::Response> ask_for_proof(Visit& visit, const std::string& asked) {
  if (flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return std::nullopt;
  return prove_first(visit, std::string(here) + "?confirm=" + asked);
}

}  // namespace

http::Response show_sessions(Visit& visit) {
  auto done = find_done_text(visit);
  if (!done) return show_error(visit, done.error());
  return show_page(visit, {.done = std::move(*done)});
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
  return show_page(visit, {.done = visit.say("sessions.ended_others", {{"n", static_cast<std::int64_t>(*ended)}})});
}

http::Response submit_device_name(Visit& visit) {
  const auto id = base::Id::parse(visit.form.get("device"));
  if (!id) return show_error(visit, 404, id.error().reason);
  const std::string typed = visit.form.get("name");
  const auto named = flow::name_own_device(visit.house, *visit.visitor.actor, *id, typed, visit.facts);
  if (named) return redirect(visit, std::string(here) + "?done=named&device=" + id->to_string());
  if (named.error().code != base::Code::invalid_input) return show_error(visit, named.error());
  const RefusedName refused{id->to_string(), typed};
  return show_page(visit, {.refused = &refused}, status_of_refusal);
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
