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

const std::string* find_closest(const std::vector<std::string>& registered, const Parts& named) {
  const auto closest =
      std::max_element(registered.begin(), registered.end(), [&](const std::string& a, const std::string& b) {
        return count_equal(split(a), named) < count_equal(split(b), named);
      });
  return closest == registered.end() ? nullptr : &*closest;
}

std::string to_printable_ascii(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string shown;
  for (const char c : text.substr(0, longest_printed)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet > 0x20 && octet < 0x7f) {
      shown.push_back(c);
    } else {
      shown.append({'%', digits[octet >> 4U], digits[octet & 15U]});
    }
  }
  return text.size() > longest_printed ? shown + "…" : shown;
}

/// An address without its user information, which may be secret and has a colon of its own.
struct Bare {
  explicit Bare(std::string_view uri) {
    const std::size_t begin = uri.find("//");
    const std::size_t path =
        begin == std::string_view::npos ? 0 : std::min(uri.find_first_of("/?#", begin + 2), uri.size());
    const std::size_t at = begin == std::string_view::npos ? begin : uri.substr(0, path).rfind('@');
    has_user = at != std::string_view::npos && at > begin;
    text = has_user ? std::string(uri.substr(0, begin + 2)).append(uri.substr(at + 1)) : std::string(uri);
  }
  std::string text;
  bool has_user = false;
};

/// The part with the signs that stand around it. Of query and fragment nothing is shown, because they may be secret.
std::string print_part(const Parts& parts, std::size_t part, bool has_authority) {
  const std::string_view text = parts[part];
  switch (part) {
    case 0: return text.empty() ? std::string() : to_printable_ascii(text) + (has_authority ? "://" : ":");
    case 1: return to_printable_ascii(text);
    case 2: return text.empty() ? std::string() : ":" + to_printable_ascii(text);
    case path_part: return to_printable_ascii(text);
    default: return text.empty() ? std::string() : std::string(text.substr(0, 1)).append("…");
  }
}

/// `other`: what the parts are compared with; nullptr = nothing differs.
UriPieces print_pieces(const Bare& bare, const Bare* other) {
  const Parts parts = split(bare.text);
  const Parts others = other == nullptr ? parts : split(other->text);
  const std::size_t colon = bare.text.find(':');
  const bool has_authority = colon != std::string::npos && bare.text.compare(colon + 1, 2, "//") == 0;
  UriPieces pieces;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (part == 1 && bare.has_user) pieces.push_back({"…@", other != nullptr && !other->has_user});
    std::string text = print_part(parts, part, has_authority);
    if (!text.empty()) pieces.push_back({std::move(text), parts[part] != others[part]});
  }
  return pieces;
}

}  // namespace

UriComparison compare_uris(const std::vector<std::string>& registered, std::string_view uri) {
  constexpr std::size_t most = 10;
  const Bare named(uri);
  const std::string* closest = find_closest(registered, split(named.text));
  UriComparison comparison;
  if (closest == nullptr) {
    comparison.named = print_pieces(named, nullptr);
    return comparison;
  }
  const Bare wanted(*closest);
  comparison.named = print_pieces(named, &wanted);
  comparison.registered.push_back(print_pieces(wanted, &named));
  for (const std::string& one : registered) {
    if (&one != closest && comparison.registered.size() < most) {
      comparison.registered.push_back(print_pieces(Bare(one), nullptr));
    }
  }
  return comparison;
}

std::string describe_difference(const std::vector<std::string>& registered, std::string_view uri) {
  if (registered.empty()) return "no address is registered";
  const Parts named = split(uri);
  const std::string* closest = find_closest(registered, named);
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
