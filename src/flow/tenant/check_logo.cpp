#include "flow/tenant/check_logo.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/bytes.hpp"

namespace flow {
namespace {

constexpr std::string_view white = " \t\r\n";

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// The text without leading white space.
std::string_view skip_white(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

/// The text from its first element on: without byte order mark, declaration and comments.
std::string_view find_root(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (text = skip_white(text); text.starts_with("<?xml ") || text.starts_with("<!--"); text = skip_white(text)) {
    const std::string_view end = text.starts_with("<!--") ? "-->" : "?>";
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + end.size());
  }
  return text;
}

/// Whether every value after `name` stays inside the file: "#part" or an embedded image.
bool stays_inside(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    std::string_view rest = text.substr(at + name.size());
    if (name == "href") {
      rest = skip_white(rest);
      if (!rest.starts_with('=')) continue;
      rest.remove_prefix(1);
    }
    rest = skip_white(rest);
    if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
    rest = skip_white(rest);
    if (!rest.starts_with('#') && !rest.starts_with("data:image/")) return false;
  }
  return true;
}

/// Attributes such as onload="…".
bool has_handler(std::string_view text) {
  for (std::size_t at = text.find("on"); at != std::string_view::npos; at = text.find("on", at + 1)) {
    if (at == 0 || (white.find(text[at - 1]) == std::string_view::npos && text[at - 1] != '"' && text[at - 1] != '\'' &&
                    text[at - 1] != '/'))
      continue;
    std::size_t end = at + 2;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end > at + 2 && skip_white(text.substr(end)).starts_with('=')) return true;
  }
  return false;
}

base::Result<void> refuse(const std::string& why) {
  return base::fail(base::Code::invalid_input, "the logo " + why);
}

}  // namespace

base::Result<void> check_logo(std::string_view octets) {
  if (octets.empty()) return refuse("is empty");
  if (octets.size() > largest_logo) {
    return refuse("has " + std::to_string(octets.size()) + " octets; at most " + std::to_string(largest_logo) +
                  " are taken");
  }
  const std::string text = base::is_utf8(octets) ? in_lower_case(octets) : std::string();
  const std::string_view root = find_root(text);
  const bool is_svg = root.starts_with("<svg") && root.size() > 4 && !is_letter(root[4]) &&
                      root.find("http://www.w3.org/2000/svg") != std::string_view::npos;
  if (!is_svg)
    return refuse("is not an SVG image (in UTF-8, beginning with <svg xmlns=\"http://www.w3.org/2000/svg\" …>)");
  if (root.find("</svg>") == std::string_view::npos) return refuse("is cut off: </svg> is missing");
  constexpr std::array<std::string_view, 8> refused{"<script",          "<foreignobject", "<!doctype", "<!entity",
                                                    "<?xml-stylesheet", "javascript:",    "@import",   "<iframe"};
  for (const std::string_view one : refused) {
    if (text.find(one) != std::string::npos)
      return refuse("contains " + std::string(one) + ", which a logo does not need");
  }
  if (has_handler(root)) return refuse("contains an attribute on…=, which a logo does not need");
  if (!stays_inside(root, "href") || !stays_inside(root, "url(")) {
    return refuse("refers to something outside itself, which pages do not fetch");
  }
  return {};
}

}  // namespace flow
