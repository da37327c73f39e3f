// One role of one's own: which contexts and how many accounts it concerns, its permissions, and what a change would do
// before it is made.
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/context_form.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/role_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/roles";
constexpr auto needed = rights::Permission::manage_contexts;
constexpr rights::Permissions may_see{rights::Permission::manage_contexts, rights::Permission::read_settings};

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}
std::string role_path(const Visit& visit) {
  return std::string(here) + "/" + id_of(visit);
}

/// What the page says besides the state of the role.
struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::vector<std::string> flaws{};
  const ShownRole* typed = nullptr;
  const flow::RoleEffect* effect = nullptr;
  bool is_conflict = false;
  int status = 200;
};

std::string done_text(const Visit& visit, const rights::OwnRole& role) {
  const std::string key = "role.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", role.name}}) : std::string();
}

/// What the change would do, as sentences.
std::vector<std::string> say_effects(const Visit& visit, const flow::RoleEffect& effect) {
  std::vector<std::string> said{visit.say("role.effect.contexts", {{"n", effect.contexts}}),
                                visit.say("role.effect.accounts", {{"n", effect.accounts}})};
  say_rights_effect(visit, effect.gained, effect.lost, said);
  said.push_back(visit.say(effect.locks_out_actor ? "settings.effect.locked_out" : "settings.effect.session_stays"));
  return said;
}

void add_question_of_delete(View& view, const Visit& visit, const rights::OwnRole& role) {
  Question question{visit.say("role.delete.ask", {{"name", role.name}}),
                    visit.say("role.delete"),
                    role_path(visit) + "/delete",
                    role_path(visit),
                    {},
                    visit.say("role.delete.text")};
  question.is_dangerous = true;
  ask_reason(question, visit);
  add_question(view, visit, std::move(question));
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto details = flow::find_role_details(visit.house, actor, {"", id_of(visit)}, visit.facts.now);
  if (!details) return show_error(visit, details.error());
  const ShownRole stored = show_stored(details->role);
  View view;
  view.text("id", id_of(visit)).text("name", details->role.name).text("done", done_text(visit, details->role));
  view.text("problem", said.problem).text("proof_flaw", said.proof_flaw);
  view.text("accounts", say_count(visit, details->accounts));
  if (reaches_several(visit)) view.text("tenant", details->tenant.name);
  view.text("back", list_of_tenant(visit, here, details->tenant.key));
  view.text("rights", say_permissions(visit, details->role.permissions.without(rights::personal_permissions)));
  for (const rights::ActingContext& one : details->contexts) {
    view.add("contexts").text("context_id", one.id.to_string()).text("context_name", context_name(visit, one));
  }
  view.flag("is_used", !details->contexts.empty());
  view.flag("may_change", details->may_change).flag("above", actor.may(needed) && !details->may_change);
  if (details->may_change) {
    const auto fields = print_fields(visit, stored);
    add_role_fields(view, visit, said.typed != nullptr ? *said.typed : stored, said.flaws);
    add_was(view, fields);
    view.flag("conflict", said.is_conflict).text("version", std::to_string(details->role.version));
    if (said.is_conflict) add_meanwhile(view, visit, "role.field.", fields);
    view.text("csrf_change", make_session_csrf(visit, role_path(visit) + "/change"));
    view.text("csrf_delete", make_session_csrf(visit, role_path(visit) + "/delete"));
    if (said.effect != nullptr) {
      add_preview(view, visit,
                  {visit.say("context_page.preview"), say_effects(visit, *said.effect), role_path(visit) + "/change",
                   role_path(visit), !said.effect->locks_out_actor});
    }
    if (visit.query.get("confirm") == "delete" && details->contexts.empty()) {
      add_question_of_delete(view, visit, details->role);
    }
    add_proof(view, visit);
  }
  return show_inside(visit, "role", "role.one", here, std::move(view), said.status);
}

}  // namespace

http::Response show_role(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_role_change(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const flow::RoleOfTenant which{"", id_of(visit)};
  const ShownRole typed = read_role_form(visit.form);
  flow::RoleWish wish = make_wish(typed);
  wish.version = read_version(visit);
  const auto effect = flow::preview_role_change(visit.house, actor, which, wish, visit.facts.now);
  if (!effect && effect.error().code == base::Code::conflict)
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  if (!effect && effect.error().code == base::Code::invalid_input)
    return show_page(visit, {.flaws = {"name"}, .typed = &typed, .status = status_of_flaw});
  if (!effect) return show_error(visit, effect.error());
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.typed = &typed, .effect = &*effect});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit,
                     {.proof_flaw = visit.say(flaw), .typed = &typed, .effect = &*effect, .status = status_of_flaw});
  const auto changed = flow::change_role(visit.house, *visit.visitor.actor, which, wish, visit.facts);
  if (changed) return redirect(visit, role_path(visit) + "?done=" + std::string(*changed ? "change" : "nothing"));
  if (changed.error().code == base::Code::conflict)
    return show_page(visit, {.problem = visit.say("role.refused"), .typed = &typed, .status = status_of_conflict});
  return show_error(visit, changed.error());
}

http::Response submit_role_delete(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, role_path(visit), {"delete"})) return std::move(*question);
  const auto gone = flow::delete_role(visit.house, *visit.visitor.actor, {"", id_of(visit)}, visit.facts);
  if (gone) return redirect(visit, std::string(here) + "?done=delete");
  if (gone.error().code == base::Code::conflict)
    return show_page(visit, {.problem = visit.say("role.delete.used"), .status = status_of_conflict});
  return show_error(visit, gone.error());
}

}  // namespace web
