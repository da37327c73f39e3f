// One client system: its certificates, and its password for the mode user name and password. A made password is shown
// once, in the answer that makes it.
#include "flow/system/administer_systems.hpp"
#include "web/administration/pages.hpp"
#include "web/administration/system_words.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"
#include "web/page/proof.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr auto needed = rights::Permission::manage_systems;
constexpr std::string_view password_path = "/admin/systems/password";

struct Said {
  std::string problem{};
  std::vector<identity::PasswordFlaw> flaws{};
  std::string password{};  // that was made
  int status = 200;
};

http::Response show_page(Visit& visit, const std::string& id, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto look = flow::look_at_system(visit.house, actor, id, visit.facts.now);
  if (!look) return show_error(visit, look.error());
  visit.is_shown_once = !said.password.empty();
  View view;
  view.text("done", say_done(visit)).text("problem", said.problem);
  view.flag("flawed", !said.flaws.empty());
  for (const identity::PasswordFlaw& flaw : said.flaws)
    view.add("flaws").text("flaw", say(visit, identity::describe(flaw)));
  view.text("system", look->system.id).text("name", look->system.name).text("tenant", look->tenant);
  view.text("created", say_time(visit, look->system.created_at));
  view.flag("is_suspended", !look->is_active).flag("has_password", look->has_password);
  view.text("account", look->system.account_id.to_string());
  view.flag("sees_account", actor.may(rights::Permission::read_accounts));
  view.text("made_password", said.password);
  for (const auto& one : look->certificates) add_certificate(view.add("certificates"), visit, one);
  view.flag("any_certificate", !look->certificates.empty())
      .text("csrf_password", make_session_csrf(visit, password_path));
  view.text("add_link", std::string(systems_path) + "/certificate?id=" + base::percent_encode(look->system.id));
  add_proof(view, visit);
  return show_inside(visit, "system", "systems.one", systems_path, std::move(view), said.status);
}

}  // namespace

http::Response show_system(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_page(visit, visit.query.get("id"), {});
}

http::Response submit_system_password(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string id = visit.form.get("id");
  visit.kept = {{"id", id}};
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit, id, {.problem = visit.say(flaw), .status = status_of_flaw});
  const base::Secret typed(visit.form.get("new_password"));
  const bool is_made = visit.form.get("make") == "yes";
  if (!is_made && typed.empty())
    return show_page(visit, id, {.problem = visit.say("systems.flaw.password"), .status = status_of_flaw});
  const auto set =
      flow::set_system_password(visit.house, *visit.visitor.actor, id, is_made ? base::Secret() : typed, visit.facts);
  if (!set && set.error().code == base::Code::invalid_input) {
    auto flaws = flow::find_system_password_flaws(visit.house, *visit.visitor.actor, id, typed, visit.facts.now);
    if (!flaws) return show_error(visit, flaws.error());
    return show_page(
        visit, id,
        {.problem = visit.say("systems.flaw.password_weak"), .flaws = std::move(*flaws), .status = status_of_flaw});
  }
  if (!set) return show_error(visit, set.error());
  if (!is_made) return redirect(visit, system_link(id) + "&done=password");
  return show_page(visit, id, {.password = std::string(set->reveal())});
}

}  // namespace web
