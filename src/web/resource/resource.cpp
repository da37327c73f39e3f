// One resource server: who uses it, its scopes, permissions and roles with who gets them, its fields, and its end.
#include <array>

#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/resource/pages.hpp"
#include "web/resource/resource_form.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/resources";
constexpr auto needed = rights::Permission::manage_clients;
constexpr std::array all_kinds{rights::ItemKind::scope, rights::ItemKind::permission, rights::ItemKind::role};

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}
std::string form_path(const Visit& visit, std::string_view action) {
  return resource_path(id_of(visit)) + "/" + std::string(action);
}

/// What the page says besides the state of the server.
struct Said {
  std::string problem{};
  FieldFlaws flaws{};
  const ShownResource* typed = nullptr;
  bool is_conflict = false;
  int status = 200;
};

std::string name_of(const Visit& visit, const rights::ResourceServer& server) {
  return rights::name_in(server, text::code_of(visit.language));
}

std::string done_text(const Visit& visit, const rights::ResourceServer& server) {
  const std::string key = "resource.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", name_of(visit, server)}}) : std::string();
}

/// What else an item says: the scope that it needs, and the permissions that it gives.
std::string say_more(const Visit& visit, const rights::ResourceItem& item) {
  std::vector<std::string> said;
  if (!item.scope.empty()) said.push_back(visit.say("resource.says.scope", {{"scope", item.scope}}));
  if (!item.permissions.empty()) {
    said.push_back(visit.say("resource.says.permissions", {{"names", base::join(item.permissions, ", ")}}));
  }
  return base::join(said, " ");
}

void add_items(View& view, const Visit& visit, const flow::ResourceDetails& details) {
  for (const rights::ItemKind kind : all_kinds) {
    const std::string word(rights::name_of(kind));
    View& section = view.add("kinds");
    section.text("kind", word).text("kind_title", visit.say("resource.kind." + word + ".title"));
    section.text("kind_about", visit.say("resource.kind." + word + ".text"));
    bool is_filled = false;
    for (const rights::ResourceItem& one : details.server.items) {
      if (one.kind != kind) continue;
      is_filled = true;
      View& item = section.add("items");
      item.text("item_name", one.name).text("item_link", item_path(id_of(visit), kind, one.name));
      item.text("item_title", rights::title_in(one, text::code_of(visit.language)));
      item.text("item_more", say_more(visit, one)).text("item_who", say_who(visit, one, details));
    }
    section.flag("filled", is_filled);
    if (!details.may_change) continue;
    section.text("add_link", item_path(id_of(visit), kind, {}));
    section.text("add_label", visit.say("resource.kind." + word + ".new"));
  }
}

void add_question_of_delete(View& view, const Visit& visit, const rights::ResourceServer& server) {
  Question question{visit.say("resource.delete.ask", {{"name", name_of(visit, server)}}),
                    visit.say("resource.delete"),
                    form_path(visit, "delete"),
                    resource_path(id_of(visit)),
                    {},
                    visit.say("resource.delete.text")};
  question.is_dangerous = true;
  ask_reason(question, visit);
  add_question(view, visit, std::move(question));
}

void add_question_of_remove(View& view, const Visit& visit, const rights::ResourceServer& server) {
  const auto kind = rights::parse_item_kind(visit.query.get("kind"));
  const std::string name = visit.query.get("name");
  if (!kind || rights::find_item(server, *kind, name) == nullptr) return;
  Question question{visit.say("resource.item.remove.ask", {{"item", name}}),
                    visit.say("resource.item.remove"),
                    form_path(visit, "remove"),
                    resource_path(id_of(visit)),
                    {{"kind", std::string(rights::name_of(*kind))}, {"name", name}},
                    visit.say("resource.item.remove.text")};
  question.is_dangerous = true;
  ask_reason(question, visit);
  add_question(view, visit, std::move(question));
}

