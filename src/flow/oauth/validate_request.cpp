#include "flow/oauth/validate_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "rights/uri_difference.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_state = 1024;
constexpr std::size_t longest_nonce = 512;
constexpr std::size_t longest_other = 512;
constexpr std::size_t longest_printed_id = 100;
// The scopes that this server supports. Others of the client are ignored (RFC 6749 §3.3).
constexpr std::array<std::string_view, 4> built_scopes{"openid", "profile", "email", "phone"};

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string find_granted_scope(std::string_view asked, const rights::Client& client) {
  std::string granted;
  for (const std::string_view scope : built_scopes) {
    if (!has_word(asked, scope) || !rights::is_registered(client.scopes, scope)) continue;
    if (!granted.empty()) granted.push_back(' ');
    granted.append(scope);
  }
  return granted;
}

using Flaw = std::optional<OAuthRefusal>;
constexpr auto bad = [](std::string_view description) { return Flaw({OAuthError::invalid_request, description}); };

Flaw check_sizes(const AuthorizationRequest& request) {
  if (request.doubled) return bad("a parameter is included more than once");
  if (request.state.size() > longest_state) return bad("state is too long");
  if (request.nonce.size() > longest_nonce) return bad("nonce is too long");
  if (request.id_token_hint.size() > longest_hint) return bad("id_token_hint is too long");
  for (const std::string* value : {&request.scope, &request.prompt, &request.login_hint, &request.ui_locales,
                                   &request.acr_values, &request.response_type}) {
    if (value->size() > longest_other) return bad("a parameter is too long");
    if (has_control_character(*value)) return bad("a parameter has a control character");
  }
  if (has_control_character(request.state) || has_control_character(request.nonce)) {
    return bad("state and nonce may not have control characters");
  }
  return {};
}

Flaw check_response(const AuthorizationRequest& request, const rights::Client& client) {
  // OIDC Core §6.1, §6.2, §7.2.1: parameters that are not supported are refused and not ignored.
  if (!request.request.empty()) return Flaw({OAuthError::request_not_supported, "request is not supported"});
  if (!request.request_uri.empty())
    return Flaw({OAuthError::request_uri_not_supported, "request_uri is not supported"});
  if (!request.registration.empty())
    return Flaw({OAuthError::registration_not_supported, "registration is not supported"});
  if (request.response_type.empty()) return bad("response_type is missing");
  if (request.response_type != "code")
    return Flaw({OAuthError::unsupported_response_type, "response_type must be code"});
  if (!request.response_mode.empty() && request.response_mode != "query") return bad("response_mode must be query");
  if (!rights::is_registered(client.grants, "authorization_code")) {
    return Flaw({OAuthError::unauthorized_client, "this client may not use authorization codes"});
  }
  return {};
}

Flaw check_pkce(const AuthorizationRequest& request, const rights::Client& client) {
  if (request.code_challenge.empty()) {
    if (!request.code_challenge_method.empty()) return bad("code_challenge_method without code_challenge");
    if (client.require_pkce || client.auth == rights::ClientAuth::none) return bad("code_challenge is required");
    return {};
  }
  // RFC 7636 §4.3: an absent method means "plain", which shows the verifier to anyone who can read the request.
  if (request.code_challenge_method != "S256") return bad("code_challenge_method must be S256");
  if (!is_code_verifier(request.code_challenge)) return bad("code_challenge is not base64url of a SHA-256");
  return {};
}

// Of prompt=consent, Core §3.1.2.1: "If it cannot obtain consent, it MUST return an error." This server does not ask
// for consent. But §11 makes clients send it with offline_access, and that scope is dropped, so its prompt goes with
// it. docs/decisions/0009-prompt-consent.md
Flaw read_prompt(const AuthorizationRequest& request, ValidRequest& valid) {
  bool others = false;
  bool consent = false;
  bool unknown = false;
  base::for_each_word(request.prompt, [&](std::string_view word) {
    if (word == "none") {
      valid.prompt_none = true;
      return;
    }
    others = true;
    if (word == "login") {
      valid.prompt_login = true;
    } else if (word == "select_account") {
      valid.prompt_select_account = true;
    } else if (word == "consent") {
      consent = true;
    } else {
      unknown = true;
    }
  });
  if (unknown) return bad("unknown prompt");
  if (consent && !has_word(request.scope, "offline_access")) return bad("prompt consent is not supported");
  if (valid.prompt_none && others) return bad("prompt none stands alone");
  return {};
}

