// HTML of the demonstration's applications. Invariant: every value is escaped; only blocks, which are made here, are
// inserted unchanged.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/text.hpp"

namespace demo {

std::string escape_html(std::string_view text);
/// A block: `text` escaped, with every http and https address in it as a link.
std::string link_addresses(std::string_view text);

/// A page, or a part of one: `[[word]]` is replaced by its sentence, `{{name}}` by the escaped value,
/// `{{{name}}}` by the block of that name.
using Values = std::vector<std::pair<std::string_view, std::string>>;
std::string fill(text::Language language, std::string_view pattern, const Values& values = {});

struct Frame {
  std::string_view application;  // "portal", "laboratory": a key of words, and a class for the colours
  std::string title;
  std::string portal;  // origins, for the navigation
  std::string laboratory;
  std::string_view current;  // which entry of the navigation is this page; "" = none
  std::string tools;         // block at the top right
};
/// The whole document around `main`, which is a block.
std::string make_page(text::Language language, const Frame& frame, const std::string& main);

}  // namespace demo