http::Response show_page(Visit& visit, const Said& said) {
  const auto details = flow::find_resource_details(visit.house, *visit.visitor.actor, id_of(visit));
  if (!details) return show_error(visit, details.error());
  const rights::ResourceServer& server = details->server;
  View view;
  view.text("id", id_of(visit)).text("name", name_of(visit, server)).text("done", done_text(visit, server));
  view.text("problem", said.problem).text("identifier", server.identifier).flag("resting", !server.enabled);
  view.text("state", visit.say(server.enabled ? "client.state.enabled" : "client.state.disabled"));
  if (reaches_several(visit)) view.text("tenant", details->tenant.name);
  view.text("back", list_of_tenant(visit, here, details->tenant.key));
  for (const std::string& client : details->clients) view.add("clients").text("client_id", client);
  view.flag("is_used", !details->clients.empty()).flag("may_change", details->may_change);
  add_items(view, visit, *details);
  add_flaws(view, visit, said.flaws);
  if (details->may_change) {
    const ShownResource stored = show_stored(*details);
    const PrintedFields fields = print_fields(stored);
    add_resource_fields(view, said.typed != nullptr ? *said.typed : stored);
    view.flag("has_switch").flag("conflict", said.is_conflict);
    add_was(view, fields);
    if (said.is_conflict) add_meanwhile(view, visit, "resource.field.", fields);
    view.text("version", std::to_string(server.version));
    view.text("csrf_change", make_session_csrf(visit, form_path(visit, "change")));
    view.text("csrf_delete", make_session_csrf(visit, form_path(visit, "delete")));
    const std::string asked = visit.query.get("confirm");
    if (asked == "delete") add_question_of_delete(view, visit, server);
    if (asked == "remove") add_question_of_remove(view, visit, server);
    add_proof(view, visit);
  }
  return show_inside(visit, "resource", "resource.one", here, std::move(view), said.status);
}

}  // namespace

http::Response show_resource(Visit& visit) {
  if (!may_see_resources(visit)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_resource_change(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const ShownResource typed = read_resource_form(visit.form);
  const auto details = flow::find_resource_details(visit.house, *visit.visitor.actor, id_of(visit));
  if (!details) return show_error(visit, details.error());
  const auto refuse = [&](FieldFlaws flaws) {
    return show_page(visit, {.flaws = std::move(flaws), .typed = &typed, .status = status_of_flaw});
  };
  if (FieldFlaws flaws = judge_fields(typed, details->server.identifier); !flaws.empty()) return refuse(flaws);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse({{"password", std::string(flaw)}});
  flow::ServerWish wish = make_wish(typed);
  wish.version = read_version(visit);
  const auto changed = flow::change_resource(visit.house, *visit.visitor.actor, id_of(visit), wish, visit.facts);
  if (changed) return redirect(visit, resource_path(id_of(visit)) + (*changed ? "?done=change" : "?done=nothing"));
  switch (changed.error().code) {
    case base::Code::conflict:
      return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
    // The server is there, so that it is the client.
    case base::Code::not_found: return refuse({{"client", "resource.flaw.client"}});
    default: return show_error(visit, changed.error());
  }
}

http::Response submit_resource_delete(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, resource_path(id_of(visit)), {"delete"})) return std::move(*question);
  const auto gone = flow::delete_resource(visit.house, *visit.visitor.actor, id_of(visit), visit.facts);
  if (gone) return redirect(visit, std::string(here) + "?done=delete");
  return show_error(visit, gone.error());
}

http::Response submit_item_remove(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string word = visit.form.get("kind");
  const std::string name = visit.form.get("name");
  const auto kind = rights::parse_item_kind(word);
  if (!kind) return show_error(visit, 400, "the form names no kind of item");
  const std::string fields = "&kind=" + word + "&name=" + base::percent_encode(name);
  if (auto question = ask_first(visit, resource_path(id_of(visit)), {"remove", true, fields})) {
    return std::move(*question);
  }
  const auto gone = flow::remove_item(visit.house, *visit.visitor.actor, {id_of(visit), *kind, name}, visit.facts);
  if (gone) return redirect(visit, resource_path(id_of(visit)) + "?done=remove");
  if (gone.error().code == base::Code::conflict)
    return show_page(visit, {.problem = visit.say("resource.item.remove.used"), .status = status_of_conflict});
  return show_error(visit, gone.error());
}

}  // namespace web
