// What the endpoints of OAuth take: endpoint × client authentication × grant × response mode. One table drives the
// code, discovery (RFC 8414 §2), the registration of clients (RFC 7591 §2) and the tests; what is not in it is refused
// by name.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rights/client.hpp"

namespace rights {

/// Endpoints at which a client authenticates.
enum class Endpoint : std::uint8_t {
  token,                 // RFC 6749 §3.2
  pushed_request,        // RFC 9126 §2
  device_authorization,  // RFC 8628 §3.1
  introspection,         // RFC 7662 §2
  revocation             // RFC 7009 §2
};
inline constexpr std::array all_endpoints{Endpoint::token, Endpoint::pushed_request, Endpoint::device_authorization,
                                          Endpoint::introspection, Endpoint::revocation};
/// "token_endpoint": its member in discovery.
std::string_view name_of(Endpoint endpoint);
/// "/oauth2/token".
std::string_view path_of(Endpoint endpoint);

/// How a client authenticates (RFC 7591 §2, token_endpoint_auth_method).
enum class AuthMethod : std::uint8_t {
  none,      // a public client: its name alone
  basic,     // client_secret_basic
  post,      // client_secret_post
  assertion  // private_key_jwt
};
inline constexpr std::array all_auth_methods{AuthMethod::none, AuthMethod::basic, AuthMethod::post,
                                             AuthMethod::assertion};
/// "client_secret_basic".
std::string_view name_of(AuthMethod method);
std::optional<AuthMethod> find_auth_method(std::string_view name);

enum class GrantType : std::uint8_t {
  authorization_code,
  refresh_token,
  client_credentials,
  device_code
};
inline constexpr std::array all_grant_types{GrantType::authorization_code, GrantType::refresh_token,
                                            GrantType::client_credentials, GrantType::device_code};
/// "urn:ietf:params:oauth:grant-type:device_code".
std::string_view name_of(GrantType grant);
std::optional<GrantType> find_grant_type(std::string_view name);

enum class ResponseMode : std::uint8_t {
  query,
  form_post
};
inline constexpr std::array all_response_modes{ResponseMode::query, ResponseMode::form_post};
std::string_view name_of(ResponseMode mode);
std::optional<ResponseMode> find_response_mode(std::string_view name);

/// Whether the endpoint takes this way of authentication.
bool allows(Endpoint endpoint, AuthMethod method);
/// Whether the grant may be used by a client that authenticates so.
bool allows(GrantType grant, AuthMethod method);
/// Whether the grant begins at the authorization endpoint, and so has a response mode and a redirect URI.
bool has_response_mode(GrantType grant);
/// Whether this way is the one, or one of those, that the client is registered for.
bool accepts(const Client& client, AuthMethod method);

/// For discovery: "client_secret_basic client_secret_post private_key_jwt none".
std::string list_auth_methods(Endpoint endpoint);
std::string list_grant_types();
std::string list_response_modes();

}  // namespace rights
