#include "web/settings/tenant_form.hpp"

#include <algorithm>
#include <array>

#include "flow/house/brand_shades.hpp"
#include "text/language.hpp"
#include "web/page/brand.hpp"

namespace web {
namespace {

/// The surfaces of the two schemes of chancery.css, for a picture that is not styled by the page.
struct Scheme {
  std::string_view label;  // a key
  std::string_view ground;
  std::string_view surface;
  std::string_view ink;
};
constexpr Scheme light{"organisation.look.light", "#f6f8f7", "#ffffff", "#15211e"};
constexpr Scheme dark{"organisation.look.dark", "#101715", "#1a2321", "#e8efed"};
/// The product's own colours, where a brand has none.
const flow::Shades own_light{"#0f5c55", "#0a443f", "#ffffff", "#0b4843", "#07312e"};
const flow::Shades own_dark{"#7ad3c6", "#a5e4da", "#06211d", "#0b3d38", "#082622"};

void add_look(View& view, const Visit& visit, const flow::Shades& shades, const Scheme& scheme,
              const std::string& logo) {
  View& item = view.add("looks");
  item.text("look_logo", logo).text("look_label", visit.say(scheme.label)).text("ground", std::string(scheme.ground));
  item.text("surface", std::string(scheme.surface)).text("ink", std::string(scheme.ink));
  item.text("accent", shades.accent).text("on_accent", shades.on_accent).text("panel", shades.panel);
}

void add_moved(View& view, const Visit& visit, const std::string& typed, const std::string& shown,
               std::string_view key) {
  if (typed.empty() || shown.empty() || typed == shown) return;
  view.add("moved").text("moved_text", visit.say(key, {{"typed", typed}, {"shown", shown}}));
}

}  // namespace

std::string say_locale(const Visit& visit, std::string_view locale) {
  text::Language language{};
  if (!locale.empty() && text::find_language(locale, language)) return std::string(text::name_of(language));
  return visit.say("organisation.locale.none");
}

void add_locales(View& view, const Visit& visit, std::string_view chosen) {
  for (const std::string_view locale : {"", "en", "de", "pl"}) {
    View& item = view.add("locales");
    item.text("locale", std::string(locale)).text("locale_label", say_locale(visit, locale));
    item.flag("locale_chosen", locale == chosen);
  }
}

std::string code_of_told(const std::optional<bool>& told) {
  if (!told) return {};
  return *told ? "yes" : "no";
}

std::string say_told(const Visit& visit, const std::string& told) {
  if (told == "yes") return visit.say("organisation.told.yes");
  return visit.say(told == "no" ? "organisation.told.no" : "organisation.told.none");
}

void add_told(View& view, const Visit& visit, std::string_view chosen) {
  for (const char* told : {"", "yes", "no"}) {
    View& item = view.add("tolds");
    item.text("told", told).text("told_label", say_told(visit, told)).flag("told_chosen", told == chosen);
  }
}

void add_tenant_flaws(View& view, const Visit& visit, const std::vector<std::string>& flaws) {
  const auto has = [&](std::string_view field) { return std::find(flaws.begin(), flaws.end(), field) != flaws.end(); };
  for (const std::string& field : flaws) {
    View& item = view.add("flaws");
    item.text("href", "#" + (field == "taken" ? std::string("key") : field));
    item.text("sentence", visit.say("organisation.flaw." + field));
  }
  view.flag("flawed", !flaws.empty()).flag("flaw_name", has("name")).flag("flaw_brand_name", has("brand_name"));
  view.flag("flaw_key", has("key") || has("taken")).flag("flaw_accent", has("accent"));
  view.flag("flaw_accent_dark", has("accent_dark")).flag("flaw_logo_svg", has("logo_svg"));
}

void add_looks(View& view, const Visit& visit, const flow::Brand& brand, const std::string& logo) {
  const flow::BrandShades shades = flow::find_shades(brand);
  add_look(view, visit, shades.light.value_or(own_light), light, logo);
  add_look(view, visit, shades.dark.value_or(own_dark), dark, logo);
  const ShownAccents shown = shown_accents(brand);
  add_moved(view, visit, brand.accent, shown.light, "organisation.look.moved_light");
  add_moved(view, visit, brand.accent_dark.empty() ? brand.accent : brand.accent_dark, shown.dark,
            "organisation.look.moved_dark");
}

}  // namespace web
