// tenant list|show|create|set|delete: tenants, their names, colours and logos
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/time.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "flow/tenant/delete_tenant.hpp"
#include "flow/tenant/features.hpp"
#include "web/page/brand.hpp"

namespace app {
namespace {

namespace json = boost::json;

std::string key_of(const std::vector<flow::TenantLook>& all, const std::optional<base::Id>& id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return id == one.id; });
  return found == all.end() ? std::string() : found->key;
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto tenants = flow::list_tenants(house, by.actor);
  if (!tenants) return refuse(console, tenants.error());
  ListPrinter printer(console, {"key", "name", "parent"});
  for (const flow::TenantLook& one : *tenants) {
    printer.add({{"key", one.key},
                 {"name", one.name},
                 {"parent", key_of(*tenants, one.parent_id)},
                 {"locale", one.locale},
                 {"id", one.id.to_string()}});
  }
  return printer.finish();
}

int show(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto look = flow::find_tenant_look(house, by.actor, tenant);
  if (!look) return refuse(console, look.error());
  const web::ShownAccents shown = web::shown_accents(look->brand);
  json::object object;
  object["id"] = look->id.to_string();
  object["key"] = look->key;
  object["name"] = look->name;
  object["locale"] = look->locale;
  object["acting_told"] = look->acting_told ? (*look->acting_told ? "yes" : "no") : "";
  object["brand_name"] = look->brand_name;
  object["accent"] = look->brand.accent;
  object["accent_shown"] = shown.light;
  object["accent_dark"] = look->brand.accent_dark;
  object["accent_dark_shown"] = shown.dark;
  object["logo_octets"] = look->brand.logo_svg.size();
  constexpr const char* own = "the product's own";
  return print_object(console, object,
                      {{"brand_name", "the same"},
                       {"locale", "that of the installation"},
                       {"acting_told", "as the one above it, or session.acting_told"},
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

int set(const flow::House& house, Console& console, const std::string& tenant, flow::TenantWish wish, bool has_logo) {
  const Operator by = make_command_operator();
  if (has_logo) wish.logo_svg = console.file;
  // An empty argument removes the logo; an empty file is a mistake.
  if (has_logo && console.file.empty()) return refuse(console, {base::Code::invalid_input, "the logo is empty"});
  const auto changed = flow::change_tenant(house, by.actor, tenant, wish, by.facts);
  if (!changed) return refuse(console, changed.error());
  std::string sentence = *changed ? "the tenant was changed; pages show it within seconds" : "nothing is different";
  const auto look = flow::find_tenant_look(house, by.actor, tenant);
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

struct NewOptions {
  std::string key, name, parent, locale;
};

int create(const flow::House& house, Console& console, const NewOptions& options) {
  const Operator by = make_command_operator();
  flow::TenantWish wish;
  if (!options.name.empty()) wish.name = options.name;
  if (!options.locale.empty()) wish.locale = options.locale;
  const auto made = flow::create_tenant(house, by.actor, {options.key, options.parent}, wish, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "the tenant " + options.key + " was created",
                       {{"key", options.key}, {"id", made->to_string()}, {"created", true}});
}

void add_create(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "create", "create a tenant below another one", chosen);
  auto options = std::make_shared<NewOptions>();
  command.add_option("TENANT", options->key, "its key: small letters, digits, _ and -")->required();
  command.add_option("--name", options->name, "name for people; without it the key");
  command.add_option("--parent", options->parent, "key or id of the tenant above it; without it the first one");
  command.add_option("--locale", options->locale, "language of those who have not chosen one: en, de or pl");
  give_examples(command, {"tenant create clinic --name \"Klinika nad Rzeką\" --locale pl"});
  command.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
}

std::shared_ptr<std::string> add_optional_tenant(CLI::App& command) {
  auto tenant = std::make_shared<std::string>();
  command.add_option("TENANT", *tenant, "key or id; without it the first tenant");
  return tenant;
}

struct SetOptions {
  std::string name, brand_name, accent, accent_dark, logo_file, locale, acting_told;
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
  auto& command = add_house_command(
      group, "set", "change the name, colours, logo or what people are told; what is not named stays", chosen);
  auto options = std::make_shared<SetOptions>();
  const auto tenant = add_optional_tenant(command);
  auto* name = command.add_option("--name", options->name, "name of the tenant");
  auto* brand_name = command.add_option("--brand-name", options->brand_name, "name on the pages, if it is another one");
  auto* accent =
      command.add_option("--accent,--colour", options->accent, "colour of buttons and links, for example #0b5cad");
  auto* accent_dark = command.add_option("--accent-dark,--colour-dark", options->accent_dark,
                                         "the same for the dark scheme; from --accent if it is not given");
  auto* locale =
      command.add_option("--locale", options->locale,
                         "language of those who have not chosen one: en, de or pl; empty: the installation's");
  auto* acting_told = command.add_option("--acting-told", options->acting_told,
                                         "whether people get a message when somebody acts for them: yes or no; empty: "
                                         "as the tenant above it, or session.acting_told");
  auto* logo = command.add_option("--logo-file", options->logo_file, "logo: an SVG image of at most 64 KiB");
  command.add_flag("--no-brand-name", options->no_brand_name, "the tenant's name on the pages")->excludes(brand_name);
  command.add_flag("--no-accent", options->no_accent, "the product's own colour")->excludes(accent);
  command.add_flag("--no-accent-dark", options->no_accent_dark, "the dark scheme's colour from --accent")
      ->excludes(accent_dark);
  command.add_flag("--no-logo", options->no_logo, "the product's own logo")->excludes(logo);
  give_examples(command, {"tenant set --name \"Klinika nad Rzeką\" --accent \"#0b5cad\" --logo-file logo.svg",
                          "tenant set clinic --no-logo --no-accent", "tenant set clinic --acting-told no"});
  command.callback([&chosen, options, tenant, name, brand_name, accent, accent_dark, logo, locale, acting_told] {
    flow::TenantWish wish;
    wish.name = wished(name, options->name, false);
    wish.brand_name = wished(brand_name, options->brand_name, options->no_brand_name);
    wish.accent = wished(accent, options->accent, options->no_accent);
    wish.accent_dark = wished(accent_dark, options->accent_dark, options->no_accent_dark);
    wish.locale = wished(locale, options->locale, false);
    wish.acting_told = wished(acting_told, options->acting_told, false);
    if (options->no_logo) wish.logo_svg = std::string();
    const bool has_logo = logo->count() > 0;
    if (!wish.name && !wish.brand_name && !wish.accent && !wish.accent_dark && !wish.logo_svg && !wish.locale &&
        !wish.acting_told && !has_logo) {
      throw CLI::ValidationError("tenant set",
                                 "name what to change: --name, --brand-name, --accent, --accent-dark, --locale, "
                                 "--acting-told, --logo-file or one "
                                 "of --no-…");
    }
    chosen.file = options->logo_file;
    chosen.in_house = [tenant, wish, has_logo](const flow::House& house, Console& console) {
      return set(house, console, *tenant, wish, has_logo);
    };
  });
}

std::string list_left(const flow::TenantRemains& remains) {
  std::string sentence;
  for (const flow::LeftInTenant& one : remains.left) {
    sentence += (sentence.empty() ? "" : ", ") + std::string(one.kind) + " " +
                (one.name.empty() && !one.id.is_none() ? one.id.to_string() : one.name);
    if (one.goes_on) sentence += " and more";
  }
  return sentence;
}

int remove(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto gone = flow::delete_tenant(house, by.actor, tenant, by.facts);
  if (!gone) {
    const auto all = flow::list_tenants(house, by.actor);
    std::vector<std::string> keys;
    if (all)
      std::transform(all->begin(), all->end(), std::back_inserter(keys), [](const auto& one) { return one.key; });
    return refuse_unknown(console, gone.error(), tenant, keys);
  }
  if (gone->is_first) return refuse(console, {base::Code::conflict, "the first tenant is never deleted"});
  if (!gone->may_go())
    return refuse(console, {base::Code::conflict, "something is left in the tenant: " + list_left(*gone)});
  return report_change(console, "the tenant " + tenant + " was deleted");
}

int list_tenant_features(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto all = flow::list_features(house, by.actor, tenant);
  if (!all) return refuse(console, all.error());
  ListPrinter printer(console, {"feature", "state", "own", "since"});
  for (const flow::FeatureLook& one : all->features) {
    const bool was_set = one.since != base::Time();
    printer.add({{"feature", flow::name_of(one.feature)},
                 {"state", flow::name_of(one.state)},
                 {"own", one.is_own},
                 {"since", was_set ? base::to_rfc3339(one.since) : std::string()},
                 {"new", one.is_new}});
  }
  return printer.finish();
}

struct FeatureOptions {
  std::string feature, state, tenant;
};

int set_tenant_feature(const flow::House& house, Console& console, const FeatureOptions& options) {
  const Operator by = make_command_operator();
  const auto feature = flow::parse_feature(options.feature);
  if (!feature) return refuse(console, feature.error());
  const auto state = flow::parse_feature_state(options.state);
  if (!state) return refuse(console, state.error());
  const auto changed = flow::set_feature(house, by.actor, {options.tenant, *feature, *state}, by.facts);
  if (!changed) return refuse(console, changed.error());
  return report_change(console, *changed ? "the feature is " + options.state : "nothing is different", *changed);
}

void add_features(CLI::App& tenants, Command& chosen) {
  CLI::App& group = add_command_group(tenants, "feature", "features that are switched on for each tenant");
  auto& listing = add_house_command(group, "list", "the features of a tenant; own: not as the one above it", chosen);
  const auto tenant = add_optional_tenant(listing);
  give_examples(listing, {"tenant feature list", "tenant feature list clinic --json"});
  listing.callback([&chosen, tenant] {
    chosen.in_house = [tenant](const flow::House& house, Console& console) {
      return list_tenant_features(house, console, *tenant);
    };
  });
  auto& setting = add_house_command(
      group, "set", "switch a feature on or off, or note that it was ordered; those below a tenant inherit it", chosen);
  auto options = std::make_shared<FeatureOptions>();
  setting.add_option("FEATURE", options->feature, "client_systems")->required();
  setting.add_option("STATE", options->state, "off, ordered or on")->required();
  setting.add_option("--tenant", options->tenant, "key or id; without it the first tenant");
  give_examples(setting,
                {"tenant feature set client_systems on --tenant clinic", "tenant feature set client_systems off"});
  setting.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return set_tenant_feature(house, console, *options);
    };
  });
}

}  // namespace

void add_tenant_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "tenant", "tenants: organisations with their names and looks");
  give_examples(add_list_command(group, "list the tenants", chosen, list), {"tenant list"});
  auto& showing = add_house_command(group, "show", "show name, language, colours and logo", chosen);
  const auto tenant = add_optional_tenant(showing);
  give_examples(showing, {"tenant show", "tenant show clinic --json"});
  showing.callback([&chosen, tenant] {
    chosen.in_house = [tenant](const flow::House& house, Console& console) { return show(house, console, *tenant); };
  });
  add_create(group, chosen);
  add_set(group, chosen);
  auto& deleting = add_house_command(
      group, "delete", "delete a tenant in which nothing is left; without that it says what is left", chosen);
  give_examples(complete_with_name(deleting, {"TENANT", "key or id"}, chosen, remove), {"tenant delete clinic"});
  add_features(group, chosen);
}

}  // namespace app
