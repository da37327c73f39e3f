// The password policies of one organisation, and the form for a new one.
#include "flow/password/preview_policy.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/policy_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/policies";
constexpr auto needed = rights::Permission::manage_policies;
constexpr rights::Permissions may_see{rights::Permission::manage_policies, rights::Permission::read_settings};

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  int status = 200;
};

http::Response show_list(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const bool is_refused = visit.request.method == http::Method::post;
  const std::string tenant = (is_refused ? visit.form : visit.query).get("tenant");
  const auto policies = flow::list_tenant_policies(visit.house, actor, tenant, visit.facts.now);
  if (!policies) return show_error(visit, policies.error());
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  for (const flow::PolicyDetails& one : policies->own) {
    View& item = view.add("policies");
    item.text("id", one.stored.id.to_string()).text("name", one.stored.policy.name);
    item.text("accounts", say_count(visit, one.accounts)).text("places", say_places(visit, one.bound));
    item.text("short_rules", say_in_short(visit, one.stored.policy));
  }
  std::vector<std::string> above;
  for (const identity::PasswordPolicy& one : policies->from_above) {
    above.push_back(one.name + " (" + say_in_short(visit, one) + ")");
  }
  view.text("above", base::join(above, "; ")).flag("may_change", actor.may(needed)).text("problem", said.problem);
  view.text("tenant_shown", tenant).text("typed", visit.form.get("name")).text("proof_flaw", said.proof_flaw);
  view.text("csrf_new", make_session_csrf(visit, std::string(here) + "/new"));
  add_proof(view, visit);
  return show_inside(visit, "policies", "policies.title", here, std::move(view), said.status);
}

}  // namespace

http::Response show_policies(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_list(visit, {});
}

http::Response submit_new_policy(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_list(visit, {{}, visit.say(flaw), status_of_flaw});
  const std::string name = visit.form.get("name");
  const std::string preset = visit.form.get("preset");
  const std::string tenant = visit.form.get("tenant");
  flow::PolicyWish wish{name, preset, {}, tenant};
  wish.must_be_new = true;
  const auto made = flow::set_policy(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (made) return redirect(visit, std::string(here) + "/" + made->to_string() + "?done=create");
  switch (made.error().code) {
    case base::Code::invalid_input: return show_list(visit, {visit.say("policies.flaw.name"), {}, status_of_flaw});
    case base::Code::already_exists: return show_list(visit, {visit.say("policies.flaw.taken"), {}, status_of_flaw});
    default: return show_error(visit, made.error());
  }
}

}  // namespace web
