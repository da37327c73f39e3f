// The person's second factors: passkeys, authenticator apps, recovery codes, and the switch "always ask for one". What
// weakens or adds one needs a fresh proof (S4.28).
#include <algorithm>
#include <optional>

#include "flow/factor/own_factors.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/factors";
constexpr std::string_view name_path = "/account/factors/name";
constexpr std::string_view remove_path = "/account/factors/remove";
constexpr std::string_view recovery_path = "/account/factors/recovery";
constexpr std::string_view always_path = "/account/factors/always";
constexpr int status_of_refusal = 422;

struct RefusedName {
  std::string id;
  std::string typed;
};

std::string say_factor(const Visit& visit, const flow::OwnFactor& factor) {
  if (!factor.name.empty()) return factor.name;
  return visit.say(factor.kind == identity::FactorKind::totp ? "factors.unnamed_app" : "factors.unnamed_passkey");
}

void add_factor(View& view, const Visit& visit, std::string_view list, const flow::OwnFactor& factor,
                const RefusedName* refused) {
  View& item = view.add(list);
  const std::string id = factor.id.to_string();
  item.text("factor_id", id).text("factor", say_factor(visit, factor)).text("factor_name", factor.name);
  item.flag("synced", factor.is_synced);
  add_moment(item, visit, "added", factor.created_at);
  if (factor.last_used_at) add_moment(item, visit, "used", *factor.last_used_at);
  if (refused == nullptr || refused->id != id) return;
  item.text("typed_name", refused->typed).text("bad_name", visit.say("sessions.name_refused")).flag("open");
}

std::optional<flow::OwnFactor> find_own(const flow::OwnFactors& own, const std::string& id) {
  for (const auto* list : {&own.apps, &own.passkeys}) {
    const auto found =
        std::find_if(list->begin(), list->end(), [&](const flow::OwnFactor& one) { return one.id.to_string() == id; });
    if (found != list->end()) return *found;
  }
  return std::nullopt;
}

/// After a proof: asks once more for what the address names.
void add_asked(View& view, const Visit& visit, const flow::OwnFactors& own) {
  const std::string asked = visit.query.get("confirm");
  const std::string page(here);
  if (asked == "remove") {
    const std::string id = visit.query.get("factor");
    const auto factor = find_own(own, id);
    if (!factor) {
      view.text("done", visit.say("factors.gone"));
      return;
    }
    Question question{visit.say("factors.ask.remove", {{"name", say_factor(visit, *factor)}}),
                      visit.say("factors.remove"),
                      std::string(remove_path),
                      page,
                      {{"factor", id}}};
    question.consequence = visit.say("factors.ask.remove_then");
    question.is_dangerous = true;
    add_question(view, visit, std::move(question));
  } else if (asked == "recovery") {
    Question question{
        visit.say("factors.ask.recovery"), visit.say("factors.recovery_make"), std::string(recovery_path), page, {}};
    if (own.recovery_codes > 0) question.consequence = visit.say("factors.ask.recovery_then");
    add_question(view, visit, std::move(question));
  } else if (asked == "always_on" || asked == "always_off") {
    const bool on = asked == "always_on";
    add_question(view, visit,
                 {visit.say(on ? "factors.ask.always_on" : "factors.ask.always_off"),
                  visit.say(on ? "factors.always_on" : "factors.always_off"),
                  std::string(always_path),
                  page,
                  {{"always", on ? "on" : "off"}}});
  }
}

std::string find_done_text(const Visit& visit) {
  const std::string done = visit.query.get("done");
  for (const std::string_view one : {"added", "passkey_added", "removed", "named", "always_on", "always_off"}) {
    if (done == one) return visit.say("factors.done." + std::string(one));
  }
  return {};
}

http::Response show_page(Visit& visit, const RefusedName* refused, int status) {
  const auto own = flow::list_own_factors(visit.house, *visit.visitor.actor);
  if (!own) return show_error(visit, own.error());
  View view;
  if (std::string done = find_done_text(visit); !done.empty()) view.text("done", std::move(done));
  view.flag("too_many", visit.query.get("refused") == "too_many").flag("gone", visit.query.get("refused") == "gone");
  add_asked(view, visit, *own);
  for (const auto& factor : own->passkeys) add_factor(view, visit, "passkeys", factor, refused);
  for (const auto& factor : own->apps) add_factor(view, visit, "apps", factor, refused);
  view.flag("any_passkey", !own->passkeys.empty()).flag("any_app", !own->apps.empty());
  view.flag("may_add_app", own->apps.size() < identity::most_totp);
  view.flag("may_add_passkey", own->passkeys.size() < identity::most_passkeys);
  view.flag("any_factor", own->may_always).flag("always", own->always);
  if (own->recovery_codes > 0) {
    view.text("recovery_left", visit.say("factors.recovery_left", {{"n", own->recovery_codes}}));
    add_moment(view, visit, "recovery_made", *own->recovery_made_at);
  }
  view.flag("few_codes",
            own->recovery_codes > 0 && own->recovery_codes <= static_cast<std::int64_t>(identity::few_recovery_codes));
  view.text("csrf_name", make_session_csrf(visit, name_path))
      .text("csrf_remove", make_session_csrf(visit, remove_path));
  view.text("csrf_recovery", make_session_csrf(visit, recovery_path));
  view.text("csrf_always", make_session_csrf(visit, always_path));
  return show_inside(visit, "factors", "factors.title", here, std::move(view), status);
}

std::optional<http::Response> ask_for_proof(Visit& visit, const std::string& asked) {
  if (flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return std::nullopt;
  return prove_first(visit, std::string(here) + "?confirm=" + asked);
}

}  // namespace

http::Response show_factors(Visit& visit) {
  return show_page(visit, nullptr, 200);
}

http::Response submit_factor_name(Visit& visit) {
  const auto id = base::Id::parse(visit.form.get("factor"));
  if (!id) return show_error(visit, 404, id.error().reason);
  const std::string typed = visit.form.get("name");
  const auto named = flow::rename_own_factor(visit.house, *visit.visitor.actor, *id, typed, visit.facts);
  if (named) return redirect(visit, std::string(here) + "?done=named");
  if (named.error().code != base::Code::invalid_input) return show_error(visit, named.error());
  const RefusedName refused{id->to_string(), typed};
  return show_page(visit, &refused, status_of_refusal);
}

http::Response submit_factor_removal(Visit& visit) {
  const auto id = base::Id::parse(visit.form.get("factor"));
  if (!id) return show_error(visit, 404, id.error().reason);
  if (auto detour = ask_for_proof(visit, "remove&factor=" + id->to_string())) return std::move(*detour);
  const auto removed = flow::remove_own_factor(visit.house, *visit.visitor.actor, *id, visit.facts);
  if (!removed) return show_error(visit, removed.error());
  return redirect(visit, std::string(here) + "?done=removed");
}

http::Response submit_always(Visit& visit) {
  const bool always = visit.form.get("always") == "on";
  const std::string name = always ? "always_on" : "always_off";
  if (auto detour = ask_for_proof(visit, name)) return std::move(*detour);
  const auto done = flow::set_own_always(visit.house, *visit.visitor.actor, always, visit.facts);
  if (!done) {
    if (done.error().code == base::Code::conflict) return redirect(visit, std::string(here));
    return show_error(visit, done.error());
  }
  return redirect(visit, std::string(here) + "?done=" + name);
}

}  // namespace web
