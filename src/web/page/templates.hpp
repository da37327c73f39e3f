// The templates of all pages in all languages, compiled at the first call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/text.hpp"
#include "web/page/view.hpp"

namespace web {

/// Compiles all templates. Throws std::logic_error if one is broken, so that the server does not start with it.
void prepare_templates();

/// `page` is the file's name without ".html". Throws std::logic_error if there is none.
std::string render(std::string_view page, text::Language language, const View& view);

/// For tests: names of the templates that are pages and not parts of other templates.
std::vector<std::string_view> page_names();

}  // namespace web
