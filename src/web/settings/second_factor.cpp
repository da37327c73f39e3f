// Who must use a second factor, and which counts (S3.4, S3.5, S3.11): the rule of one organisation, with whom it would
// shut out before it is in force.
#include <algorithm>
#include <array>
#include <set>

#include "base/words.hpp"
#include "flow/audit/csv_field.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "rights/factor_policy.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/second-factor";
constexpr auto needed = rights::Permission::manage_policies;
constexpr rights::Permissions may_see{rights::Permission::manage_policies, rights::Permission::read_settings};
constexpr std::array<std::string_view, 2> whole_logins{"passkey", "certificate"};
constexpr std::array<std::string_view, 2> enrol_methods{"totp", "passkey"};
constexpr std::array<std::string_view, 3> days_rules{"first_step_days", "second_step_days", "grace_days"};
constexpr std::size_t named_on_page = 20;

/// The fields of the form, as stored or as typed.
struct Shown {
  std::string scope;
  std::set<std::string> groups;  // ids
  std::map<std::string, std::string> rules;
};

Shown show_stored(const flow::FactorRule& rule) {
  Shown shown;
  shown.scope = name_of(rule.scope);
  for (const flow::RuleGroup& group : rule.groups) {
    if (group.is_chosen) shown.groups.insert(group.id.to_string());
  }
  shown.rules = rights::to_map(rule.policy);
  shown.rules.erase("name");
  return shown;
}

std::string join_checked(const http::Form& form, std::string_view prefix, const std::vector<std::string>& names) {
  std::vector<std::string> checked;
  for (const std::string& name : names) {
    if (form.get(std::string(prefix) + name) == "yes") checked.push_back(name);
  }
  return base::join(checked, " ");
}

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const rights::ProofMethod one : rights::second_step_methods()) names.emplace_back(rights::name_of(one));
  return names;
}

Shown read_form(const http::Form& form, const flow::FactorRule& rule) {
  Shown shown;
  shown.scope = form.get("who");
  for (const flow::RuleGroup& group : rule.groups) {
    if (form.get("group_" + group.id.to_string()) == "yes") shown.groups.insert(group.id.to_string());
  }
  shown.rules["methods"] = join_checked(form, "method_", method_names());
  shown.rules["whole_logins"] = join_checked(form, "whole_", {whole_logins.begin(), whole_logins.end()});
  shown.rules["enrol_methods"] = join_checked(form, "enrol_", {enrol_methods.begin(), enrol_methods.end()});
  shown.rules["exempts_internal"] = form.get("exempts_internal") == "yes" ? "true" : "false";
  shown.rules["internal"] = form.get("internal");
  for (const std::string_view rule_name : days_rules) shown.rules[std::string(rule_name)] = form.get(rule_name);
  return shown;
}

/// What the page says besides the state of the rule.
struct Said {
  const Shown* typed = nullptr;
  const flow::FactorRuleEffect* effect = nullptr;
  std::vector<std::string> flaws{};  // names of rules
  std::string proof_flaw{};
  bool is_conflict = false;
  int status = 200;
};

void add_fields(View& view, const Visit& visit, const flow::FactorRule& rule, const Said& said, const Shown& shown) {
  const auto has_flaw = [&](std::string_view name) {
    return std::find(said.flaws.begin(), said.flaws.end(), name) != said.flaws.end();
  };
  for (const std::string_view scope : {"nobody", "groups", "everybody"}) {
    View& item = view.add("scopes");
    item.text("scope", std::string(scope)).flag("scope_chosen", shown.scope == scope);
    item.text("scope_label", visit.say("second_factor.who." + std::string(scope)));
  }
  for (const flow::RuleGroup& group : rule.groups) {
    View& item = view.add("groups");
    item.text("group_id", group.id.to_string()).text("group_name", group.name);
    item.flag("group_checked", shown.groups.contains(group.id.to_string()));
  }
  view.flag("no_groups", rule.groups.empty()).flag("flaw_groups", has_flaw("groups"));
  for (const std::string& method : method_names()) {
    View& item = view.add("methods");
    item.text("method", method).text("method_label", visit.say("second_factor.method." + method));
    item.flag("method_checked", base::has_word(shown.rules.at("methods"), method));
  }
  view.flag("flaw_methods", has_flaw("methods")).flag("flaw_internal", has_flaw("internal"));
  for (const std::string_view whole : whole_logins) {
    View& item = view.add("wholes");
    item.text("whole", std::string(whole)).text("whole_label", visit.say("second_factor.whole." + std::string(whole)));
    item.flag("whole_checked", base::has_word(shown.rules.at("whole_logins"), whole));
  }
  for (const std::string_view method : enrol_methods) {
    View& item = view.add("enrols");
    item.text("enrol", std::string(method))
        .text("enrol_label", visit.say("second_factor.enrol." + std::string(method)));
    item.flag("enrol_checked", base::has_word(shown.rules.at("enrol_methods"), method));
  }
  view.flag("exempts_internal", shown.rules.at("exempts_internal") == "true");
  std::string internal = shown.rules.at("internal");
  if (said.typed == nullptr) std::replace(internal.begin(), internal.end(), ' ', '\n');
  view.text("internal", internal);
  for (const std::string_view name : days_rules) {
    View& item = view.add("days");
    item.text("rule", std::string(name)).text("value", shown.rules.at(std::string(name)));
    item.text("label", visit.say("second_factor.rule." + std::string(name)));
    item.text("hint", visit.say("second_factor.hint." + std::string(name))).flag("flaw", has_flaw(name));
  }
  view.flag("flawed", !said.flaws.empty());
  for (const std::string& flaw : said.flaws) {
    const std::string key = "second_factor.flaw." + flaw;
    View& item = view.add("flaws");
    // Its way out is a number of days.
    item.text("href", flaw == "own_account" ? "#grace_days" : "#" + flaw)
        .text("sentence", text::has(key) ? visit.say(key) : flaw);
  }
}

