// resource list|show|create|set|delete, resource item set|remove: resource servers with what they give to whom (S4.20)
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_in_tenant.hpp"
#include "app/command/print_answer.hpp"
#include "app/command/wish_options.hpp"
#include "flow/resource/administer_resources.hpp"

namespace app {
namespace {

namespace json = boost::json;

const Positional resource_positional{"RESOURCE", "its identifier: the audience of its tokens, or its id"};

json::object json_of(const rights::ResourceItem& item, const flow::RuleNames& names) {
  json::object object{{"kind", rights::name_of(item.kind)}, {"name", item.name}, {"title", item.title}};
  if (!item.title_de.empty()) object["title#de"] = item.title_de;
  if (!item.title_pl.empty()) object["title#pl"] = item.title_pl;
  object["for"] = json::value_from(flow::print_conditions(item.rule, names));
  if (item.kind != rights::ItemKind::scope) object["scope"] = item.scope;
  if (item.kind == rights::ItemKind::role) object["permissions"] = json::value_from(item.permissions);
  return object;
}

json::object json_of(const rights::ResourceServer& server) {
  json::object object{{"identifier", server.identifier}, {"id", server.id.to_string()}, {"name", server.name}};
  if (!server.name_de.empty()) object["name#de"] = server.name_de;
  if (!server.name_pl.empty()) object["name#pl"] = server.name_pl;
  object["description"] = server.description;
  object["enabled"] = server.enabled;
  object["status"] = server.enabled ? "enabled" : "disabled";
  object["for_tenants_below"] = server.for_tenants_below;
  json::array scopes;
  for (const rights::ResourceItem& item : server.items) {
    if (item.kind == rights::ItemKind::scope) scopes.emplace_back(item.name);
  }
  object["scopes"] = std::move(scopes);
  object["version"] = server.version;
  return object;
}

int list(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto servers = flow::list_resources(house, by.actor, tenant);
  if (!servers) return refuse(console, servers.error());
  ListPrinter printer(console, {"identifier", "status", "name", "scopes"});
  for (const rights::ResourceServer& server : *servers) printer.add(json_of(server));
  return printer.finish();
}

int show(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto details = flow::find_resource_details(house, by.actor, which);
  if (!details) return refuse(console, details.error());
  json::object object = json_of(details->server);
  object["tenant"] = details->tenant.key;
  object["client"] = details->client;
  object["clients"] = json::value_from(details->clients);
  json::array items;
  for (const rights::ResourceItem& item : details->server.items) items.push_back(json_of(item, details->names));
  object["items"] = std::move(items);
  return print_object(console, object);
}

struct CreateOptions {
  flow::NewResource made;
  flow::ServerWish wish;
  bool if_missing = false;
};

int create(const flow::House& house, Console& console, const CreateOptions& options) {
  const Operator by = make_command_operator();
  const std::string& identifier = options.made.identifier;
  if (options.if_missing && flow::find_resource_details(house, by.actor, identifier)) {
    return report_change(console, "the resource server " + identifier + " is there already",
                         {{"identifier", identifier}, {"created", false}});
  }
  flow::ServerWish wish = options.wish;
  if (!wish.name) wish.name = identifier;
  const auto made = flow::create_resource(house, by.actor, options.made, wish, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "the resource server " + identifier + " was created",
                       {{"identifier", identifier}, {"id", made->to_string()}, {"created", true}});
}

int set(const flow::House& house, Console& console, const std::string& which, const flow::ServerWish& wish) {
  const Operator by = make_command_operator();
  const auto changed = flow::change_resource(house, by.actor, which, wish, by.facts);
  if (!changed) return refuse(console, changed.error());
  return report_change(console, "the resource server " + which + (*changed ? " was changed" : " is so already"),
                       *changed);
}

int remove(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto gone = flow::delete_resource(house, by.actor, which, by.facts);
  if (!gone) return refuse(console, gone.error());
  return report_change(console, "the resource server " + which + " was deleted; no token is issued for it any more");
}

struct ItemOptions {
  std::string which;
  std::string kind;
  std::string name;
  flow::ItemWish wish;
};

base::Result<flow::ItemName> find_name(const ItemOptions& options) {
  ASSIGN_OR_RETURN(const rights::ItemKind kind, rights::parse_item_kind(options.kind));
  return flow::ItemName{options.which, kind, options.name};
}

bool has_item(const flow::ResourceDetails& details, const flow::ItemName& item) {
  return rights::find_item(details.server, item.kind, item.name) != nullptr;
}

/// A token that is asked for by a scope alone is for each server that has it, and then carries neither roles nor
/// permissions (find_access.hpp). It may be meant so.
void warn_of_twins(const flow::House& house, Console& console, const rights::Actor& actor,
                   const rights::ResourceServer& server, const std::string& scope) {
  const auto all = flow::list_resources(house, actor, "");
  if (!all) return;
  for (const rights::ResourceServer& other : *all) {
    const bool is_in_reach = other.tenant_id == server.tenant_id || other.for_tenants_below || server.for_tenants_below;
    if (other.id == server.id || !is_in_reach) continue;
    if (rights::find_item(other, rights::ItemKind::scope, scope) == nullptr) continue;
    console.err += "warning: " + other.identifier + " has the scope " + scope +
                   " too: a token that is asked for without resource is for both, without roles and permissions\n";
  }
}

/// For whom an item is, as `details` has it.
flow::Conditions list_conditions(const flow::ResourceDetails& details, const flow::ItemName& item) {
  const rights::ResourceItem* const found = rights::find_item(details.server, item.kind, item.name);
  return found == nullptr ? flow::Conditions() : flow::print_conditions(found->rule, details.names);
}

/// --for replaces what was there, so that the answer names whom it no longer names.
int report_item_change(const flow::House& house, Console& console, const flow::ItemName& item,
                       const flow::Conditions& before) {
  const Operator by = make_command_operator();
  const auto details = flow::find_resource_details(house, by.actor, item.resource);
  if (!details) return refuse(console, details.error());
  const flow::Conditions now = list_conditions(*details, item);
  flow::Conditions lost;
  for (const std::string& one : before) {
    const bool keeps_it = std::find(now.begin(), now.end(), one) != now.end() || now == flow::Conditions{"all"};
    if (!keeps_it) lost.push_back(one);
  }
  std::string sentence = "the " + std::string(rights::name_of(item.kind)) + " " + item.name + " was changed";
  if (!lost.empty()) sentence += "; no longer for " + base::join(lost, ", ");
  sentence += "; now for " + (now.empty() ? "nobody" : base::join(now, ", "));
  return report_change(console, sentence,
                       {{"changed", true}, {"no_longer_for", json::value_from(lost)}, {"for", json::value_from(now)}});
}

int set_item(const flow::House& house, Console& console, const ItemOptions& options) {
  const Operator by = make_command_operator();
  const auto item = find_name(options);
  if (!item) return refuse(console, item.error());
  const auto details = flow::find_resource_details(house, by.actor, options.which);
  if (!details) return refuse(console, details.error());
  const std::string what = "the " + options.kind + " " + options.name;
  if (!has_item(*details, *item)) {
    const auto added = flow::add_item(house, by.actor, *item, options.wish, by.facts);
    if (!added) return refuse(console, added.error());
    if (item->kind == rights::ItemKind::scope) {
      warn_of_twins(house, console, by.actor, details->server, item->name);
    }
    const bool is_for_nobody = !options.wish.rule || options.wish.rule->empty();
    return report_change(console, what + " was added" + (is_for_nobody ? "; nobody gets it without --for" : ""));
  }
  const auto changed = flow::change_item(house, by.actor, *item, options.wish, by.facts);
  if (!changed) return refuse(console, changed.error());
  if (item->kind == rights::ItemKind::scope) warn_of_twins(house, console, by.actor, details->server, item->name);
  if (!*changed) return report_change(console, what + " is so already", false);
  return report_item_change(house, console, *item, list_conditions(*details, *item));
}

int remove_item(const flow::House& house, Console& console, const ItemOptions& options) {
  const Operator by = make_command_operator();
  const auto item = find_name(options);
  if (!item) return refuse(console, item.error());
  const auto gone = flow::remove_item(house, by.actor, *item, by.facts);
  if (!gone) return refuse(console, gone.error());
  return report_change(console, "the " + options.kind + " " + options.name + " was removed");
}

void add_server_wish(CLI::App& command, flow::ServerWish& wish) {
  add_wish(command, "--name", wish.name, "name for people");
  add_wish(command, "--name-de", wish.name_de, "its German name, \"\" for none");
  add_wish(command, "--name-pl", wish.name_pl, "its Polish name, \"\" for none");
  add_wish(command, "--description", wish.description, "one sentence for administrators");
  add_wish(command, "--client", wish.client,
           "client_id of the client as which it asks about tokens at the introspection endpoint, \"\" for none");
  command.add_flag_function(
      "--for-tenants-below,!--not-for-tenants-below",
      [&wish](std::int64_t count) { wish.for_tenants_below = count > 0; },
      "whether people and clients of the tenants below get something there too");
}

void add_create(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "create", "register a system that is called with access tokens", chosen);
  auto options = std::make_shared<CreateOptions>();
  command
      .add_option("IDENTIFIER", options->made.identifier,
                  "an absolute URI: the audience of its tokens, and what clients send as resource")
      ->required();
  add_server_wish(command, options->wish);
  const auto tenant = add_tenant_option(command);
  command.add_flag("--if-missing", options->if_missing, "one that is there already stays as it is");
  give_examples(command, {"resource create https://results.example.org/ --name \"Results of the laboratory\"",
                          "resource create https://results.example.org/ --name Results --client results-api"});
  command.callback([&chosen, options, tenant] {
    options->made.tenant = *tenant;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
}

void add_set(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "set", "change a resource server; what is not named stays", chosen);
  auto which = std::make_shared<std::string>();
  auto wish = std::make_shared<flow::ServerWish>();
  command.add_option(resource_positional.name, *which, resource_positional.about)->required();
  add_server_wish(command, *wish);
  command.add_flag_function(
      "--enable,!--disable", [wish](std::int64_t count) { wish->enabled = count > 0; },
      "whether tokens are issued for it");
  give_examples(command, {"resource set https://results.example.org/ --name-de Befunde",
                          "resource set https://results.example.org/ --disable"});
  command.callback([&chosen, which, wish] {
    chosen.in_house = [which, wish](const flow::House& house, Console& console) {
      return set(house, console, *which, *wish);
    };
  });
}

std::shared_ptr<ItemOptions> add_item_name(CLI::App& command) {
  auto options = std::make_shared<ItemOptions>();
  command.add_option(resource_positional.name, options->which, resource_positional.about)->required();
  command.add_option("KIND", options->kind, "scope, permission or role")->required();
  command.add_option("NAME", options->name, "as it is in tokens; a scope has a colon")->required();
  return options;
}

void complete_with_item(CLI::App& command, Command& chosen, const std::shared_ptr<ItemOptions>& options,
                        int (*run)(const flow::House&, Console&, const ItemOptions&)) {
  command.callback([&chosen, options, run] {
    chosen.in_house = [options, run](const flow::House& house, Console& console) {
      return run(house, console, *options);
    };
  });
}

void add_item_commands(CLI::App& group, Command& chosen) {
  CLI::App& items = add_command_group(group, "item", "the scopes, permissions and roles of a resource server");
  auto& setting = add_house_command(items, "set", "add a scope, permission or role, or change it", chosen);
  const auto options = add_item_name(setting);
  add_list_wish(setting, "--for", options->wish.rule,
                "who gets it: all, kind:KIND, context:KEY, group:NAME or client:CLIENT_ID; of one sort one is enough, "
                "and each sort that is named must fit");
  add_wish(setting, "--title", options->wish.title, "name for people");
  add_wish(setting, "--title-de", options->wish.title_de, "its German name, \"\" for none");
  add_wish(setting, "--title-pl", options->wish.title_pl, "its Polish name, \"\" for none");
  add_wish(setting, "--scope", options->wish.scope, "of a permission or a role: only with this scope, \"\" for any");
  add_list_wish(setting, "--permission", options->wish.permissions, "of a role: a permission that it gives");
  give_examples(setting,
                {"resource item set https://results.example.org/ scope results:read --for kind:employee",
                 "resource item set https://results.example.org/ role head --for context:administrator --permission "
                 "results.correct"});
  complete_with_item(setting, chosen, options, set_item);
  auto& removing = add_house_command(items, "remove", "remove a scope, permission or role", chosen);
  give_examples(removing, {"resource item remove https://results.example.org/ scope results:read"});
  complete_with_item(removing, chosen, add_item_name(removing), remove_item);
}

}  // namespace

void add_resource_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "resource", "resource servers: systems that are called with access tokens");
  give_examples(add_list_in_tenant(group, "list resource servers", chosen, list),
                {"resource list", "resource list --tenant clinic"});
  auto& showing = add_house_command(group, "show", "show a resource server with all that it gives", chosen);
  complete_with_name(showing, resource_positional, chosen, show);
  give_examples(showing, {"resource show https://results.example.org/"});
  add_create(group, chosen);
  add_set(group, chosen);
  auto& deleting = add_house_command(group, "delete", "delete a resource server", chosen);
  complete_with_name(deleting, resource_positional, chosen, remove);
  give_examples(deleting, {"resource delete https://results.example.org/"});
  add_item_commands(group, chosen);
}

}  // namespace app
