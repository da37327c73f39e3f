// The resource servers of one organisation, or of all, and the form for a new one.
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/resource/pages.hpp"
#include "web/resource/resource_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/resources";
constexpr std::string_view new_path = "/admin/resources/new";
constexpr auto needed = rights::Permission::manage_clients;

std::string say_scopes(const rights::ResourceServer& server) {
  std::vector<std::string> names;
  for (const rights::ResourceItem& item : server.items) {
    if (item.kind == rights::ItemKind::scope) names.push_back(item.name);
  }
  return base::join(names, ", ");
}

/// The form with what was typed.
http::Response show_form(Visit& visit, const ShownResource& shown, FieldFlaws flaws) {
  const http::Form& sent = visit.request.method == http::Method::post ? visit.form : visit.query;
  const bool is_flawed = !flaws.empty();
  View view;
  add_resource_fields(view, shown);
  add_flaws(view, visit, flaws);
  view.text("identifier", visit.form.get("identifier")).text("tenant_shown", sent.get("tenant"));
  view.text("back", list_of_tenant(visit, here, sent.get("tenant")));
  view.text("csrf_new", make_session_csrf(visit, new_path));
  add_proof(view, visit);
  return show_inside(visit, "resource_new", "resource.new", here, std::move(view), is_flawed ? status_of_flaw : 200);
}

}  // namespace

http::Response show_resources(Visit& visit) {
  if (!may_see_resources(visit)) return show_forbidden(visit, needed);
  const std::string tenant = visit.query.get("tenant");
  const auto servers = flow::list_resources(visit.house, *visit.visitor.actor, tenant);
  if (!servers) return show_error(visit, servers.error());
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", tenant).flag("deleted", visit.query.get("done") == "delete");
  view.flag("may_change", visit.visitor.actor->may(needed)).flag("any", !servers->empty());
  for (const rights::ResourceServer& server : *servers) {
    View& item = view.add("resources");
    item.text("id", server.id.to_string()).text("name", rights::name_in(server, text::code_of(visit.language)));
    item.text("identifier", server.identifier).text("scopes", say_scopes(server)).flag("resting", !server.enabled);
    item.text("state", visit.say(server.enabled ? "client.state.enabled" : "client.state.disabled"));
  }
  return show_inside(visit, "resources", "resource.title", here, std::move(view));
}

http::Response show_new_resource(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_form(visit, {}, {});
}

http::Response submit_new_resource(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  ShownResource shown = read_resource_form(visit.form);
  shown.enabled = true;
  const std::string identifier = visit.form.get("identifier");
  if (FieldFlaws flaws = judge_fields(shown, identifier); !flaws.empty()) return show_form(visit, shown, flaws);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show_form(visit, shown, {{"password", std::string(flaw)}});
  }
  const auto made = flow::create_resource(visit.house, *visit.visitor.actor, {visit.form.get("tenant"), identifier},
                                          make_wish(shown), visit.facts);
  if (made) return redirect(visit, resource_path(made->to_string()) + "?done=create");
  switch (made.error().code) {
    case base::Code::already_exists: return show_form(visit, shown, {{"identifier", "resource.flaw.taken"}});
    // The fields are sound, so that it is an address of this server.
    case base::Code::invalid_input: return show_form(visit, shown, {{"identifier", "resource.flaw.own_address"}});
    case base::Code::not_found: return show_form(visit, shown, {{"client", "resource.flaw.client"}});
    case base::Code::conflict: return show_form(visit, shown, {{"identifier", "resource.flaw.many"}});
    default: return show_error(visit, made.error());
  }
}

}  // namespace web
