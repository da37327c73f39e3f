// Every page's template in every language, made ready at the first call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/text.hpp"
#include "web/page/view.hpp"

namespace web {

/// Makes all templates ready. Throws std::logic_error if one is broken: the server does not start with such.
void prepare_templates();

/// `page` is the file's name without ".html". Throws std::logic_error if there is none.
std::string render(std::string_view page, text::Language language, const View& view);

/// Names of the pages (templates that are no parts of others), for tests.
std::vector<std::string_view> page_names();

}  // namespace web
