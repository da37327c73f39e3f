#include "oidc/client_call.hpp"

#include <algorithm>
#include <utility>

#include "oidc/client_credentials.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

constexpr std::string_view repeatable = "resource";

}  // namespace

std::variant<ClientCall, http::Response> read_call(const http::Request& request, rights::Endpoint endpoint) {
  if (!request.query.empty()) return refuse(request, "parameters belong into the body");
  auto form = request.body_form();
  if (!form) return refuse(request, "the body is not a form");
  if (!find_doubled(*form).empty()) return refuse(request, "a parameter is included more than once");
  auto credentials = read_credentials(request, *form, endpoint);
  if (const auto* refusal = std::get_if<flow::OAuthRefusal>(&credentials)) {
    return refuse(request, refusal->description, refusal->error);
  }
  return ClientCall{std::move(*form), std::get<flow::ClientCredentials>(std::move(credentials))};
}

std::string words_of(const http::Form& form, std::string_view name) {
  std::string words;
  for (const auto& [field, value] : form.fields()) {
    if (field != name || value.empty()) continue;
    if (!words.empty()) words.push_back(' ');
    words.append(value);
  }
  return words;
}

std::string_view find_doubled(const http::Form& form) {
  const auto& fields = form.fields();
  for (auto i = fields.begin(); i != fields.end(); ++i) {
    if (i->first == repeatable) continue;
    if (std::any_of(fields.begin(), i, [&](const auto& earlier) { return earlier.first == i->first; })) {
      return i->first;
    }
  }
  return {};
}

http::Response refuse(const http::Request& request, std::string_view why, flow::OAuthError error) {
  http::Response response = to_json(flow::OAuthRefusal{error, why});
  share_with_client(request, std::nullopt, response);
  return response;
}

}  // namespace oidc
