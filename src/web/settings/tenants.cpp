// The organisations that the administrator reaches, as a tree, and the form for a new one below another.
#include "flow/house/check_title.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"
#include "web/settings/tenant_form.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/tenants";
constexpr std::string_view new_path = "/admin/tenants/new";
constexpr auto needed = rights::Permission::manage_tenants;
constexpr rights::Permissions may_see{rights::Permission::manage_tenants, rights::Permission::read_settings};

/// The form with what was typed; `parent` is the key of the organisation above the new one.
http::Response show_form(Visit& visit, const std::string& parent, const std::vector<std::string>& flaws,
                         std::string proof_flaw = {}) {
  const bool is_refused = !flaws.empty() || !proof_flaw.empty();
  View view;
  if (const auto added = add_tenant_choice(view, visit, parent); !added) return show_error(visit, added.error());
  view.text("typed_name", visit.form.get("name")).text("key", visit.form.get("key"));
  add_locales(view, visit, visit.form.get("locale"));
  add_tenant_flaws(view, visit, flaws);
  view.text("csrf_new", make_session_csrf(visit, new_path)).text("proof_flaw", std::move(proof_flaw));
  add_proof(view, visit);
  return show_inside(visit, "tenant_new", "organisation.new", here, std::move(view), is_refused ? status_of_flaw : 200);
}

}  // namespace

http::Response show_tenants(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may_one_of(may_see)) return show_forbidden(visit, needed);
  const auto tree = flow::list_tenant_tree(visit.house, actor);
  if (!tree) return show_error(visit, tree.error());
  View view;
  for (const flow::TenantInTree& one : *tree) {
    View& item = view.add("organisations");
    item.text("id", one.look.id.to_string()).text("name", one.look.name).text("key", one.look.key);
    item.text("locale", say_locale(visit, one.look.locale)).text("above", one.above);
    for (std::int64_t i = 0; i < one.depth; ++i) item.add("steps");
  }
  view.flag("may_change", actor.may(needed)).flag("deleted", visit.query.get("done") == "delete");
  return show_inside(visit, "tenants", "organisation.title", here, std::move(view));
}

http::Response show_new_tenant(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_form(visit, visit.query.get("parent"), {});
}

http::Response submit_new_tenant(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string parent = visit.form.get("tenant");
  const std::string name = visit.form.get("name");
  const std::string typed = visit.form.get("key");
  const std::string key = typed.empty() ? flow::suggest_key(name) : typed;
  flow::TenantWish wish;
  wish.name = name;
  wish.locale = visit.form.get("locale");
  auto flaws = flow::find_tenant_flaws(wish);
  if (!rights::check_key("key", key) && !(name.empty() && typed.empty())) flaws.emplace_back("key");
  if (!flaws.empty()) return show_form(visit, parent, flaws);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return show_form(visit, parent, {}, visit.say(flaw));
  const auto made = flow::create_tenant(visit.house, *visit.visitor.actor, {key, parent}, wish, visit.facts);
  if (made) return redirect(visit, std::string(here) + "/" + made->to_string() + "?done=create");
  if (made.error().code == base::Code::already_exists) return show_form(visit, parent, {"taken"});
  return show_error(visit, made.error());
}

}  // namespace web
