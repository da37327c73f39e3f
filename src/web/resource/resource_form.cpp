#include "web/resource/resource_form.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "web/admin/client_form.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::array kinds_of_accounts{identity::AccountKind::employee, identity::AccountKind::recipient,
                                       identity::AccountKind::legal_person, identity::AccountKind::client_system,
                                       identity::AccountKind::service};
constexpr std::array<std::string_view, 3> who_values{"nobody", "all", "some"};

constexpr std::string_view kind_prefix = "kind:";
constexpr std::string_view context_prefix = "context:";
constexpr std::string_view group_prefix = "group:";
constexpr std::string_view client_prefix = "client:";
constexpr std::string_view permission_prefix = "permission:";

std::string say_kind(const Visit& visit, std::string_view kind) {
  return visit.say("accounts.kind." + std::string(kind));
}

/// The context in the person's language; of one that is gone its key.
std::string say_context(const Visit& visit, std::string_view key, const flow::ResourceDetails& details) {
  for (const rights::ActingContext& one : details.contexts) {
    if (one.key == key) return context_name(visit, one);
  }
  return std::string(key);
}

std::string without(std::string_view condition, std::string_view prefix) {
  return std::string(condition.substr(prefix.size()));
}

void add_line(std::string& lines, std::string line) {
  lines.append(lines.empty() ? "" : "\n").append(line);
}

