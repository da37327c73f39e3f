#include "web/administration/below_prefix.hpp"

#include <algorithm>
#include <array>

namespace web {
namespace {

constexpr std::array<std::string_view, 8> attributes{
    "href", "src", "action", "formaction", "data-check-at", "data-options-at", "data-leave-to", "data-look-again"};

/// What was copied of the element that is open at its end; "" = the end is text.
std::string_view find_open_element(std::string_view copied) {
  const std::size_t begin = copied.rfind('<');
  if (begin == std::string_view::npos) return {};
  copied.remove_prefix(begin);
  return copied.find('>') == std::string_view::npos ? copied : std::string_view();
}

/// Whether what was copied so far ends with an attribute that holds an address, as `<a href="`.
bool ends_with_attribute(std::string_view copied) {
  if (!copied.ends_with("=\"") || find_open_element(copied).empty()) return false;
  copied.remove_suffix(2);
  return std::any_of(attributes.begin(), attributes.end(), [&](std::string_view name) {
    return copied.ends_with(name) && copied.size() > name.size() && copied[copied.size() - name.size() - 1] == ' ';
  });
}

bool ends_with_refresh(std::string_view copied) {
  constexpr std::string_view refresh = "<meta http-equiv=\"refresh\" content=\"";
  if (!copied.ends_with(";url=")) return false;
  std::string_view element = find_open_element(copied);
  if (!element.starts_with(refresh)) return false;
  element.remove_prefix(refresh.size());
  return element.find('"') == std::string_view::npos;
}

bool ends_with_url(std::string_view copied) {
  return copied.ends_with("url(") || copied.ends_with("url(\"");
}

bool is_own_address(std::string_view text) {
  return text.starts_with('/') && !text.starts_with("//");
}

template <class Ends>
std::string put_before(std::string_view text, std::string_view prefix, const Ends& ends) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (true) {
    const std::size_t at = text.find('/');
    if (at == std::string_view::npos) break;
    out.append(text.substr(0, at));
    text.remove_prefix(at);
    if (is_own_address(text) && ends(std::string_view(out))) out.append(prefix);
    // Both slashes of "//", so that the second one is not taken for the beginning of an address.
    const std::size_t taken = text.starts_with("//") ? 2 : 1;
    out.append(text.substr(0, taken));
    text.remove_prefix(taken);
  }
  return out.append(text);
}

void lead_header_below(http::Header& header, std::string_view prefix) {
  constexpr std::string_view mark = "; url=";
  if (header.name == "Location" && is_own_address(header.value)) header.value.insert(0, prefix);
  if (header.name != "Refresh") return;
  const std::size_t at = header.value.find(mark);
  if (at == std::string::npos || !is_own_address(std::string_view(header.value).substr(at + mark.size()))) return;
  header.value.insert(at + mark.size(), prefix);
}

}  // namespace

std::string lead_below(std::string_view html, std::string_view prefix) {
  return put_before(html, prefix,
                    [](std::string_view copied) { return ends_with_attribute(copied) || ends_with_refresh(copied); });
}

std::string lead_style_below(std::string_view css, std::string_view prefix) {
  return put_before(css, prefix, ends_with_url);
}

http::Response lead_below(http::Response response, std::string_view prefix) {
  for (http::Header& header : response.headers) lead_header_below(header, prefix);
  const bool is_page = response.content_type.starts_with("text/html");
  if (!is_page && !response.content_type.starts_with("text/css")) return response;
  const std::string_view body = response.ready_body ? std::string_view(*response.ready_body) : response.body;
  response.body = is_page ? lead_below(body, prefix) : lead_style_below(body, prefix);
  response.ready_body.reset();
  return response;
}

http::Route put_below(const http::Route& route, std::string_view prefix) {
  http::Route below = route;
  below.pattern = route.pattern == "/" ? std::string(prefix) : std::string(prefix) + route.pattern;
  below.roles = {http::Role::connector};
  below.plain = false;
  below.handler = [inner = route.handler, prefix = std::string(prefix)](const http::Request& request) {
    http::Request stripped = request;
    stripped.path.erase(0, prefix.size());
    if (stripped.path.empty()) stripped.path = "/";
    stripped.prefix = prefix;
    return lead_below(inner(stripped), prefix);
  };
  return below;
}

}  // namespace web
