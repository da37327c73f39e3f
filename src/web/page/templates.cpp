#include "web/page/templates.hpp"

#include <array>
#include <map>
#include <stdexcept>

#include "web/page/assets.hpp"
#include "web/page/embedded.hpp"
#include "web/page/template.hpp"

namespace web {
namespace {

constexpr std::string_view ending = ".html";

std::string_view find_source(std::string_view name) {
  for (const base::EmbeddedFile& file : embedded_templates()) {
    if (file.name.size() == name.size() + ending.size() && file.name.starts_with(name)) return file.content;
  }
  return {};
}

/// The name of a template that is a part of others begins with an underscore.
bool is_page(const base::EmbeddedFile& file) {
  return !file.name.starts_with('_');
}

std::string_view page_name(const base::EmbeddedFile& file) {
  return file.name.substr(0, file.name.size() - ending.size());
}

using Pages = std::map<std::string_view, Template, std::less<>>;

std::array<Pages, 3> make_all() {
  const Template::Sources sources{find_source, asset_address};
  std::array<Pages, 3> all;
  for (const text::Language language : {text::Language::en, text::Language::de, text::Language::pl}) {
    for (const base::EmbeddedFile& file : embedded_templates()) {
      if (!is_page(file)) continue;
      all[static_cast<std::size_t>(language)].emplace(page_name(file),
                                                      Template::make(page_name(file), sources, language));
    }
  }
  return all;
}

const Pages& pages_of(text::Language language) {
  static const std::array<Pages, 3> all = make_all();
  return all[static_cast<std::size_t>(language)];
}

}  // namespace

void prepare_templates() {
  pages_of(text::Language::en);
}

std::string render(std::string_view page, text::Language language, const View& view) {
  const Pages& pages = pages_of(language);
  const auto found = pages.find(page);
  if (found == pages.end()) throw std::logic_error("no page " + std::string(page));
  return found->second.render(view);
}

std::vector<std::string_view> page_names() {
  std::vector<std::string_view> names;
  for (const base::EmbeddedFile& file : embedded_templates()) {
    if (is_page(file)) names.push_back(page_name(file));
  }
  return names;
}

}  // namespace web