std::vector<std::string> say_effects(const Visit& visit, const flow::FactorRuleEffect& effect, bool is_everybody) {
  std::vector<std::string> said{visit.say("second_factor.effect.asked", {{"n", effect.asked}})};
  if (is_everybody) said.push_back(visit.say("second_factor.effect.external"));
  said.push_back(visit.say("second_factor.effect.without", {{"n", effect.without}}));
  if (effect.to_set_up > 0) said.push_back(visit.say("second_factor.effect.to_set_up", {{"n", effect.to_set_up}}));
  if (effect.asked > static_cast<std::int64_t>(flow::most_looked_at)) {
    said.push_back(visit.say("second_factor.effect.looked_at"));
  }
  return said;
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const bool is_sent = visit.request.method == http::Method::post;
  const std::string tenant = (is_sent ? visit.form : visit.query).get("tenant");
  const auto rule = flow::find_factor_rule(visit.house, actor, tenant);
  if (!rule) return show_error(visit, rule.error());
  const Shown stored = show_stored(*rule);
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", tenant).flag("from_above", rule->is_from_above).flag("may_change", actor.may(needed));
  view.flag("done", visit.query.get("done") == "change").text("proof_flaw", said.proof_flaw);
  view.text("now", visit.say("second_factor.who." + stored.scope));
  add_fields(view, visit, *rule, said, said.typed != nullptr ? *said.typed : stored);
  if (actor.may(needed)) {
    view.flag("conflict", said.is_conflict).text("version", std::to_string(rule->policy.version));
    view.text("csrf_change", make_session_csrf(visit, here));
    if (said.effect != nullptr) {
      add_preview(view, visit,
                  {visit.say("context_page.preview"),
                   say_effects(visit, *said.effect, said.typed != nullptr && said.typed->scope == "everybody"),
                   std::string(here), std::string(here)});
      for (const flow::ShutOut& one : said.effect->shut_out) {
        View& item = view.add("shut_out");
        item.text("id", one.id.to_string()).text("login", one.login).text("name", one.name);
        item.flag("external", one.is_external);
      }
      view.flag("has_shut_out", !said.effect->shut_out.empty());
      view.flag("may_name", actor.may(rights::Permission::read_accounts)).flag("has_without", said.effect->without > 0);
      view.flag("has_more", said.effect->without > static_cast<std::int64_t>(said.effect->shut_out.size()));
    }
    add_proof(view, visit);
  }
  return show_inside(visit, "second_factor", "second_factor.title", here, std::move(view), said.status);
}

flow::FactorRuleWish make_wish(const Visit& visit, const std::string& tenant, const Shown& typed) {
  flow::FactorRuleWish wish{tenant};
  wish.scope = flow::parse_factor_scope(typed.scope).value_or(flow::FactorScope::nobody);
  if (wish.scope == flow::FactorScope::groups) wish.groups.assign(typed.groups.begin(), typed.groups.end());
  wish.rules = typed.rules;
  wish.version = read_version(visit);
  return wish;
}

/// The list of those who would be shut out, for a program of tables.
http::Response export_list(const flow::FactorRuleEffect& effect) {
  std::string body = "account,login,name,kind,external\r\n";
  for (const flow::ShutOut& one : effect.shut_out) {
    body.append(one.id.to_string()).append(",").append(flow::csv_field(one.login)).append(",");
    body.append(flow::csv_field(one.name)).append(",").append(one.kind);
    body.append(one.is_external ? ",yes\r\n" : ",no\r\n");
  }
  http::Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.body = std::move(body);
  response.add("Content-Disposition", "attachment; filename=\"without-second-factor.csv\"");
  return response;
}

}  // namespace

http::Response show_second_factor(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_second_factor(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const std::string tenant = visit.form.get("tenant");
  const auto rule = flow::find_factor_rule(visit.house, actor, tenant);
  if (!rule) return show_error(visit, rule.error());
  const Shown typed = read_form(visit.form, *rule);
  const flow::FactorRuleWish wish = make_wish(visit, tenant, typed);
  const bool is_export = visit.form.get("action") == "export";
  const auto effect = flow::preview_factor_rule(visit.house, actor, wish,
                                                is_export ? flow::most_looked_at : named_on_page, visit.facts.now);
  if (!effect) {
    switch (effect.error().code) {
      case base::Code::conflict:
        return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
      case base::Code::invalid_input:
        return show_page(
            visit, {.typed = &typed, .flaws = base::split_words(effect.error().reason), .status = status_of_flaw});
      default: return show_error(visit, effect.error());
    }
  }
  if (is_export) return export_list(*effect);
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.typed = &typed, .effect = &*effect});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show_page(visit,
                     {.typed = &typed, .effect = &*effect, .proof_flaw = visit.say(flaw), .status = status_of_flaw});
  }
  const auto changed = flow::set_factor_rule(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (changed) return redirect(visit, std::string(here) + "?done=change&tenant=" + base::percent_encode(tenant));
  if (changed.error().code == base::Code::invalid_input) {
    return show_page(visit,
                     {.typed = &typed, .flaws = base::split_words(changed.error().reason), .status = status_of_flaw});
  }
  if (changed.error().code == base::Code::conflict) {
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  }
  return show_error(visit, changed.error());
}

}  // namespace web
