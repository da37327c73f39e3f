#include "demo/page.hpp"

#include <algorithm>

#include "demo/words.hpp"

namespace demo {

namespace {

constexpr std::string_view document = R"html(<!doctype html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{title}}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body class="{{application}}">
<a class="skip" href="#content">[[skip]]</a>
<header>
<div class="bar">
<p class="brand"><span class="mark" aria-hidden="true"></span><span><strong>{{name}}</strong><small>[[clinic]]</small></span></p>
<nav aria-label="[[navigation]]"><ul>{{{entries}}}</ul></nav>
<div class="tools">{{{tools}}}</div>
</div>
</header>
<main id="content" tabindex="-1">
{{{main}}}
</main>
<footer><p>[[example_data]]</p></footer>
</body>
</html>
)html";

std::string make_entry(text::Language language, std::string_view word, const std::string& url, bool current) {
  return fill(language,
              current ? R"(<li><a href="{{url}}" aria-current="page">{{name}}</a></li>)"
                      : R"(<li><a href="{{url}}">{{name}}</a></li>)",
              {{"url", url}, {"name", std::string(find_word(language, word))}});
}

/// How much of `text`, which begins with a scheme, is the address. Punctuation at the end belongs to the sentence, and
/// a closing bracket does too unless the address has the opening one.
std::size_t measure_address(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] > ' ' && text[end] < '\x7f' &&
         std::string_view("<>\"'`{}|\\^").find(text[end]) == std::string_view::npos)
    ++end;
  const auto is_outside = [](std::string_view address) {
    if (std::string_view(".,;:!?").find(address.back()) != std::string_view::npos) return true;
    return (address.back() == ')' && address.find('(') == std::string_view::npos) ||
           (address.back() == ']' && address.find('[') == std::string_view::npos);
  };
  while (end > 0 && is_outside(text.substr(0, end))) --end;
  return end;
}

}  // namespace

std::string link_addresses(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto begin = std::min(text.find("http://"), text.find("https://"));
    out += escape_html(text.substr(0, begin));
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t scheme = text.find("//") + 2;
    const std::string_view address = text.substr(0, std::max(scheme, measure_address(text)));
    const std::string escaped = escape_html(address);
    out += address.size() == scheme ? escaped
                                    : R"(<a rel="noopener noreferrer" href=")" + escaped + R"(">)" + escaped + "</a>";
    text.remove_prefix(address.size());
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string fill(text::Language language, std::string_view pattern, const Values& values) {
  const auto find = [&](std::string_view name) -> std::string {
    const auto it = std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
    return it == values.end() ? "" : it->second;
  };
  std::string out;
  while (!pattern.empty()) {
    const auto begin = std::min(pattern.find("{{"), pattern.find("[["));
    out.append(pattern.substr(0, begin));
    if (begin == std::string_view::npos) break;
    pattern.remove_prefix(begin);
    const bool is_word = pattern.front() == '[';
    const bool is_block = pattern.starts_with("{{{");
    const std::string_view close = is_word ? "]]" : is_block ? "}}}" : "}}";
    const auto end = pattern.find(close);
    const std::string_view name = pattern.substr(close.size(), end - close.size());
    if (is_word) out.append(escape_html(find_word(language, name)));
    if (is_block) out.append(find(name));
    if (!is_word && !is_block) out.append(escape_html(find(name)));
    pattern.remove_prefix(end + close.size());
  }
  return out;
}

std::string make_page(text::Language language, const Frame& frame, const std::string& main) {
  const std::string name(find_word(language, frame.application));
  std::string entries = make_entry(language, "portal", frame.portal + "/", frame.current == "portal") +
                        make_entry(language, "laboratory", frame.laboratory + "/", frame.current == "laboratory") +
                        make_entry(language, "practice", frame.portal + "/practice", frame.current == "practice") +
                        make_entry(language, "inbox", frame.portal + "/inbox", frame.current == "inbox");
  return fill(language, document,
              {{"lang", std::string(text::code_of(language))},
               {"title", frame.title.empty() || frame.title == name ? name : frame.title + " – " + name},
               {"application", std::string(frame.application)},
               {"name", name},
               {"entries", std::move(entries)},
               {"tools", frame.tools},
               {"main", main}});
}

}  // namespace demo
