// The refusals of the OAuth flows, in the vocabulary of the standards: RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6,
// RFC 6750 §3.1, RFC 8707 §2, RFC 8628 §3.5, RFC 9101 §7, RFC 7591 §3.2.2. Doors turn it into a redirect, a status or a
// page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rights/uri_difference.hpp"

namespace flow {

enum class OAuthError : std::uint8_t {
  invalid_request,
  invalid_client,
  invalid_grant,
  unauthorized_client,
  unsupported_grant_type,
  unsupported_response_type,
  invalid_scope,
  invalid_target,
  access_denied,
  login_required,
  interaction_required,
  account_selection_required,
  consent_required,
  unmet_authentication_requirements,
  request_not_supported,
  request_uri_not_supported,
  registration_not_supported,
  authorization_pending,
  slow_down,
  expired_token,
  invalid_request_uri,
  invalid_redirect_uri,
  invalid_client_metadata,
  invalid_software_statement,
  unapproved_software_statement,
  invalid_token,
  insufficient_scope,
  temporarily_unavailable,
  server_error,
};

struct OAuthRefusal {
  OAuthError error = OAuthError::server_error;
  std::string_view description;  // a literal for the developer of the client, without a word about accounts
};

/// A request that must not be answered by a redirect: a page for the person (RFC 6749 §4.1.2.1).
struct PageRefusal {
  std::string_view text_key;  // of the sentence in room text
  std::string reason{};       // for the log: what was received, without secrets
  // What the page shows to developers (docs/decisions/0052).
  std::string client_id{};                      // that was asked for and is not known; "" = another refusal
  std::string application{};                    // name of a known client
  std::optional<rights::UriComparison> uris{};  // the address that was asked for; with the registered ones only for
                                                // visitors who may see them
  bool is_denied = false;                       // the request is right, but refused
};

/// `the client "my-app"`, for PageRefusal::reason.
std::string name_client(std::string_view client_id);

}  // namespace flow
