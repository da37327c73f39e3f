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
// The scopes of OpenID Connect that this server supports, besides those of resource servers. Others of the client are
// ignored (RFC 6749 §3.3).
constexpr std::array<std::string_view, 5> built_scopes{"openid", "profile", "email", "phone", "offline_access"};
constexpr std::size_t most_resources = 10;

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
    if (has_word(asked, scope) && may_have(client, scope)) base::append_word(granted, scope);
  }
  base::for_each_word(asked, [&](std::string_view scope) {
    if (rights::is_resource_scope(scope) && may_have(client, scope)) base::add_word(granted, scope);
  });
  return granted;
}

using Flaw = std::optional<OAuthRefusal>;
constexpr auto bad = [](std::string_view description) { return Flaw({OAuthError::invalid_request, description}); };

/// What only helps a person, and never makes a request fail (OIDC Core §3.1.2.1): "" if it is not usable.
std::string usable(const std::string& hint) {
  return hint.size() > longest_other || has_control_character(hint) ? std::string() : hint;
}

Flaw check_sizes(const AuthorizationRequest& request) {
  if (request.doubled) return bad("a parameter is included more than once");
  if (request.state.size() > longest_state) return bad("state is too long");
  if (request.nonce.size() > longest_nonce) return bad("nonce is too long");
  if (request.id_token_hint.size() > longest_hint) return bad("id_token_hint is too long");
  for (const std::string* value : {&request.scope, &request.prompt, &request.response_type}) {
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
  if (!request.request_uri.empty() && !request.is_pushed)
    return Flaw({OAuthError::request_uri_not_supported, "request_uri must be one of pushed requests"});
  if (!request.registration.empty())
    return Flaw({OAuthError::registration_not_supported, "registration is not supported"});
  if (request.response_type.empty()) return bad("response_type is missing");
  if (request.response_type != "code")
    return Flaw({OAuthError::unsupported_response_type, "response_type must be code"});
  if (!request.response_mode.empty() && !rights::find_response_mode(request.response_mode))
    return bad("response_mode must be query or form_post");
  if (!rights::is_registered(client.grants, "authorization_code")) {
    return Flaw({OAuthError::unauthorized_client, "this client may not use authorization codes"});
  }
  // RFC 9126 §5, require_pushed_authorization_requests.
  if (client.require_par && !request.is_pushed) return bad("this client must push its requests");
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

Flaw read_prompt(const AuthorizationRequest& request, ValidRequest& valid) {
  bool others = false;
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
      valid.prompt_consent = true;
    } else {
      unknown = true;
    }
  });
  if (unknown) return bad("unknown prompt");
  if (valid.prompt_none && others) return bad("prompt none stands alone");
  return {};
}

Flaw read_max_age(const AuthorizationRequest& request, ValidRequest& valid) {
  valid.max_age = valid.client.default_max_age;
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

/// The level of "urn:chancery:acr:2"; 0 = it is none of ours.
std::int64_t find_level(std::string_view acr) {
  constexpr std::string_view prefix = "urn:chancery:acr:";
  if (acr.size() != prefix.size() + 1 || !acr.starts_with(prefix)) return 0;
  const char level = acr.back();
  return level >= '1' && level <= '3' ? level - '0' : 0;
}

// acr_values is a wish (OIDC Core §3.1.2.1), and so is a voluntary claim: a value that is not ours is no error. An
// essential claim must be fulfilled (§5.5.1.1).
void read_levels(const AuthorizationRequest& request, ValidRequest& valid) {
  const auto wish = [&](std::string_view acr) {
    const std::int64_t level = find_level(acr);
    if (level > 0 && valid.levels.size() < 3) valid.levels.push_back(level);
  };
  for (const std::string& acr : valid.wish.voluntary_acrs()) wish(acr);
  base::for_each_word(usable(request.acr_values), wish);
  const std::vector<std::string> essential = valid.wish.essential_acrs();
  if (essential.empty()) return;
  valid.essential_levels.emplace();
  for (std::int64_t level = 1; level <= 3; ++level) {
    const auto is_it = [&](const std::string& acr) { return find_level(acr) == level; };
    if (std::any_of(essential.begin(), essential.end(), is_it)) valid.essential_levels->push_back(level);
  }
}

Flaw read_claims(const AuthorizationRequest& request, ValidRequest& valid) {
  if (request.claims.size() > longest_claims) return bad("claims is too long");
  auto wish = ClaimsWish::parse(request.claims);
  if (!wish) return bad("claims is not the JSON of OpenID Connect Core section 5.5");
  // Without openid it is no request of OpenID Connect, and there is neither an ID token nor userinfo.
  if (!valid.openid) return {};
  valid.wish = std::move(*wish);
  valid.wish.filter([&](const ClaimsWish::Claim& claim) {
    const std::string_view scope = scope_of_claim(claim.name);
    return scope == "openid" || rights::is_registered(valid.client.scopes, scope);
  });
  valid.subject = valid.wish.subject();
  // §2: "auth_time … REQUIRED" if max_age is requested, or the client has registered it.
  if (valid.max_age || valid.client.require_auth_time) {
    valid.wish.want(ClaimsWish::Place::id_token, "auth_time");
  }
  return {};
}

bool is_resource_uri(std::string_view text) {
  // RFC 8707 §2: "an absolute URI … MUST NOT include a fragment component."
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon > 0 && text.size() <= longest_other &&
         text.find('#') == std::string_view::npos && !has_control_character(text);
}

Flaw read_resources(const AuthorizationRequest& request, std::string_view issuer, ValidRequest& valid) {
  const std::vector<std::string> named = base::split_words(request.resource);
  if (named.size() > most_resources) return Flaw({OAuthError::invalid_target, "too many resources"});
  const auto& allowed = valid.client.resources;
  for (const std::string& one : named) {
    const bool is_allowed = allowed.empty() || one == issuer || rights::is_registered(allowed, one);
    if (!is_resource_uri(one) || !is_allowed) return Flaw({OAuthError::invalid_target, "no such resource"});
  }
  valid.resource = request.resource;
  return {};
}

Flaw read_parameters(const AuthorizationRequest& request, std::string_view issuer, ValidRequest& valid) {
  if (Flaw flaw = read_prompt(request, valid)) return flaw;
  if (Flaw flaw = read_max_age(request, valid)) return flaw;
  if (Flaw flaw = read_resources(request, issuer, valid)) return flaw;
  valid.scope = find_granted_scope(request.scope, valid.client);
  if (valid.scope.empty()) return Flaw({OAuthError::invalid_scope, "no scope that this client may have"});
  valid.openid = has_word(valid.scope, "openid");
  if (Flaw flaw = read_claims(request, valid)) return flaw;
  read_levels(request, valid);
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

bool may_have(const rights::Client& client, std::string_view scope) {
  if (!rights::is_registered(client.scopes, scope)) return false;
  // Without refresh tokens there is nothing that could outlive the session.
  return scope != "offline_access" || rights::is_registered(client.grants, name_of(rights::GrantType::refresh_token));
}

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
  valid.response_mode = rights::find_response_mode(request.response_mode).value_or(rights::ResponseMode::query);
  valid.state = request.state;
  valid.nonce = request.nonce;
  valid.code_challenge = request.code_challenge;
  valid.login_hint = usable(request.login_hint);
  valid.ui_locales = usable(request.ui_locales);
  valid.id_token_hint = request.id_token_hint;
  if (request.is_pushed) valid.pushed_uri = request.request_uri;
  return valid;
}

}  // namespace flow