/// The contexts that can be chosen: those of the organisation, and those that a rule names already.
std::vector<std::string> list_context_keys(const flow::ResourceDetails& details, const ShownItem& shown) {
  std::vector<std::string> keys;
  for (const rights::ActingContext& one : details.contexts) keys.push_back(one.key);
  for (const std::string& condition : shown.conditions) {
    if (!condition.starts_with(context_prefix)) continue;
    std::string key = without(condition, context_prefix);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

void add_box(View& view, std::string_view list, const std::string& name, std::string label, bool checked) {
  view.add(list).text("box_name", name).text("box_label", std::move(label)).flag("box_checked", checked);
}

void add_rule_fields(View& view, const Visit& visit, const ShownItem& shown, const flow::ResourceDetails& details) {
  for (const std::string_view who : who_values) {
    const std::string key = "resource.who." + std::string(who);
    View& item = view.add("who");
    item.text("who_value", std::string(who)).text("who_label", visit.say(key));
    // Scopes and roles come in no other way.
    const bool has_no_more = who == "nobody" && shown.kind != rights::ItemKind::permission;
    item.text("who_about", has_no_more ? std::string() : visit.say(key + ".text"));
    item.flag("who_chosen", shown.who == who);
  }
  for (const identity::AccountKind kind : kinds_of_accounts) {
    const std::string condition = std::string(kind_prefix) + std::string(identity::name_of(kind));
    add_box(view, "rule_kinds", condition, say_kind(visit, identity::name_of(kind)),
            shown.conditions.contains(condition));
  }
  for (const std::string& key : list_context_keys(details, shown)) {
    const std::string condition = std::string(context_prefix) + key;
    add_box(view, "rule_contexts", condition, say_context(visit, key, details), shown.conditions.contains(condition));
  }
  view.text("groups", shown.groups).text("clients", shown.clients);
}

/// The roles that give a permission.
std::string list_giving_roles(const rights::ResourceItem& item, const flow::ResourceDetails& details) {
  std::vector<std::string> names;
  for (const rights::ResourceItem& role : details.server.items) {
    const bool gives = item.kind == rights::ItemKind::permission && role.kind == rights::ItemKind::role &&
                       std::find(role.permissions.begin(), role.permissions.end(), item.name) != role.permissions.end();
    if (gives) names.push_back(role.name);
  }
  return base::join(names, ", ");
}

std::string mark_of(std::string_view field) {
  return "flaw_" + std::string(field);
}

}  // namespace

bool may_see_resources(const Visit& visit) {
  return visit.visitor.actor->may_one_of({rights::Permission::manage_clients, rights::Permission::read_settings});
}

std::string resource_path(std::string_view id) {
  return "/admin/resources/" + std::string(id);
}

std::string item_path(std::string_view id, rights::ItemKind kind, std::string_view name) {
  std::string path = resource_path(id) + "/item?kind=" + std::string(rights::name_of(kind));
  return name.empty() ? path : path + "&name=" + base::percent_encode(name);
}

ShownResource show_stored(const flow::ResourceDetails& details) {
  const rights::ResourceServer& server = details.server;
  return {server.name,    server.name_de,           server.name_pl, server.description,
          details.client, server.for_tenants_below, server.enabled};
}

ShownResource read_resource_form(const http::Form& form) {
  return {form.get("name"),   form.get("name_de"),           form.get("name_pl"), form.get("description"),
          form.get("client"), form.has("for_tenants_below"), form.has("enabled")};
}

flow::ServerWish make_wish(const ShownResource& shown) {
  return {.name = shown.name,
          .name_de = shown.name_de,
          .name_pl = shown.name_pl,
          .description = shown.description,
          .client = shown.client,
          .enabled = shown.enabled,
          .for_tenants_below = shown.for_tenants_below};
}

PrintedFields print_fields(const ShownResource& shown) {
  return {{"name", shown.name},
          {"name_de", shown.name_de},
          {"name_pl", shown.name_pl},
          {"description", shown.description},
          {"client", shown.client},
          {"for_tenants_below", shown.for_tenants_below ? "+" : "–"},
          {"enabled", shown.enabled ? "+" : "–"}};
}

void add_resource_fields(View& view, const ShownResource& shown) {
  view.text("typed_name", shown.name).text("name_de", shown.name_de).text("name_pl", shown.name_pl);
  view.text("description", shown.description).text("client", shown.client);
  view.flag("for_tenants_below", shown.for_tenants_below).flag("enabled", shown.enabled);
}

void add_flaws(View& view, const Visit& visit, const FieldFlaws& flaws) {
  // The names of marks are literals, because a view keeps no copies of names.
  constexpr std::array<std::string_view, 10> marks{"flaw_identifier",  "flaw_name",   "flaw_name_de", "flaw_name_pl",
                                                   "flaw_description", "flaw_client", "flaw_title",   "flaw_groups",
                                                   "flaw_clients",     "flaw_who"};
  for (const FieldFlaw& flaw : flaws) {
    View& item = view.add("flaws");
    item.text("href", "#" + std::string(flaw.field))
        .text("sentence", visit.say(flaw.sentence, {{"value", flaw.value}}));
    const auto mark = std::find(marks.begin(), marks.end(), mark_of(flaw.field));
    if (mark != marks.end() && view.find(*mark) == nullptr) view.flag(*mark);
  }
  view.flag("flawed", !flaws.empty());
}

FieldFlaws judge_fields(const ShownResource& shown, std::string_view identifier) {
  rights::ResourceServer server;
  server.identifier = identifier;
  server.name = shown.name;
  server.name_de = shown.name_de;
  server.name_pl = shown.name_pl;
  server.description = shown.description;
  FieldFlaws flaws;
  for (const rights::ResourceFlaw& flaw : rights::judge_resource(server)) {
    flaws.push_back({flaw.field, "resource.flaw." + std::string(flaw.code)});
  }
  return flaws;
}

ShownItem show_stored(const rights::ResourceItem& item, const flow::RuleNames& names) {
  ShownItem shown;
  shown.kind = item.kind;
  shown.name = item.name;
  shown.title = item.title;
  shown.title_de = item.title_de;
  shown.title_pl = item.title_pl;
  shown.who = item.rule.is_for_all ? "all" : item.rule.names_something() ? "some" : "nobody";
  for (const std::string& condition : flow::print_conditions(item.rule, names)) {
    if (condition.starts_with(group_prefix)) {
      add_line(shown.groups, without(condition, group_prefix));
    } else if (condition.starts_with(client_prefix)) {
      add_line(shown.clients, without(condition, client_prefix));
    } else {
      shown.conditions.insert(condition);
    }
  }
  shown.scope = item.scope;
  shown.permissions.insert(item.permissions.begin(), item.permissions.end());
  return shown;
}

ShownItem read_item_form(const http::Form& form, rights::ItemKind kind, const flow::ResourceDetails& details) {
  ShownItem shown;
  shown.kind = kind;
  shown.is_new = form.get("new") == "yes";
  shown.name = form.get("name");
  shown.title = form.get("title");
  shown.title_de = form.get("title_de");
  shown.title_pl = form.get("title_pl");
  shown.who = form.get("who");
  for (const auto& [name, value] : form.fields()) {
    const bool is_condition = name.starts_with(kind_prefix) || name.starts_with(context_prefix);
    if (is_condition) shown.conditions.insert(name);
  }
  shown.groups = base::join(read_lines(form.get("groups")), "\n");
  shown.clients = base::join(read_lines(form.get("clients")), "\n");
  shown.scope = form.get("scope");
  for (const rights::ResourceItem& item : details.server.items) {
    const bool is_given =
        item.kind == rights::ItemKind::permission && form.has(std::string(permission_prefix) + item.name);
    if (is_given) shown.permissions.insert(item.name);
  }
  return shown;
}

flow::ItemWish make_wish(const ShownItem& shown) {
  flow::ItemWish wish{.title = shown.title, .title_de = shown.title_de, .title_pl = shown.title_pl};
  wish.rule.emplace();
  if (shown.who == "all") wish.rule->emplace_back("all");
  if (shown.who == "some") {
    wish.rule->assign(shown.conditions.begin(), shown.conditions.end());
    for (const std::string& group : read_lines(shown.groups)) wish.rule->push_back(std::string(group_prefix) + group);
    for (const std::string& one : read_lines(shown.clients)) wish.rule->push_back(std::string(client_prefix) + one);
  }
  if (shown.kind != rights::ItemKind::scope) wish.scope = shown.scope;
  if (shown.kind == rights::ItemKind::role)
    wish.permissions.emplace(shown.permissions.begin(), shown.permissions.end());
  return wish;
}

void add_item_fields(View& view, const Visit& visit, const ShownItem& shown, const flow::ResourceDetails& details) {
  view.text("kind", std::string(rights::name_of(shown.kind))).text("item_name", shown.name).text("title", shown.title);
  view.text("title_de", shown.title_de).text("title_pl", shown.title_pl).flag("is_new", shown.is_new);
  add_rule_fields(view, visit, shown, details);
  view.flag("has_scope", shown.kind != rights::ItemKind::scope);
  view.flag("has_permissions", shown.kind == rights::ItemKind::role);
  for (const rights::ResourceItem& item : details.server.items) {
    if (item.kind == rights::ItemKind::scope) {
      view.add("scopes").text("scope", item.name).flag("scope_chosen", item.name == shown.scope);
    }
    if (item.kind == rights::ItemKind::permission) {
      add_box(view, "permissions", std::string(permission_prefix) + item.name, item.name,
              shown.permissions.contains(item.name));
    }
  }
}

std::string say_who(const Visit& visit, const rights::ResourceItem& item, const flow::ResourceDetails& details) {
  if (item.rule.is_for_all) return visit.say("resource.who.all");
  const std::string roles = list_giving_roles(item, details);
  if (!item.rule.names_something()) {
    return roles.empty() ? visit.say("resource.who.nobody") : visit.say("resource.says.role", {{"names", roles}});
  }
  std::vector<std::string> sorts;
  const auto add = [&](std::string_view key, const std::vector<std::string>& names) {
    if (!names.empty()) sorts.push_back(visit.say(key, {{"names", base::join(names, ", ")}}));
  };
  std::vector<std::string> kinds;
  std::vector<std::string> contexts;
  std::vector<std::string> groups;
  std::vector<std::string> clients;
  for (const std::string& condition : flow::print_conditions(item.rule, details.names)) {
    if (condition.starts_with(kind_prefix)) kinds.push_back(say_kind(visit, without(condition, kind_prefix)));
    if (condition.starts_with(context_prefix)) {
      contexts.push_back(say_context(visit, without(condition, context_prefix), details));
    }
    if (condition.starts_with(group_prefix)) groups.push_back(without(condition, group_prefix));
    if (condition.starts_with(client_prefix)) clients.push_back(without(condition, client_prefix));
  }
  add("resource.says.kinds", kinds);
  add("resource.says.contexts", contexts);
  add("resource.says.groups", groups);
  add("resource.says.clients", clients);
  const std::string said = base::join(sorts, "; ");
  return roles.empty() ? said : said + "; " + visit.say("resource.says.or_role", {{"names", roles}});
}

}  // namespace web
