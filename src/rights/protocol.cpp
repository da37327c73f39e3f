#include "rights/protocol.hpp"

#include <algorithm>

#include "base/words.hpp"

namespace rights {
namespace {

struct EndpointRow {
  Endpoint endpoint;
  std::string_view name;
  std::string_view path;
  std::array<bool, all_auth_methods.size()> methods;  // none, basic, post, assertion
};
constexpr std::array endpoints{
    EndpointRow{Endpoint::token, "token_endpoint", "/oauth2/token", {true, true, true, true}},
    EndpointRow{
        Endpoint::pushed_request, "pushed_authorization_request_endpoint", "/oauth2/par", {true, true, true, true}},
    EndpointRow{Endpoint::device_authorization,
                "device_authorization_endpoint",
                "/oauth2/device_authorization",
                {true, true, true, true}},
    // RFC 7662 §2.1: whoever asks must be authorised, so nobody asks by a name alone.
    EndpointRow{Endpoint::introspection, "introspection_endpoint", "/oauth2/introspect", {false, true, true, true}},
    EndpointRow{Endpoint::revocation, "revocation_endpoint", "/oauth2/revoke", {true, true, true, true}},
};

struct GrantRow {
  GrantType grant;
  std::string_view name;
  std::array<bool, all_auth_methods.size()> methods;
  bool has_response_mode;
};
constexpr std::array grants{
    GrantRow{GrantType::authorization_code, "authorization_code", {true, true, true, true}, true},
    GrantRow{GrantType::refresh_token, "refresh_token", {true, true, true, true}, false},
    // RFC 6749 §4.4: only for confidential clients.
    GrantRow{GrantType::client_credentials, "client_credentials", {false, true, true, true}, false},
    GrantRow{GrantType::device_code, "urn:ietf:params:oauth:grant-type:device_code", {true, true, true, true}, false},
};

constexpr std::array<std::string_view, all_auth_methods.size()> method_names{"none", "client_secret_basic",
                                                                             "client_secret_post", "private_key_jwt"};
constexpr std::array<std::string_view, all_response_modes.size()> mode_names{"query", "form_post"};

const EndpointRow& row_of(Endpoint endpoint) {
  return endpoints.at(static_cast<std::size_t>(endpoint));
}
const GrantRow& row_of(GrantType grant) {
  return grants.at(static_cast<std::size_t>(grant));
}

template <class Enum, std::size_t N>
std::optional<Enum> find_named(const std::array<Enum, N>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](Enum one) { return name_of(one) == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string_view name_of(Endpoint endpoint) {
  return row_of(endpoint).name;
}
std::string_view path_of(Endpoint endpoint) {
  return row_of(endpoint).path;
}
std::string_view name_of(AuthMethod method) {
  return method_names.at(static_cast<std::size_t>(method));
}
std::string_view name_of(GrantType grant) {
  return row_of(grant).name;
}
std::string_view name_of(ResponseMode mode) {
  return mode_names.at(static_cast<std::size_t>(mode));
}

std::optional<AuthMethod> find_auth_method(std::string_view name) {
  return find_named(all_auth_methods, name);
}
std::optional<GrantType> find_grant_type(std::string_view name) {
  return find_named(all_grant_types, name);
}
std::optional<ResponseMode> find_response_mode(std::string_view name) {
  return find_named(all_response_modes, name);
}

bool allows(Endpoint endpoint, AuthMethod method) {
  return row_of(endpoint).methods.at(static_cast<std::size_t>(method));
}
bool allows(GrantType grant, AuthMethod method) {
  return row_of(grant).methods.at(static_cast<std::size_t>(method));
}
bool has_response_mode(GrantType grant) {
  return row_of(grant).has_response_mode;
}

bool accepts(const Client& client, AuthMethod method) {
  switch (client.auth) {
    case ClientAuth::none: return method == AuthMethod::none;
    case ClientAuth::private_key_jwt: return method == AuthMethod::assertion;
    case ClientAuth::secret:
      if (method != AuthMethod::basic && method != AuthMethod::post) return false;
      return client.auth_method.empty() || client.auth_method == name_of(method);
  }
  return false;
}

std::string list_auth_methods(Endpoint endpoint) {
  std::string words;
  for (const AuthMethod method : {AuthMethod::basic, AuthMethod::post, AuthMethod::assertion, AuthMethod::none}) {
    if (allows(endpoint, method)) base::append_word(words, name_of(method));
  }
  return words;
}

std::string list_grant_types() {
  std::string words;
  for (const GrantType grant : all_grant_types) base::append_word(words, name_of(grant));
  return words;
}

std::string list_response_modes() {
  std::string words;
  for (const ResponseMode mode : all_response_modes) base::append_word(words, name_of(mode));
  return words;
}

}  // namespace rights
