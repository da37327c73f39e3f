// The applications for administrators: a list with search and filter, and the form for a new one.
#include <algorithm>
#include <array>

#include "flow/client/search_clients.hpp"
#include "flow/house/find_tenant.hpp"
#include "text/text.hpp"
#include "web/admin/client_form.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/pager.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/applications";
constexpr std::string_view new_path = "/admin/new-application";
constexpr auto needed = rights::Permission::manage_clients;
constexpr int status_of_refusal = 422;
constexpr std::array<std::string_view, 3> states{"enabled", "disabled", "weak"};
constexpr std::array<rights::ClientKind, 5> kinds{rights::ClientKind::web, rights::ClientKind::spa,
                                                  rights::ClientKind::native, rights::ClientKind::machine,
                                                  rights::ClientKind::resource};
/// The scopes that the short form offers besides openid.
constexpr std::array<std::string_view, 3> usual_scopes{"profile", "email", "phone"};

void add_row(View& view, const Visit& visit, const rights::Client& client) {
  View& item = view.add("clients");
  item.text("id", client.client_id).text("name", rights::name_in(client, text::code_of(visit.language)));
  item.text("kind", visit.say("client.kind." + std::string(rights::name_of(client.kind))));
  item.text("state", visit.say(client.enabled ? "client.state.enabled" : "client.state.disabled"));
  item.flag("resting", !client.enabled);
  item.flag("weak", !rights::find_weaknesses(client, visit.facts.now).empty());
  if (client.last_used_at) add_moment(item, visit, "last_used", *client.last_used_at);
}

rights::Client read_new_client(const Visit& visit, rights::ClientKind kind) {
  rights::Client client = rights::draft_client(kind);
  const ShownClient typed = read_client_form(visit.form, client);
  client.name = typed.client.name;
  client.name_de = typed.client.name_de;
  client.name_pl = typed.client.name_pl;
  client.for_tenants_below = typed.client.for_tenants_below;
  client.client_id = visit.form.get("client_id");
  if (client.client_id.empty()) client.client_id = flow::suggest_client_id(client.name);
  if (!rights::is_registered(client.grants, "authorization_code")) return client;
  client.redirect_uris = typed.client.redirect_uris;
  for (const std::string_view scope : usual_scopes) {
    if (visit.form.has("scopes:" + std::string(scope))) client.scopes.emplace_back(scope);
  }
  return client;
}

/// The form with what was typed.
http::Response show_form(Visit& visit, const std::vector<rights::ClientFlaw>& flaws, std::string problem = {}) {
  View view;
  const auto asked = rights::parse_client_kind(visit.form.get("kind"));
  for (const rights::ClientKind kind : kinds) {
    const std::string name(rights::name_of(kind));
    View& item = view.add("kinds");
    item.text("value", name).text("label", visit.say("client.kind." + name));
    item.text("about", visit.say("client.kind." + name + ".text"))
        .flag("chosen", kind == asked.value_or(kinds.front()));
  }
  for (const std::string_view name : {"name", "name_de", "name_pl", "client_id", "redirect_uris"})
    view.text(name, visit.form.get(std::string(name)));
  for (const std::string_view scope : usual_scopes) {
    View& item = view.add("scopes");
    item.text("box_name", "scopes:" + std::string(scope)).text("label", std::string(scope));
    item.flag("checked", visit.form.has("scopes:" + std::string(scope)));
  }
  view.flag("for_tenants_below", visit.form.has("for_tenants_below"));
  if (const auto added = add_tenant_choice(view, visit, visit.form.get("tenant")); !added)
    return show_error(visit, added.error());
  const bool is_flawed = !flaws.empty() || !problem.empty();
  add_client_flaws(view, visit, flaws);
  view.text("problem", std::move(problem)).text("csrf_new", make_session_csrf(visit, new_path));
  add_proof(view, visit);
  return show_inside(visit, "admin_client_new", "client.new", here, std::move(view),
                     is_flawed ? status_of_refusal : 200);
}

}  // namespace

http::Response show_clients(Visit& visit) {
  if (!may_see_clients(visit)) return show_forbidden(visit, needed);
  flow::ClientQuery query{visit.query.get("text"), visit.query.get("state")};
  View view;
  view.text("text", query.text).flag("deleted", visit.query.get("done") == "delete");
  for (const std::string_view state : states) {
    View& item = view.add("states");
    item.text("value", std::string(state)).text("label", visit.say("client.state." + std::string(state)));
    item.flag("chosen", query.state == state);
  }
  const auto refuse = [&] {
    view.flag("bad_filter");
    return show_inside(visit, "admin_clients", "client.title", here, std::move(view), 400);
  };
  const auto wish = read_page_wish(visit.query);
  if (!wish) return refuse();
  query.page = *wish;
  const auto page = flow::search_clients(visit.house, *visit.visitor.actor, query, visit.facts.now);
  if (!page) return page.error().code == base::Code::invalid_input ? refuse() : show_error(visit, page.error());
  for (const rights::Client& client : page->rows) add_row(view, visit, client);
  view.flag("any", !page->rows.empty()).flag("empty", page->rows.empty());
  view.flag("may_change", visit.visitor.actor->may(rights::Permission::manage_clients));
  add_pages(view, visit, {std::string(here), {{"text", query.text}, {"state", query.state}}}, page->ends);
  return show_inside(visit, "admin_clients", "client.title", here, std::move(view));
}

http::Response show_new_client(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_form(visit, {});
}

http::Response submit_new_client(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto kind = rights::parse_client_kind(visit.form.get("kind"));
  if (!kind) return show_error(visit, 400, "the form names no kind of client");
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return show_form(visit, {}, visit.say("own.flaw.proof_missing"));
    case Proof::wrong: return show_form(visit, {}, visit.say("own.flaw.proof_wrong"));
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  rights::Client client = read_new_client(visit, *kind);
  if (const auto flaws = rights::judge_client(client); !flaws.empty()) return show_form(visit, flaws);
  if (const std::string named = visit.form.get("tenant"); !named.empty()) {
    const auto tenant = flow::find_named_tenant(visit.house, *visit.visitor.actor, named);
    if (!tenant && tenant.error().code == base::Code::not_found)
      return show_form(visit, {}, visit.say("tenant.unknown"));
    if (!tenant) return show_error(visit, tenant.error());
    client.tenant_id = tenant->id;
  }
  const auto secret = flow::create_client(visit.house, *visit.visitor.actor, client, {}, visit.facts);
  if (!secret && secret.error().code == base::Code::already_exists) {
    return show_form(visit, {{"client_id", "taken", client.client_id}});
  }
  if (!secret) return show_error(visit, secret.error());
  return show_client_secret(visit, client, *secret, "client.made");
}

http::Response show_client_secret(Visit& visit, const rights::Client& client, const base::Secret& secret,
                                  std::string_view title) {
  View view;
  const std::string name = rights::name_in(client, text::code_of(visit.language));
  view.text("said", visit.say(std::string(title) + ".text", {{"name", name}}));
  view.text("heading", visit.say(title)).text("secret", std::string(secret.reveal()));
  view.text("page", std::string(here) + "/" + client.client_id);
  add_connection(view, visit, client);
  visit.is_shown_once = true;
  return show_inside(visit, "admin_client_secret", title, here, std::move(view));
}

}  // namespace web
