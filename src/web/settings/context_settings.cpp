// One acting context: who has it, every field, and what a change would do before it is made.
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/context_form.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/contexts";
constexpr auto needed = rights::Permission::manage_contexts;
constexpr rights::Permissions may_see{rights::Permission::manage_contexts, rights::Permission::read_settings};

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}
std::string context_path(const Visit& visit) {
  return std::string(here) + "/" + id_of(visit);
}

/// What the page says besides the state of the context.
struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::vector<std::string> flaws{};
  const ShownContext* typed = nullptr;
  const flow::ContextEffect* effect = nullptr;
  bool is_conflict = false;
  int status = 200;
};

std::string done_text(const Visit& visit, const rights::ActingContext& context) {
  const std::string key = "context_page.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", context_name(visit, context)}}) : std::string();
}

/// What the change would do, as sentences.
std::vector<std::string> say_effects(const Visit& visit, const flow::ContextEffect& effect) {
  std::vector<std::string> said{visit.say("context_page.effect.holders", {{"n", effect.holders}})};
  say_rights_effect(visit, effect.gained, effect.lost, said);
  if (effect.is_narrower) said.push_back(visit.say("context_page.effect.only_way", {{"n", effect.only_way}}));
  if (effect.opens_for_nobody) said.push_back(visit.say("context_page.effect.nobody"));
  said.push_back(visit.say(effect.locks_out_actor ? "settings.effect.locked_out" : "settings.effect.session_stays"));
  return said;
}

void add_question_of_delete(View& view, const Visit& visit, const flow::ContextDetails& details) {
  if (details.holders > 0) return;
  Question question{visit.say("context_page.delete.ask", {{"name", context_name(visit, details.context)}}),
                    visit.say("context_page.delete"),
                    context_path(visit) + "/delete",
                    context_path(visit),
                    {},
                    visit.say("context_page.delete.text")};
  question.is_dangerous = true;
  ask_reason(question, visit);
  add_question(view, visit, std::move(question));
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto details = flow::find_context_details(visit.house, actor, {"", id_of(visit)}, visit.facts.now);
  if (!details) return show_error(visit, details.error());
  const auto roles = flow::list_roles(visit.house, actor, details->tenant.key);
  if (!roles) return show_error(visit, roles.error());
  const ShownContext stored = show_stored(details->context);
  View view;
  view.text("id", id_of(visit)).text("name", context_name(visit, details->context));
  view.text("done", done_text(visit, details->context)).text("problem", said.problem);
  view.text("proof_flaw", said.proof_flaw).text("holders", say_count(visit, details->holders));
  if (reaches_several(visit)) view.text("tenant", details->tenant.name);
  view.text("back", list_of_tenant(visit, here, details->tenant.key));
  view.text("role", say_role(visit, details->context.role, *roles));
  view.text("rights", say_permissions(visit, details->context.of_role.without(rights::personal_permissions)));
  const auto fields = print_fields(visit, stored, *roles);
  for (const auto& [name, value] : fields) {
    if (name == "role") continue;
    view.add("facts").text("label", visit.say("context_page.field." + std::string(name))).text("value", value);
  }
  view.flag("may_change", details->may_change).flag("above", actor.may(needed) && !details->may_change);
  if (details->may_change) {
    add_context_fields(view, visit, said.typed != nullptr ? *said.typed : stored, *roles, said.flaws);
    view.flag("named_by_key", text::has(details->context.name));
    add_was(view, fields);
    view.flag("conflict", said.is_conflict).text("version", std::to_string(details->context.version));
    if (said.is_conflict) add_meanwhile(view, visit, "context_page.field.", fields);
    view.text("csrf_change", make_session_csrf(visit, context_path(visit) + "/change"));
    view.text("csrf_delete", make_session_csrf(visit, context_path(visit) + "/delete"));
    view.flag("held", details->holders > 0);
    if (said.effect != nullptr) {
      add_preview(view, visit,
                  {visit.say("context_page.preview"), say_effects(visit, *said.effect), context_path(visit) + "/change",
                   context_path(visit), !said.effect->locks_out_actor});
    }
    if (visit.query.get("confirm") == "delete") add_question_of_delete(view, visit, *details);
    add_proof(view, visit);
  }
  return show_inside(visit, "context_settings", "context_page.one", here, std::move(view), said.status);
}

}  // namespace

http::Response show_context_settings(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_context_settings(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const flow::ContextOfTenant which{"", id_of(visit)};
  const auto stored = flow::find_context_details(visit.house, actor, which, visit.facts.now);
  if (!stored) return show_error(visit, stored.error());
  const ShownContext typed = read_context_form(visit.form);
  flow::ContextWish wish = make_wish(typed, &stored->context);
  wish.version = read_version(visit);
  if (auto flaws = flow::find_context_flaws(wish); !flaws.empty())
    return show_page(visit, {.flaws = std::move(flaws), .typed = &typed, .status = status_of_flaw});
  const auto effect = flow::preview_context_change(visit.house, actor, which, wish, visit.facts.now);
  if (!effect && effect.error().code == base::Code::conflict)
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  if (!effect) return show_error(visit, effect.error());
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.typed = &typed, .effect = &*effect});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit,
                     {.proof_flaw = visit.say(flaw), .typed = &typed, .effect = &*effect, .status = status_of_flaw});
  const auto changed = flow::change_acting_context(visit.house, *visit.visitor.actor, which, wish, visit.facts);
  if (changed) return redirect(visit, context_path(visit) + "?done=" + std::string(*changed ? "change" : "nothing"));
  if (changed.error().code == base::Code::conflict)
    return show_page(visit,
                     {.problem = visit.say("context_page.refused"), .typed = &typed, .status = status_of_conflict});
  return show_error(visit, changed.error());
}

http::Response submit_context_delete(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, context_path(visit), {"delete"})) return std::move(*question);
  const auto gone = flow::delete_acting_context(visit.house, *visit.visitor.actor, {"", id_of(visit)}, visit.facts);
  if (gone) return redirect(visit, std::string(here) + "?done=delete");
  if (gone.error().code == base::Code::conflict)
    return show_page(visit, {.problem = visit.say("context_page.delete.held"), .status = status_of_conflict});
  return show_error(visit, gone.error());
}

}  // namespace web
