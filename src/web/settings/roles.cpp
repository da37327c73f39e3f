// The roles of one organisation: those that are built in, its own, and the form for a new one.
#include "flow/house/check_title.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/context_form.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/role_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/roles";
constexpr std::string_view new_path = "/admin/roles/new";
constexpr auto needed = rights::Permission::manage_contexts;
constexpr rights::Permissions may_see{rights::Permission::manage_contexts, rights::Permission::read_settings};

/// The form with what was typed.
http::Response show_form(Visit& visit, const ShownRole& shown, const std::vector<std::string>& flaws,
                         std::string proof_flaw = {}) {
  const std::string tenant = (visit.request.method == http::Method::post ? visit.form : visit.query).get("tenant");
  const bool is_refused = !flaws.empty() || !proof_flaw.empty();
  View view;
  add_role_fields(view, visit, shown, flaws);
  view.text("tenant_shown", tenant).text("csrf_new", make_session_csrf(visit, new_path)).flag("is_new");
  view.text("back", list_of_tenant(visit, here, tenant));
  view.text("proof_flaw", std::move(proof_flaw));
  add_proof(view, visit);
  return show_inside(visit, "role_new", "role.new", here, std::move(view), is_refused ? status_of_flaw : 200);
}

void add_meanings(View& view, const Visit& visit) {
  for (const rights::Permission one : rights::Permissions::all().without(rights::personal_permissions).list()) {
    const std::string key = "permission." + std::string(rights::name_of(one));
    view.add("meanings").text("short", visit.say(key)).text("sentence", visit.say(key + ".text"));
  }
}

}  // namespace

http::Response show_roles(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may_one_of(may_see)) return show_forbidden(visit, needed);
  const std::string tenant = visit.query.get("tenant");
  const auto roles = flow::list_roles(visit.house, actor, tenant);
  if (!roles) return show_error(visit, roles.error());
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", tenant)
      .flag("deleted", visit.query.get("done") == "delete")
      .flag("may_change", actor.may(needed));
  for (const flow::RoleRow& role : *roles) {
    const bool is_own = !role.id.is_none();
    View& item = view.add(is_own ? "own" : "built_in");
    item.text("name", say_role(visit, role.key, *roles)).text("id", is_own ? role.id.to_string() : std::string());
    item.text("rights", say_permissions(visit, role.permissions.without(rights::personal_permissions)));
  }
  view.flag("has_own", view.find("own") != nullptr);
  add_meanings(view, visit);
  return show_inside(visit, "roles", "role.title", here, std::move(view));
}

http::Response show_new_role(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_form(visit, {}, {});
}

http::Response submit_new_role(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const ShownRole shown = read_role_form(visit.form);
  const std::string key = shown.key.empty() ? flow::suggest_key(shown.name) : shown.key;
  std::vector<std::string> flaws;
  if (!flow::check_title("name", shown.name)) flaws.emplace_back("name");
  if (!rights::check_key("key", key) && !(shown.name.empty() && shown.key.empty())) flaws.emplace_back("key");
  if (!flaws.empty()) return show_form(visit, shown, flaws);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return show_form(visit, shown, {}, visit.say(flaw));
  const std::string tenant = visit.form.get("tenant");
  const auto made = flow::create_role(visit.house, *visit.visitor.actor, {tenant, key}, make_wish(shown), visit.facts);
  if (made) return redirect(visit, std::string(here) + "/" + made->to_string() + "?done=create");
  if (made.error().code == base::Code::already_exists) return show_form(visit, shown, {"taken"});
  return show_error(visit, made.error());
}

}  // namespace web
