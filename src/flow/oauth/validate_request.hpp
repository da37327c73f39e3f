// The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3) and its validation. It uses no
// database and no clock, so that a request gives the same result when it arrives and when it is resumed after the
// login. Invariant: the browser is not redirected before the client and the redirect URI are found to be valid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/words.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/token/claims_wish.hpp"
#include "rights/client.hpp"
#include "rights/protocol.hpp"

namespace flow {

/// The parameters as sent. "" = absent: "Parameters sent without a value MUST be treated as if they were omitted"
/// (RFC 6749 §3.1).
struct AuthorizationRequest {
  std::string client_id;
  std::string redirect_uri;
  std::string response_type;
  std::string response_mode;
  std::string scope;
  std::string state;
  std::string nonce;
  std::string code_challenge;
  std::string code_challenge_method;
  std::string prompt;
  std::string max_age;
  std::string login_hint;
  std::string ui_locales;
  std::string acr_values;
  std::string id_token_hint;
  std::string resource;  // words: it may come several times (RFC 8707 §2)
  std::string claims;
  std::string request;
  std::string request_uri;
  std::string registration;
  /// All of it but client_id and request_uri came by PAR (RFC 9126), where the client was authenticated; also while it
  /// is pushed.
  bool is_pushed = false;
  bool doubled = false;  // a parameter came twice; duplicate client_id, redirect_uri and state are "" above
};

struct ValidRequest {
  rights::Client client;
  std::string redirect_uri;
  rights::ResponseMode response_mode = rights::ResponseMode::query;
  std::string scope;  // granted: asked for, the client's, and built
  bool openid = false;
  std::string state;
  std::string nonce;
  std::string code_challenge;  // "" only if the client need not use PKCE
  bool prompt_none = false;
  bool prompt_login = false;
  bool prompt_select_account = false;
  bool prompt_consent = false;
  std::optional<std::int64_t> max_age;  // seconds; of the request, or the client's default
  std::vector<std::int64_t> levels;     // of acr_values, in their order; values that are not ours are left out
  /// Those of an essential `acr`, in ascending order: one of them must be reached. Not set: none is essential; empty:
  /// only values that are not ours, which nobody reaches.
  std::optional<std::vector<std::int64_t>> essential_levels;
  ClaimsWish wish;      // what the client's scopes allow of it
  std::string subject;  // that the wish demands; "" = any
  std::string login_hint;
  std::string ui_locales;
  std::string id_token_hint;
  std::string resource;    // words; those that the client may name, whether they exist or not
  std::string pushed_uri;  // "" = it was not pushed
};

using RequestJudgement = std::variant<ValidRequest, OAuthRefusal, PageRefusal>;

/// `client`: the one that client_id names, or nullptr. `issuer`: a resource that every client may name.
/// An OAuthRefusal may be sent to request.redirect_uri, a PageRefusal may not.
RequestJudgement validate_request(const AuthorizationRequest& request, const rights::Client* client,
                                  std::string_view issuer);

/// The page of this server for test logins: a redirect URI of every client, at which only who administers the client
/// gets a code (docs/decisions/0046-test-login.md).
inline constexpr std::string_view trial_path = "/admin/test-login";

/// Octets of an id_token_hint.
inline constexpr std::size_t longest_hint = 2048;

/// 43 to 128 unreserved characters: a code verifier (RFC 7636 §4.1).
bool is_code_verifier(std::string_view text);

/// Whether the client may be granted the scope: it is registered for it, and for what the scope needs.
bool may_have(const rights::Client& client, std::string_view scope);

using base::has_word;

}  // namespace flow
