// context list|show|create|set|delete: acting contexts
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <functional>
#include <memory>

#include "app/command/command_in_tenant.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "flow/tenant/administer_contexts.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::object json_of(const rights::ActingContext& context) {
  json::array networks;
  for (const base::IpNetwork& one : context.networks) networks.emplace_back(one.to_string());
  return {{"key", context.key},
          {"name", context.name},
          {"name_de", context.name_de},
          {"name_pl", context.name_pl},
          {"role", context.role},
          {"permissions", names_of(rights::granted(context))},
          {"lacks", names_of(context.lacks)},
          {"methods", json::value_from(context.methods)},
          {"level", context.level},
          {"networks", networks},
          {"version", context.version}};
}

int list(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto contexts = flow::list_acting_contexts(house, by.actor, tenant);
  if (!contexts) return refuse(console, contexts.error());
  ListPrinter printer(console, {"key", "role", "lacks", "level", "networks"});
  for (const rights::ActingContext& context : *contexts) printer.add(json_of(context));
  return printer.finish();
}

int show(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  const auto contexts = flow::list_acting_contexts(house, by.actor, which.tenant);
  if (!contexts) return refuse(console, contexts.error());
  for (const rights::ActingContext& context : *contexts) {
    if (context.key == which.name) return print_object(console, json_of(context), {{"networks", "everywhere"}});
  }
  return refuse_unknown(console, {base::Code::not_found, "there is no context " + which.name}, which.name,
                        context_keys(house, by.actor, which.tenant));
}

int create(const flow::House& house, Console& console, const InTenant& which, const flow::ContextWish& wish) {
  const Operator by = make_command_operator();
  const auto made = flow::create_acting_context(house, by.actor, {which.tenant, which.name}, wish, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "the context " + which.name + " was created", {{"key", which.name}, {"created", true}});
}

int set(const flow::House& house, Console& console, const InTenant& which, const flow::ContextWish& wish) {
  const Operator by = make_command_operator();
  const auto changed = flow::change_acting_context(house, by.actor, {which.tenant, which.name}, wish, by.facts);
  if (!changed) {
    return refuse_unknown(console, changed.error(), which.name, context_keys(house, by.actor, which.tenant));
  }
  return report_change(console, "the context " + which.name + (*changed ? " was changed" : " is so already"), *changed);
}

int remove(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  const auto gone = flow::delete_acting_context(house, by.actor, {which.tenant, which.name}, by.facts);
  if (!gone) {
    return refuse_unknown(console, gone.error(), which.name, context_keys(house, by.actor, which.tenant));
  }
  return report_change(console, "the context " + which.name + " was deleted");
}

struct WishOptions {
  std::string name, name_de, name_pl, role;
  std::vector<std::string> methods, networks, lacks;
  std::int64_t level = 1;
};

/// The options of a context; gives a function that reads them after parsing.
std::function<flow::ContextWish()> add_wish_options(CLI::App& command) {
  auto typed = std::make_shared<WishOptions>();
  auto* name = command.add_option("--name", typed->name, "name for people");
  auto* name_de = command.add_option("--name-de", typed->name_de, "its name in German");
  auto* name_pl = command.add_option("--name-pl", typed->name_pl, "its name in Polish");
  auto* role = command.add_option("--role", typed->role, "key of a role: see `chancery role list`");
  auto* methods =
      command.add_option("--method", typed->methods, "method of login that opens it; may be repeated; any: every one");
  auto* level = command.add_option("--level", typed->level, "least level of the login: 1, 2 or 3");
  auto* networks =
      command.add_option("--network", typed->networks, "10.0.0.0/8 or an address; may be repeated; any: everywhere");
  auto* lacks = command.add_option(
      "--lacks", typed->lacks,
      "own_data, own_password, own_suspension, own_deletion or sign; may be repeated; none: nothing");
  return [=] {
    const auto text_of = [](const CLI::Option* option, const std::string& value) {
      return option->count() > 0 ? std::optional(value) : std::nullopt;
    };
    // One word stands for the empty list.
    const auto list_of = [](const CLI::Option* option, const std::vector<std::string>& values, std::string_view empty) {
      if (option->count() == 0) return std::optional<std::vector<std::string>>();
      const bool is_empty = values.size() == 1 && values.front() == empty;
      return std::optional(is_empty ? std::vector<std::string>() : values);
    };
    flow::ContextWish wish;
    wish.name = text_of(name, typed->name);
    wish.name_de = text_of(name_de, typed->name_de);
    wish.name_pl = text_of(name_pl, typed->name_pl);
    wish.role = text_of(role, typed->role);
    wish.methods = list_of(methods, typed->methods, "any");
    if (level->count() > 0) wish.level = typed->level;
    wish.networks = list_of(networks, typed->networks, "any");
    wish.lacks = list_of(lacks, typed->lacks, "none");
    return wish;
  };
}

const Positional context_positional{"CONTEXT", "its key: user, administrator, …"};

void add_with_wish(CLI::App& group, Command& chosen, const std::string& name, const std::string& about,
                   int (*run)(const flow::House&, Console&, const InTenant&, const flow::ContextWish&)) {
  auto& command = add_house_command(group, name, about, chosen);
  give_examples(command, {"context " + name + " ward --role user --level 1 --network 10.0.0.0/8",
                          "context " + name + " ward --lacks own_deletion"});
  const auto which = add_in_tenant(command, context_positional);
  auto read_wish = add_wish_options(command);
  command.callback([&chosen, which, read_wish, run] {
    chosen.in_house = [which, wish = read_wish(), run](const flow::House& house, Console& console) {
      return run(house, console, *which, wish);
    };
  });
}

}  // namespace

void add_context_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "context", "acting contexts: roles that are chosen after a login");
  give_examples(add_list_in_tenant(group, "list the acting contexts", chosen, list), {"context list"});
  auto& showing = add_house_command(group, "show", "show an acting context", chosen);
  complete_in_tenant(showing, context_positional, chosen, show);
  give_examples(showing, {"context show administrator"});
  add_with_wish(group, chosen, "create", "create an acting context", create);
  add_with_wish(group, chosen, "set", "change an acting context; what is not named stays", set);
  auto& deleting = add_house_command(group, "delete", "delete an acting context that no account has", chosen);
  complete_in_tenant(deleting, context_positional, chosen, remove);
  give_examples(deleting, {"context delete ward"});
}

}  // namespace app
