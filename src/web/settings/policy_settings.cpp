// One password policy: its rules, where it is bound, and what a change would do for whom before it is made.
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"
#include "web/page/proof.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/policy_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/policies";
constexpr auto needed = rights::Permission::manage_policies;
constexpr rights::Permissions may_see{rights::Permission::manage_policies, rights::Permission::read_settings};

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}
std::string policy_path(const Visit& visit) {
  return std::string(here) + "/" + id_of(visit);
}

/// What the page says besides the state of the policy.
struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::vector<std::string> flaws{};
  const ShownRules* typed = nullptr;
  const flow::PolicyEffect* effect = nullptr;
  std::string_view act = "change";  // that the effect is of: "change", "bind", "unbind"
  bool is_conflict = false;
  int status = 200;
};

/// What the change would do, as sentences.
std::vector<std::string> say_effects(const Visit& visit, const flow::PolicyEffect& effect) {
  std::vector<std::string> said{visit.say("policies.effect.before", {{"n", effect.accounts_before}}),
                                visit.say("policies.effect.after", {{"n", effect.accounts_after}}),
                                visit.say("policies.effect.expire", {{"n", effect.must_change}})};
  if (effect.is_must_change_least) {
    said.push_back(visit.say("policies.effect.examined", {{"n", flow::examined_passwords}}));
  }
  said.push_back(visit.say("policies.effect.judged"));
  if (const std::string rules = say_rules(visit, effect.stricter); !rules.empty()) {
    said.push_back(visit.say("policies.effect.stricter", {{"rules", rules}}));
  }
  if (const std::string rules = say_rules(visit, effect.weaker); !rules.empty()) {
    said.push_back(visit.say("policies.effect.weaker", {{"rules", rules}}));
  }
  return said;
}

void add_places(View& view, const Visit& visit, std::string_view list, const std::vector<flow::PolicyPlace>& places) {
  for (const flow::PolicyPlace& one : places) {
    view.add(list).text("place", one.to_text()).text("place_label", say_place(visit, one));
  }
}

std::string done_text(const Visit& visit, const std::string& name) {
  const std::string key = "policies.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", name}}) : std::string();
}

/// The fields in words, for comparing two states.
PrintedFields print_fields(const ShownRules& rules) {
  return rules;
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto details = flow::find_policy_details(visit.house, actor, id_of(visit), visit.facts.now);
  if (!details) return show_error(visit, details.error());
  const identity::PasswordPolicy& policy = details->stored.policy;
  const ShownRules stored = show_rules(policy);
  View view;
  view.text("id", id_of(visit)).text("name", policy.name).text("done", done_text(visit, policy.name));
  view.text("problem", said.problem).text("proof_flaw", said.proof_flaw);
  view.text("accounts", say_count(visit, details->accounts));
  if (reaches_several(visit)) view.text("tenant", details->tenant.name);
  view.text("back", list_of_tenant(visit, here, details->tenant.key));
  add_policy(view, visit, policy);
  add_places(view, visit, "bound", details->bound);
  add_places(view, visit, "open", details->open);
  view.flag("is_bound", !details->bound.empty()).flag("may_change", actor.may(needed));
  if (actor.may(needed)) {
    add_rule_fields(view, visit, said.typed != nullptr ? *said.typed : stored, said.flaws);
    const PrintedFields fields = print_fields(stored);
    add_was(view, fields);
    view.flag("conflict", said.is_conflict).text("version", std::to_string(policy.version));
    if (said.is_conflict) add_meanwhile(view, visit, "policies.rule.", fields);
    view.text("csrf_change", make_session_csrf(visit, policy_path(visit) + "/change"));
    view.text("csrf_bind", make_session_csrf(visit, policy_path(visit) + "/bind"));
    view.text("csrf_unbind", make_session_csrf(visit, policy_path(visit) + "/unbind"));
    if (said.effect != nullptr) {
      add_preview(view, visit,
                  {visit.say("context_page.preview"), say_effects(visit, *said.effect),
                   policy_path(visit) + "/" + std::string(said.act), policy_path(visit)});
    }
    add_proof(view, visit);
  }
  return show_inside(visit, "policy_settings", "policies.one", here, std::move(view), said.status);
}

/// Shows what binding or unbinding would do, and with "confirmed" does it.
http::Response change_binding(Visit& visit, bool is_bound) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string place = visit.form.get("place");
  flow::PolicyPlan plan{id_of(visit)};
  (is_bound ? plan.bind : plan.unbind) = place;
  const std::string_view act = is_bound ? "bind" : "unbind";
  const auto effect = flow::preview_policy(visit.house, *visit.visitor.actor, plan, visit.facts.now);
  if (!effect) return show_error(visit, effect.error());
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.effect = &*effect, .act = act});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit, {.proof_flaw = visit.say(flaw), .effect = &*effect, .act = act, .status = status_of_flaw});
  const auto changed = flow::bind_policy_at(visit.house, *visit.visitor.actor, plan, visit.facts);
  if (!changed) return show_error(visit, changed.error());
  return redirect(visit, policy_path(visit) + "?done=" + std::string(act));
}

}  // namespace

http::Response show_policy_settings(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_policy_settings(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const auto stored = flow::find_policy_details(visit.house, actor, id_of(visit), visit.facts.now);
  if (!stored) return show_error(visit, stored.error());
  const ShownRules typed = read_rules(visit.form);
  const flow::PolicyRules changes = find_changes(typed, show_rules(stored->stored.policy));
  flow::PolicyPlan plan{id_of(visit)};
  plan.rules = changes;
  plan.version = read_version(visit);
  const auto effect = flow::preview_policy(visit.house, actor, plan, visit.facts.now);
  if (!effect && effect.error().code == base::Code::conflict)
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  if (!effect) return show_error(visit, effect.error());
  if (!effect->mistakes.empty())
    return show_page(visit, {.flaws = effect->mistakes, .typed = &typed, .status = status_of_flaw});
  if (changes.empty()) return redirect(visit, policy_path(visit) + "?done=nothing");
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.typed = &typed, .effect = &*effect});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit,
                     {.proof_flaw = visit.say(flaw), .typed = &typed, .effect = &*effect, .status = status_of_flaw});
  flow::PolicyWish wish{stored->stored.policy.name, {}, changes, stored->tenant.key};
  wish.version = plan.version;
  const auto changed = flow::set_policy(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (changed) return redirect(visit, policy_path(visit) + "?done=change");
  if (changed.error().code == base::Code::conflict)
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  return show_error(visit, changed.error());
}

http::Response submit_policy_bind(Visit& visit) {
  return change_binding(visit, true);
}
http::Response submit_policy_unbind(Visit& visit) {
  return change_binding(visit, false);
}

}  // namespace web
