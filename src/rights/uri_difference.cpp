#include "rights/uri_difference.hpp"

#include <strings.h>

#include <algorithm>
#include <array>

namespace rights {
namespace {

constexpr std::size_t longest_printed = 300;

/// scheme, host, port, path, query, fragment (RFC 3986 §3). A part that is not there is empty.
using Parts = std::array<std::string_view, 6>;
constexpr std::array<std::string_view, 6> names{"scheme", "host", "port", "path", "query", "fragment"};
constexpr std::size_t path_part = 3;

/// Removes from `rest` the part that begins at the first of `marks`, and gives that part.
std::string_view take_tail(std::string_view& rest, std::string_view marks) {
  const std::size_t at = rest.find_first_of(marks);
  if (at == std::string_view::npos) return {};
  const std::string_view tail = rest.substr(at);
  rest = rest.substr(0, at);
  return tail;
}

Parts split(std::string_view uri) {
  Parts parts;
  parts[5] = take_tail(uri, "#");
  parts[4] = take_tail(uri, "?");
  const std::size_t colon = uri.find(':');
  if (colon != std::string_view::npos) {
    parts[0] = uri.substr(0, colon);
    uri.remove_prefix(colon + 1);
  }
  if (uri.starts_with("//")) {
    uri.remove_prefix(2);
    parts[path_part] = take_tail(uri, "/");
    parts[1] = uri;
    const std::size_t port = uri.rfind(':');
    if (port != std::string_view::npos && uri.find(']', port) == std::string_view::npos) {
      parts[1] = uri.substr(0, port);
      parts[2] = uri.substr(port + 1);
    }
  } else {
    parts[path_part] = uri;
  }
  return parts;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view without_slash(std::string_view path) {
  return path.substr(0, path.find_last_not_of('/') + 1);
}

std::size_t count_equal(const Parts& a, const Parts& b) {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) equal += a[i] == b[i] ? 1U : 0U;
  return equal;
}

std::string name_difference(std::size_t part, std::string_view a, std::string_view b) {
  std::string name(names[part]);
  if (equal_ignoring_case(a, b)) return name + " (upper and lower case)";
  if (part == path_part && without_slash(a) == without_slash(b)) return name + " (slash at the end)";
  return name;
}

}  // namespace

std::string describe_difference(const std::vector<std::string>& registered, std::string_view uri) {
  if (registered.empty()) return "no address is registered";
  const Parts named = split(uri);
  const auto closest =
      std::max_element(registered.begin(), registered.end(), [&](const std::string& a, const std::string& b) {
        return count_equal(split(a), named) < count_equal(split(b), named);
      });
  const Parts wanted = split(*closest);
  std::string differing;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (named[i] == wanted[i]) continue;
    differing.append(differing.empty() ? "" : ", ").append(name_difference(i, named[i], wanted[i]));
  }
  // No part differs if the address is registered or cannot be parsed; then the whole text is said to differ.
  return (differing.empty() ? "it" : differing) + " differs from the registered \"" + printable_uri(*closest) + "\"";
}

std::string printable_uri(std::string_view uri) {
  const std::size_t secret = uri.find_first_of("?#");
  std::string_view shown = uri.substr(0, secret);
  std::string text;
  const std::size_t authority = shown.find("//");
  if (authority != std::string_view::npos) {
    const std::size_t path = shown.find('/', authority + 2);
    const std::size_t at = shown.substr(0, path).rfind('@');
    if (at != std::string_view::npos && at > authority) {
      text.append(shown.substr(0, authority + 2)).append("…@");
      shown.remove_prefix(at + 1);
    }
  }
  std::size_t end = std::min(shown.size(), longest_printed);
  while (end > 0 && end < shown.size() && (static_cast<unsigned char>(shown[end]) & 0xc0U) == 0x80U) --end;
  text.append(shown.substr(0, end));
  if (end < shown.size()) text.append("…");
  if (secret != std::string_view::npos) text.append(1, uri[secret]).append("…");
  return text;
}

}  // namespace rights
