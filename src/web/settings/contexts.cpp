// The acting contexts of one organisation, and the form for a new one.
#include "flow/house/check_title.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/context_form.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/contexts";
constexpr std::string_view new_path = "/admin/contexts/new";
constexpr auto needed = rights::Permission::manage_contexts;
constexpr rights::Permissions may_see{rights::Permission::manage_contexts, rights::Permission::read_settings};

void add_conditions(View& item, const Visit& visit, const rights::ActingContext& context) {
  if (!context.networks.empty()) item.text("networks", visit.say("context_page.in_networks"));
  if (context.level > 1) item.text("level", visit.say("context_page.level." + std::to_string(context.level)));
}

/// The form with what was typed.
http::Response show_form(Visit& visit, const ShownContext& shown, const std::vector<std::string>& flaws,
                         std::string proof_flaw = {}) {
  const std::string tenant = (visit.request.method == http::Method::post ? visit.form : visit.query).get("tenant");
  const auto roles = flow::list_roles(visit.house, *visit.visitor.actor, tenant);
  if (!roles) return show_error(visit, roles.error());
  View view;
  add_context_fields(view, visit, shown, *roles, flaws);
  const bool is_refused = !flaws.empty() || !proof_flaw.empty();
  view.text("tenant_shown", tenant).text("csrf_new", make_session_csrf(visit, new_path));
  view.text("back", list_of_tenant(visit, here, tenant));
  view.text("proof_flaw", std::move(proof_flaw)).flag("is_new");
  add_proof(view, visit);
  return show_inside(visit, "context_new", "context_page.new", here, std::move(view),
                     is_refused ? status_of_flaw : 200);
}

}  // namespace

http::Response show_contexts(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may_one_of(may_see)) return show_forbidden(visit, needed);
  const std::string tenant = visit.query.get("tenant");
  const auto contexts = flow::list_context_details(visit.house, actor, tenant, visit.facts.now);
  if (!contexts) return show_error(visit, contexts.error());
  const auto roles = flow::list_roles(visit.house, actor, tenant);
  if (!roles) return show_error(visit, roles.error());
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", tenant).flag("deleted", visit.query.get("done") == "delete");
  for (const flow::ContextDetails& one : *contexts) {
    View& item = view.add("contexts");
    item.text("id", one.context.id.to_string()).text("name", context_name(visit, one.context));
    item.text("role", say_role(visit, one.context.role, *roles)).text("holders", say_count(visit, one.holders));
    add_conditions(item, visit, one.context);
  }
  view.flag("may_change", actor.may(needed));
  return show_inside(visit, "contexts", "context_page.title", here, std::move(view));
}

http::Response show_new_context(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_form(visit, show_stored({}), {});
}

http::Response submit_new_context(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  ShownContext shown = read_context_form(visit.form);
  const std::string key = shown.key.empty() ? flow::suggest_key(shown.name) : shown.key;
  const flow::ContextWish wish = make_wish(shown, nullptr);
  auto flaws = flow::find_context_flaws(wish);
  if (!rights::check_key("key", key)) flaws.emplace_back(shown.name.empty() && shown.key.empty() ? "name" : "key");
  if (!flaws.empty()) return show_form(visit, shown, flaws);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return show_form(visit, shown, {}, visit.say(flaw));
  const std::string tenant = visit.form.get("tenant");
  const auto made = flow::create_acting_context(visit.house, *visit.visitor.actor, {tenant, key}, wish, visit.facts);
  if (made) return redirect(visit, std::string(here) + "/" + made->to_string() + "?done=create");
  if (made.error().code == base::Code::already_exists) return show_form(visit, shown, {"taken"});
  return show_error(visit, made.error());
}

}  // namespace web
