#include "browser/request_facts.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "browser/cookies.hpp"

namespace browser {
namespace {

std::string_view header_of(const http::Request& request, std::string_view name) {
  const std::string* value = request.find_header(name);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

/// A header as text for the database and for pages: at most 256 octets, cut between code points. If it is not UTF-8,
/// every octet beyond ASCII becomes '?'.
std::string to_text(std::string_view value) {
  constexpr std::size_t longest = 256;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
  std::size_t end = std::min(value.size(), longest);
  while (end > 0 && end < value.size() && is_inside(value[end])) --end;
  std::string text(value.substr(0, end));
  if (!base::is_utf8(text)) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80U; }, '?');
  }
  return text;
}

}  // namespace

flow::RequestFacts facts_of(const http::Request& request) {
  return {request.client_ip, to_text(header_of(request, "User-Agent")), request.request_id,
          base::now(),       read_cookie(request, device_cookie),       language_of(request)};
}

flow::RequestFacts facts_of_program(const http::Request& request) {
  flow::RequestFacts facts = facts_of(request);
  facts.devices.clear();
  return facts;
}

text::Language language_of(const http::Request& request) {
  return choose_language(request, {}, {});
}

text::Language choose_language(const http::Request& request, std::string_view ui_locales, std::string_view of_account) {
  const std::string chosen_here = read_cookie(request, language_cookie);
  return text::choose_language(ui_locales, of_account.empty() ? std::string_view(chosen_here) : of_account,
                               header_of(request, "Accept-Language"));
}

}  // namespace browser
