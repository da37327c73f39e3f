// The form for a scope, a permission or a role of a resource server: its names, and who gets it.
#include <algorithm>

#include "text/text.hpp"
#include "web/admin/client_form.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/resource/pages.hpp"
#include "web/resource/resource_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/resources";
constexpr auto needed = rights::Permission::manage_clients;

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}

http::Response show_form(Visit& visit, const flow::ResourceDetails& details, const ShownItem& shown, FieldFlaws flaws,
                         bool is_conflict = false) {
  const std::string word(rights::name_of(shown.kind));
  const std::string key = "resource.kind." + word;
  View view;
  view.text("id", id_of(visit)).text("server_name", rights::name_in(details.server, text::code_of(visit.language)));
  view.text("heading", shown.is_new ? visit.say(key + ".new") : visit.say(key + ".one", {{"item", shown.name}}));
  view.text("about", visit.say(key + ".text")).text("name_hint", visit.say(key + ".hint"));
  view.text("version", std::to_string(details.server.version)).flag("conflict", is_conflict);
  add_item_fields(view, visit, shown, details);
  add_flaws(view, visit, flaws);
  view.text("csrf_item", make_session_csrf(visit, resource_path(id_of(visit)) + "/item"));
  view.text("csrf_remove", make_session_csrf(visit, resource_path(id_of(visit)) + "/remove"));
  add_proof(view, visit);
  const int status = is_conflict ? status_of_conflict : flaws.empty() ? 200 : status_of_flaw;
  return show_inside(visit, "resource_item", key + ".title", here, std::move(view), status);
}

/// The server as it would be, for its flaws.
rights::ResourceServer with_item(const rights::ResourceServer& server, const ShownItem& shown) {
  rights::ResourceServer changed = server;
  if (!shown.is_new) {
    std::erase_if(changed.items,
                  [&](const rights::ResourceItem& one) { return one.kind == shown.kind && one.name == shown.name; });
  }
  rights::ResourceItem item;
  item.kind = shown.kind;
  item.name = shown.name;
  item.title = shown.title;
  item.title_de = shown.title_de;
  item.title_pl = shown.title_pl;
  if (shown.kind != rights::ItemKind::scope) item.scope = shown.scope;
  changed.items.push_back(std::move(item));
  return changed;
}

FieldFlaws judge(const rights::ResourceServer& server, const ShownItem& shown) {
  FieldFlaws flaws;
  for (const rights::ResourceFlaw& flaw : rights::judge_resource(with_item(server, shown))) {
    const std::string sentence = "resource.flaw." + std::string(flaw.code);
    const bool is_known =
        std::any_of(flaws.begin(), flaws.end(), [&](const FieldFlaw& one) { return one.sentence == sentence; });
    if (!is_known) flaws.push_back({flaw.field == "item" ? "name" : flaw.field, sentence});
  }
  const bool names_nobody =
      shown.who == "some" && shown.conditions.empty() && shown.groups.empty() && shown.clients.empty();
  if (names_nobody) flaws.push_back({"who", "resource.flaw.who"});
  return flaws;
}

/// What is wrong with the groups or the clients: the sentence of the flow names the line.
FieldFlaw find_unknown(const ShownItem& shown, std::string_view reason) {
  for (const std::string& group : read_lines(shown.groups)) {
    if (reason.find("\"group:" + group + "\"") != std::string_view::npos) {
      return {"groups", "resource.flaw.group", group};
    }
  }
  for (const std::string& client : read_lines(shown.clients)) {
    if (reason.find("\"client:" + client + "\"") != std::string_view::npos) {
      return {"clients", "resource.flaw.application", client};
    }
  }
  return {"who", "resource.flaw.rule"};
}

}  // namespace

http::Response show_resource_item(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto kind = rights::parse_item_kind(visit.query.has("kind") ? visit.query.get("kind") : "scope");
  if (!kind) return show_error(visit, 404, "the address names no kind of item");
  const auto details = flow::find_resource_details(visit.house, *visit.visitor.actor, id_of(visit));
  if (!details) return show_error(visit, details.error());
  const std::string name = visit.query.get("name");
  if (name.empty()) {
    ShownItem shown;
    shown.kind = *kind;
    shown.is_new = true;
    return show_form(visit, *details, shown, {});
  }
  const rights::ResourceItem* item = rights::find_item(details->server, *kind, name);
  if (item == nullptr) return show_error(visit, 404, "the resource server has no such item");
  return show_form(visit, *details, show_stored(*item, details->names), {});
}

http::Response submit_resource_item(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto kind = rights::parse_item_kind(visit.form.get("kind"));
  if (!kind) return show_error(visit, 400, "the form names no kind of item");
  const auto details = flow::find_resource_details(visit.house, *visit.visitor.actor, id_of(visit));
  if (!details) return show_error(visit, details.error());
  const ShownItem typed = read_item_form(visit.form, *kind, *details);
  if (const FieldFlaws flaws = judge(details->server, typed); !flaws.empty()) {
    return show_form(visit, *details, typed, flaws);
  }
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show_form(visit, *details, typed, {{"password", std::string(flaw)}});
  }
  const rights::Actor& actor = *visit.visitor.actor;
  const flow::ItemName item{id_of(visit), *kind, typed.name};
  flow::ItemWish wish = make_wish(typed);
  wish.version = read_version(visit);
  const auto done = [&]() -> base::Result<bool> {
    if (!typed.is_new) return flow::change_item(visit.house, actor, item, wish, visit.facts);
    RETURN_IF_ERROR(flow::add_item(visit.house, actor, item, wish, visit.facts));
    return true;
  }();
  if (done) return redirect(visit, resource_path(id_of(visit)) + (*done ? "?done=item" : "?done=nothing"));
  switch (done.error().code) {
    case base::Code::conflict: return show_form(visit, *details, typed, {}, true);
    case base::Code::already_exists: return show_form(visit, *details, typed, {{"name", "resource.flaw.item_twice"}});
    case base::Code::invalid_input:
      return show_form(visit, *details, typed, {find_unknown(typed, done.error().reason)});
    default: return show_error(visit, done.error());
  }
}

}  // namespace web
