#include "oidc/authorization_request.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/bytes.hpp"
#include "base/words.hpp"
#include "crypto/token/strict_json.hpp"

namespace oidc {
namespace {

using Request = flow::AuthorizationRequest;
constexpr std::array<std::pair<std::string_view, std::string Request::*>, 20> parameters{{
    {"client_id", &Request::client_id},
    {"redirect_uri", &Request::redirect_uri},
    {"response_type", &Request::response_type},
    {"response_mode", &Request::response_mode},
    {"scope", &Request::scope},
    {"state", &Request::state},
    {"nonce", &Request::nonce},
    {"code_challenge", &Request::code_challenge},
    {"code_challenge_method", &Request::code_challenge_method},
    {"prompt", &Request::prompt},
    {"max_age", &Request::max_age},
    {"login_hint", &Request::login_hint},
    {"ui_locales", &Request::ui_locales},
    {"acr_values", &Request::acr_values},
    {"id_token_hint", &Request::id_token_hint},
    {"resource", &Request::resource},
    {"claims", &Request::claims},
    {"request", &Request::request},
    {"request_uri", &Request::request_uri},
    {"registration", &Request::registration},
}};

/// May come several times (RFC 8707 §2); no resource indicator has a blank.
constexpr std::string_view several = "resource";
constexpr std::size_t longest_wish = 1024;

bool has_doubled(const http::Form& form) {
  std::set<std::string_view> seen;
  return std::any_of(form.fields().begin(), form.fields().end(),
                     [&](const auto& field) { return field.first != several && !seen.insert(field.first).second; });
}

void append_field(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query.push_back('&');
  query.append(name).append(1, '=').append(base::percent_encode(value));
}

}  // namespace

flow::AuthorizationRequest read_request(const http::Form& form) {
  flow::AuthorizationRequest request;
  // "Request and response parameters MUST NOT be included more than once" (RFC 6749 §3.1), known or not.
  request.doubled = has_doubled(form);
  for (const auto& [name, member] : parameters) request.*member = form.get(name);
  request.resource.clear();
  for (const auto& [name, value] : form.fields()) {
    if (name != several || value.empty()) continue;
    if (!request.resource.empty()) request.resource.push_back(' ');
    request.resource.append(value);
  }
  return request;
}

std::string print_request(const flow::AuthorizationRequest& request) {
  std::string query;
  query.reserve(512);
  for (const auto& [name, member] : parameters) {
    const std::string& value = request.*member;
    if (value.empty()) continue;
    if (name != several) {
      append_field(query, name, value);
      continue;
    }
    base::for_each_word(value, [&](std::string_view one) { append_field(query, several, one); });
  }
  return query;
}

void read_answer_wish(flow::AuthorizationRequest& request) {
  const std::string_view object = request.request;
  const std::size_t first = object.find('.');
  const std::size_t second = first == std::string_view::npos ? first : object.find('.', first + 1);
  if (second == std::string_view::npos) return;
  const auto claims = base::parse_base64url(object.substr(first + 1, second - first - 1));
  if (!claims) return;
  const auto outline = crypto::outline_object(*claims);
  if (!outline) return;
  const auto take = [&outline](std::string& parameter, std::string_view name) {
    const std::string* const text = outline->find_text(name);
    if (parameter.empty() && text != nullptr && text->size() <= longest_wish) parameter = *text;
  };
  take(request.state, "state");
  take(request.response_mode, "response_mode");
}

}  // namespace oidc
