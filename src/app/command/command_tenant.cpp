// tenant show|set: name, colours and logo of the house
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "web/page/brand.hpp"

namespace app {
namespace {

namespace json = boost::json;

int show(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::find_tenant_look(house, by.actor);
  if (!look) return refuse(console, look.error());
  const web::ShownAccents shown = web::shown_accents(look->brand);
  json::object object;
  object["id"] = look->id.to_string();
  object["name"] = look->name;
  object["brand_name"] = look->brand_name;
  object["accent"] = look->brand.accent;
  object["accent_shown"] = shown.light;
  object["accent_dark"] = look->brand.accent_dark;
  object["accent_dark_shown"] = shown.dark;
  object["logo_octets"] = look->brand.logo_svg.size();
  constexpr const char* own = "the product's own";
  return print_object(console, object,
                      {{"brand_name", "the same"},
                       {"accent", own},
                       {"accent_shown", own},
                       {"accent_dark", look->brand.accent.empty() ? own : "from the accent"},
                       {"accent_dark_shown", own},
                       {"logo_octets", own}});
}

/// Tells of a colour that was changed for contrast, because the pages show the changed one.
std::string tell_moved(const std::string& set, const std::string& shown, std::string_view where) {
  if (set.empty() || set == shown) return {};
  return "\nwords in " + set + " could not be read on " + std::string(where) + " pages: they show " + shown;
}

int set(const flow::House& house, Console& console, flow::TenantWish wish, bool has_logo) {
  const Operator by = make_command_operator();
  if (has_logo) wish.logo_svg = console.file;
  // An empty argument removes the logo; an empty file is a mistake.
  if (has_logo && console.file.empty()) return refuse(console, {base::Code::invalid_input, "the logo is empty"});
  const auto changed = flow::change_tenant(house, by.actor, wish, by.facts);
  if (!changed) return refuse(console, changed.error());
  std::string sentence = *changed ? "the tenant was changed; pages show it within seconds" : "nothing is different";
  const auto look = flow::find_tenant_look(house, by.actor);
  if (!look) return refuse(console, look.error());
  const web::ShownAccents shown = web::shown_accents(look->brand);
  const flow::Brand& brand = look->brand;
  const bool dark_follows = brand.accent_dark.empty();
  if (wish.accent) sentence += tell_moved(brand.accent, shown.light, "light");
  if (wish.accent_dark || (wish.accent && dark_follows)) {
    sentence += tell_moved(dark_follows ? brand.accent : brand.accent_dark, shown.dark, "dark");
  }
  return report_change(console, sentence, *changed);
}

struct SetOptions {
  std::string name, brand_name, accent, accent_dark, logo_file;
  bool no_brand_name = false;
  bool no_accent = false;
  bool no_accent_dark = false;
  bool no_logo = false;
};

std::optional<std::string> wished(const CLI::Option* option, const std::string& value, bool taken_away) {
  if (taken_away) return std::string();
  return option->count() > 0 ? std::optional(value) : std::nullopt;
}

void add_set(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "set", "change the name, colours or logo; what is not named stays", chosen);
  auto options = std::make_shared<SetOptions>();
  auto* name = command.add_option("--name", options->name, "name of the tenant");
  auto* brand_name = command.add_option("--brand-name", options->brand_name, "name on the pages, if it is another one");
  auto* accent =
      command.add_option("--accent,--colour", options->accent, "colour of buttons and links, for example #0b5cad");
  auto* accent_dark = command.add_option("--accent-dark,--colour-dark", options->accent_dark,
                                         "the same for the dark scheme; from --accent if it is not given");
  auto* logo = command.add_option("--logo-file", options->logo_file, "logo: an SVG image of at most 64 KiB");
  command.add_flag("--no-brand-name", options->no_brand_name, "the tenant's name on the pages")->excludes(brand_name);
  command.add_flag("--no-accent", options->no_accent, "the product's own colour")->excludes(accent);
  command.add_flag("--no-accent-dark", options->no_accent_dark, "the dark scheme's colour from --accent")
      ->excludes(accent_dark);
  command.add_flag("--no-logo", options->no_logo, "the product's own logo")->excludes(logo);
  give_examples(command, {"tenant set --name \"Klinika nad Rzeką\" --accent \"#0b5cad\" --logo-file logo.svg",
                          "tenant set --no-logo --no-accent"});
  command.callback([&chosen, options, name, brand_name, accent, accent_dark, logo] {
    flow::TenantWish wish;
    wish.name = wished(name, options->name, false);
    wish.brand_name = wished(brand_name, options->brand_name, options->no_brand_name);
    wish.accent = wished(accent, options->accent, options->no_accent);
    wish.accent_dark = wished(accent_dark, options->accent_dark, options->no_accent_dark);
    if (options->no_logo) wish.logo_svg = std::string();
    const bool has_logo = logo->count() > 0;
    if (!wish.name && !wish.brand_name && !wish.accent && !wish.accent_dark && !wish.logo_svg && !has_logo) {
      throw CLI::ValidationError(
          "tenant set",
          "name what to change: --name, --brand-name, --accent, --accent-dark, --logo-file or one of --no-…");
    }
    chosen.file = options->logo_file;
    chosen.in_house = [wish, has_logo](const flow::House& house, Console& console) {
      return set(house, console, wish, has_logo);
    };
  });
}

}  // namespace

void add_tenant_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "tenant", "name and look of the house");
  auto& showing = add_house_command(group, "show", "show name, colours and logo", chosen);
  give_examples(showing, {"tenant show", "tenant show --json"});
  showing.callback([&chosen] { chosen.in_house = show; });
  add_set(group, chosen);
}

}  // namespace app