Flaw read_max_age(const AuthorizationRequest& request, ValidRequest& valid) {
  if (request.max_age.empty()) return {};
  std::int64_t seconds = 0;
  const char* const end = request.max_age.data() + request.max_age.size();
  const auto [stopped, error] = std::from_chars(request.max_age.data(), end, seconds);
  if (error != std::errc() || stopped != end || seconds < 0 || seconds > 1'000'000'000) {
    return bad("max_age is not a number of seconds");
  }
  valid.max_age = seconds;
  return {};
}

// acr_values is a wish (OIDC Core §3.1.2.1): a value that is not ours is no error.
void read_acr_values(const AuthorizationRequest& request, ValidRequest& valid) {
  constexpr std::string_view prefix = "urn:chancery:acr:";
  base::for_each_word(request.acr_values, [&](std::string_view word) {
    if (word.size() != prefix.size() + 1 || !word.starts_with(prefix)) return;
    const char level = word.back();
    if (level >= '1' && level <= '3' && valid.levels.size() < 3) valid.levels.push_back(level - '0');
  });
}

Flaw read_parameters(const AuthorizationRequest& request, std::string_view issuer, ValidRequest& valid) {
  if (Flaw flaw = read_prompt(request, valid)) return flaw;
  if (Flaw flaw = read_max_age(request, valid)) return flaw;
  read_acr_values(request, valid);
  // RFC 8707 §2: tokens are for this server's own resources only.
  if (!request.resource.empty() && request.resource != issuer) {
    return Flaw({OAuthError::invalid_target, "no such resource"});
  }
  valid.scope = find_granted_scope(request.scope, valid.client);
  if (valid.scope.empty()) return Flaw({OAuthError::invalid_scope, "no scope that this client may have"});
  valid.openid = has_word(valid.scope, "openid");
  return {};
}

std::optional<PageRefusal> find_page_refusal(const AuthorizationRequest& request, const rights::Client* client,
                                             std::string_view issuer) {
  if (request.client_id.empty()) {
    return PageRefusal{"oidc.error.client_missing", "client_id is missing, empty or doubled"};
  }
  const std::string named = name_client(request.client_id);
  if (client == nullptr) {
    PageRefusal refusal{"oidc.error.client", named + " is not registered"};
    if (request.client_id.size() <= longest_printed_id) refusal.client_id = request.client_id;
    return refusal;
  }
  if (!client->enabled) return PageRefusal{"oidc.error.client", named + " is switched off"};
  if (request.redirect_uri.empty()) {
    return PageRefusal{"oidc.error.redirect_uri_missing", named + ": redirect_uri is missing, empty or doubled"};
  }
  if (rights::is_registered(client->redirect_uris, request.redirect_uri)) return {};
  if (request.redirect_uri == std::string(issuer).append(trial_path)) return {};
  return PageRefusal{
      "oidc.error.redirect_uri",
      named + ": redirect_uri \"" + rights::printable_uri(request.redirect_uri) +
          "\" is not registered: " + rights::describe_difference(client->redirect_uris, request.redirect_uri),
      {},
      {},
      rights::compare_uris(client->redirect_uris, request.redirect_uri)};
}

}  // namespace

bool is_code_verifier(std::string_view text) {
  return text.size() >= 43 && text.size() <= 128 && std::all_of(text.begin(), text.end(), is_unreserved);
}

std::string name_client(std::string_view client_id) {
  if (client_id.size() > longest_printed_id) return "a client_id of more than 100 octets";
  return "the client \"" + std::string(client_id) + "\"";
}

RequestJudgement validate_request(const AuthorizationRequest& request, const rights::Client* client,
                                  std::string_view issuer) {
  if (auto refusal = find_page_refusal(request, client, issuer)) return std::move(*refusal);
  if (const Flaw flaw = check_sizes(request)) return *flaw;
  if (const Flaw flaw = check_response(request, *client)) return *flaw;
  if (const Flaw flaw = check_pkce(request, *client)) return *flaw;
  ValidRequest valid;
  valid.client = *client;
  if (const Flaw flaw = read_parameters(request, issuer, valid)) return *flaw;
  valid.redirect_uri = request.redirect_uri;
  valid.state = request.state;
  valid.nonce = request.nonce;
  valid.code_challenge = request.code_challenge;
  valid.login_hint = request.login_hint;
  valid.ui_locales = request.ui_locales;
  valid.id_token_hint = request.id_token_hint;
  valid.resource = request.resource;
  return valid;
}

}  // namespace flow
