#include "web/settings/context_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.hpp"
#include "text/text.hpp"
#include "web/admin/client_form.hpp"

namespace web {
namespace {

constexpr std::array<std::string_view, 3> levels{"1", "2", "3"};

std::string networks_of(const rights::ActingContext& context) {
  std::vector<std::string> lines;
  for (const base::IpNetwork& one : context.networks) lines.push_back(one.to_string());
  return base::join(lines, "\n");
}

std::string say_level(const Visit& visit, std::string_view level) {
  const std::string key = "context_page.level." + std::string(level);
  return text::has(key) ? visit.say(key) : std::string(level);
}

std::string say_methods(const Visit& visit, const ShownContext& shown) {
  std::vector<std::string> names;
  for (const std::string& one : shown.methods) names.push_back(visit.say("context_page.method." + one));
  return names.empty() ? visit.say("context_page.method.every") : base::join(names, ", ");
}

std::string say_allowed(const Visit& visit, const ShownContext& shown) {
  std::vector<std::string> names;
  for (const rights::Permission one : rights::lackable_permissions.list()) {
    const std::string name(rights::name_of(one));
    if (shown.allows.contains(name)) names.push_back(visit.say("permission." + name));
  }
  return base::join(names, ", ");
}

void mark(View& view, const std::vector<std::string>& flaws, std::string_view field, std::string_view mark_name) {
  view.flag(mark_name, std::find(flaws.begin(), flaws.end(), field) != flaws.end());
}

}  // namespace

std::string say_role(const Visit& visit, std::string_view key, const std::vector<flow::RoleRow>& roles) {
  const std::string title = "role.title." + std::string(key);
  if (rights::find_built_in(key) && text::has(title)) return visit.say(title);
  const auto found = std::find_if(roles.begin(), roles.end(), [&](const auto& one) { return one.key == key; });
  return found == roles.end() ? std::string(key) : found->name;
}

std::string say_permissions(const Visit& visit, rights::Permissions permissions) {
  std::vector<std::string> names;
  for (const rights::Permission one : permissions.list()) {
    names.push_back(visit.say("permission." + std::string(rights::name_of(one))));
  }
  return base::join(names, ", ");
}

ShownContext show_stored(const rights::ActingContext& context) {
  ShownContext shown;
  shown.key = context.key;
  shown.name = text::has(context.name) ? std::string() : context.name;
  shown.name_de = context.name_de;
  shown.name_pl = context.name_pl;
  shown.role = context.role;
  shown.level = std::to_string(context.level);
  shown.networks = networks_of(context);
  shown.methods.insert(context.methods.begin(), context.methods.end());
  for (const rights::Permission one : rights::lackable_permissions.without(context.lacks).list()) {
    shown.allows.emplace(rights::name_of(one));
  }
  return shown;
}

ShownContext read_context_form(const http::Form& form) {
  ShownContext shown;
  shown.key = form.get("key");
  shown.name = form.get("name");
  shown.name_de = form.get("name_de");
  shown.name_pl = form.get("name_pl");
  shown.role = form.get("role");
  shown.level = form.get("level");
  shown.networks = base::join(read_lines(form.get("networks")), "\n");
  for (const std::string_view one : rights::ways_of_login()) {
    if (form.has("method:" + std::string(one))) shown.methods.emplace(one);
  }
  for (const rights::Permission one : rights::lackable_permissions.list()) {
    const std::string name(rights::name_of(one));
    if (form.has("allow:" + name)) shown.allows.insert(name);
  }
  return shown;
}

flow::ContextWish make_wish(const ShownContext& shown, const rights::ActingContext* stored) {
  flow::ContextWish wish;
  const bool stays = shown.name.empty() && (stored == nullptr || text::has(stored->name));
  if (!stays) wish.name = shown.name;
  wish.name_de = shown.name_de;
  wish.name_pl = shown.name_pl;
  wish.role = shown.role;
  wish.methods.emplace(shown.methods.begin(), shown.methods.end());
  std::int64_t level = 0;
  std::from_chars(shown.level.data(), shown.level.data() + shown.level.size(), level);
  wish.level = level;
  wish.networks = read_lines(shown.networks);
  wish.lacks.emplace();
  for (const rights::Permission one : rights::lackable_permissions.list()) {
    const std::string name(rights::name_of(one));
    if (!shown.allows.contains(name)) wish.lacks->push_back(name);
  }
  return wish;
}

std::vector<std::pair<std::string_view, std::string>> print_fields(const Visit& visit, const ShownContext& shown,
                                                                   const std::vector<flow::RoleRow>& roles) {
  return {{"name", shown.name},
          {"name_de", shown.name_de},
          {"name_pl", shown.name_pl},
          {"role", say_role(visit, shown.role, roles)},
          {"level", say_level(visit, shown.level)},
          {"methods", say_methods(visit, shown)},
          {"networks", base::join(read_lines(shown.networks), ", ")},
          {"allows", say_allowed(visit, shown)}};
}

void add_context_fields(View& view, const Visit& visit, const ShownContext& shown,
                        const std::vector<flow::RoleRow>& roles, const std::vector<std::string>& flaws) {
  view.text("key", shown.key).text("typed_name", shown.name).text("name_de", shown.name_de);
  view.text("name_pl", shown.name_pl).text("networks", shown.networks);
  for (const flow::RoleRow& role : roles) {
    View& item = view.add("roles");
    std::string label = say_role(visit, role.key, roles);
    if (!role.may_give) label = visit.say("context_page.role_above", {{"role", label}});
    item.text("role_key", role.key).text("role_label", std::move(label));
    item.flag("role_chosen", role.key == shown.role).flag("role_above", !role.may_give);
  }
  for (const std::string_view level : levels) {
    View& item = view.add("levels");
    item.text("level", std::string(level)).text("level_label", say_level(visit, level));
    item.flag("level_chosen", level == shown.level);
  }
  for (const std::string_view one : rights::ways_of_login()) {
    const std::string name(one);
    View& item = view.add("methods");
    item.text("method_name", "method:" + name).text("method_label", visit.say("context_page.method." + name));
    item.flag("method_checked", shown.methods.contains(name));
  }
  for (const rights::Permission one : rights::lackable_permissions.list()) {
    const std::string name(rights::name_of(one));
    View& item = view.add("allows");
    item.text("allow_name", "allow:" + name).text("allow_label", visit.say("permission." + name));
    item.flag("allow_checked", shown.allows.contains(name));
  }
  mark(view, flaws, "key", "flaw_key");
  mark(view, flaws, "name", "flaw_name");
  mark(view, flaws, "name_de", "flaw_name_de");
  mark(view, flaws, "name_pl", "flaw_name_pl");
  mark(view, flaws, "networks", "flaw_networks");
  for (const std::string& field : flaws) {
    View& item = view.add("flaws");
    item.text("href", "#" + field).text("sentence", visit.say("context_page.flaw." + field));
  }
  view.flag("flawed", !flaws.empty());
}

void say_rights_effect(const Visit& visit, rights::Permissions gained, rights::Permissions lost,
                       std::vector<std::string>& said) {
  if (!gained.empty()) {
    said.push_back(visit.say("settings.effect.gained", {{"rights", say_permissions(visit, gained)}}));
  }
  if (!lost.empty()) said.push_back(visit.say("settings.effect.lost", {{"rights", say_permissions(visit, lost)}}));
  if (gained.empty() && lost.empty()) said.push_back(visit.say("settings.effect.no_rights"));
}

}  // namespace web
