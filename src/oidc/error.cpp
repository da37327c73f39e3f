#include "oidc/error.hpp"

#include <array>

#include "base/json.hpp"
#include "browser/refusal_log.hpp"

namespace oidc {
namespace {

struct Row {
  flow::OAuthError error;
  std::string_view name;
  int status;
};

using enum flow::OAuthError;
constexpr std::array<Row, 29> table{{
    {invalid_request, "invalid_request", 400},
    {invalid_client, "invalid_client", 401},
    {invalid_grant, "invalid_grant", 400},
    {unauthorized_client, "unauthorized_client", 400},
    {unsupported_grant_type, "unsupported_grant_type", 400},
    {unsupported_response_type, "unsupported_response_type", 400},
    {invalid_scope, "invalid_scope", 400},
    {invalid_target, "invalid_target", 400},
    {access_denied, "access_denied", 400},
    {login_required, "login_required", 400},
    {interaction_required, "interaction_required", 400},
    {account_selection_required, "account_selection_required", 400},
    {consent_required, "consent_required", 400},
    {unmet_authentication_requirements, "unmet_authentication_requirements", 400},
    {request_not_supported, "request_not_supported", 400},
    {request_uri_not_supported, "request_uri_not_supported", 400},
    {registration_not_supported, "registration_not_supported", 400},
    {authorization_pending, "authorization_pending", 400},
    {slow_down, "slow_down", 400},
    {expired_token, "expired_token", 400},
    {invalid_request_uri, "invalid_request_uri", 400},
    {invalid_redirect_uri, "invalid_redirect_uri", 400},
    {invalid_client_metadata, "invalid_client_metadata", 400},
    {invalid_software_statement, "invalid_software_statement", 400},
    {unapproved_software_statement, "unapproved_software_statement", 400},
    {invalid_token, "invalid_token", 401},
    {insufficient_scope, "insufficient_scope", 403},
    {temporarily_unavailable, "temporarily_unavailable", 503},
    {server_error, "server_error", 500},
}};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].error) != i) return false;
  }
  return true;
}
static_assert(is_in_order());

const Row& row_of(flow::OAuthError error) {
  return table.at(static_cast<std::size_t>(error));
}

}  // namespace

std::string_view name_of(flow::OAuthError error) {
  return row_of(error).name;
}
int status_of(flow::OAuthError error) {
  return row_of(error).status;
}

http::Response to_json(const flow::OAuthRefusal& refusal) {
  base::JsonObject body;
  body.text("error", name_of(refusal.error)).text_if("error_description", refusal.description);
  http::Response response = http::Response::json(body.finish(), status_of(refusal.error));
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  if (refusal.error == invalid_client) response.add("WWW-Authenticate", R"(Basic realm="chancery", charset="UTF-8")");
  if (refusal.error == temporarily_unavailable) response.add("Retry-After", "5");
  return response;
}

http::Response to_json(const http::Request& request, const base::Error& error) {
  // A conflict: two requests changed the same thing at once, and this one did not.
  const bool passing =
      error.code == base::Code::unavailable || error.code == base::Code::too_many || error.code == base::Code::conflict;
  browser::log_refusal(request, passing ? 503 : 500, base::describe(error));
  if (passing) return to_json({temporarily_unavailable, "try again later"});
  return to_json({server_error, "an error of ours; it is in our log"});
}

}  // namespace oidc
