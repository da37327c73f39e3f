#include "rights/client.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/ip_address.hpp"

namespace rights {
namespace {

constexpr std::size_t longest_uri = 1000;
constexpr std::size_t longest_client_id = 100;
constexpr std::size_t most_uris = 50;
constexpr base::Duration day = std::chrono::hours(24);
constexpr base::Duration oldest_secret = 365 * day;
constexpr base::Duration longest_unused = 30 * day;    // of a client that was never used
constexpr base::Duration longest_disused = 180 * day;  // of one that was
constexpr std::array<std::string_view, 6> known_scopes{"openid", "profile", "email",
                                                       "phone",  "address", "offline_access"};
constexpr std::array<std::string_view, 4> known_grants{"authorization_code", "refresh_token", "client_credentials",
                                                       "urn:ietf:params:oauth:grant-type:device_code"};
// No postal address is kept of anybody.
constexpr std::array<std::string_view, 5> served_scopes{"openid", "profile", "email", "phone", "offline_access"};
// OIDC Core §5.1; `name` is always in the ID token if the scope allows it.
constexpr std::array<std::string_view, 6> known_claims{"given_name", "family_name", "preferred_username",
                                                       "locale",     "email",       "phone_number"};

constexpr std::array<std::string_view, 5> kinds{"web", "spa", "native", "machine", "resource"};
constexpr std::array<std::string_view, 3> auths{"none", "secret", "private_key_jwt"};
constexpr std::size_t longest_scope = 100;
constexpr std::size_t longest_jwks = 20'000;
constexpr std::size_t longest_contact = 200;
constexpr std::size_t most_contacts = 10;

template <class Range>
bool contains(const Range& range, std::string_view one) {
  return std::find(range.begin(), range.end(), one) != range.end();
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 3986 §2: the characters of a URI. A backslash is not one of them; browsers read it as a slash.
bool is_uri_character(char c) {
  return is_alphanumeric(c) || std::string_view("-._~:/?[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

// The parts that a rule looks at: "https", "example.org:8443". Authority is "" if there is none.
struct UriParts {
  std::string_view scheme;
  std::string_view authority;
  bool has_authority = false;
};

UriParts split(std::string_view uri) {
  UriParts parts;
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return parts;
  parts.scheme = uri.substr(0, colon);
  std::string_view rest = uri.substr(colon + 1);
  if (!rest.starts_with("//")) return parts;
  rest.remove_prefix(2);
  parts.has_authority = true;
  parts.authority = rest.substr(0, rest.find_first_of("/?"));
  return parts;
}

bool is_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 &&
         std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Host without port; "" if the authority holds anything but host and port.
std::string_view find_host(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) return {};
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return {};
    const std::string_view after = authority.substr(end + 1);
    if (!after.empty() && (after.front() != ':' || !is_port(after.substr(1)))) return {};
    return authority.substr(0, end + 1);
  }
  const std::size_t colon = authority.find(':');
  if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) return {};
  const std::string_view host = authority.substr(0, colon);
  const bool plain =
      std::all_of(host.begin(), host.end(), [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
  return plain ? host : std::string_view();
}

// RFC 1123 §2.1: labels of 1 to 63 letters, digits and hyphens, no hyphen at an end.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-';
}

// Whether the host is a name that can be resolved, or an address that one host can have.
bool can_be_reached(std::string_view host) {
  if (host.starts_with('[')) return base::IpAddress::parse(host.substr(1, host.size() - 2)).has_value();
  if (host.size() > 253) return false;
  std::string_view last;
  for (std::size_t begin = 0, dot = 0; dot != std::string_view::npos; begin = dot + 1) {
    dot = host.find('.', begin);
    last = host.substr(begin, dot - begin);
    if (!is_label(last)) return false;
  }
  const bool is_number = std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return true;
  const auto address = base::IpAddress::parse(host);
  return address && address->to_string() != "0.0.0.0";
}

// Whether the authority has no port, or one that a server can listen on.
bool has_real_port(std::string_view authority, std::string_view host) {
  if (authority.size() == host.size()) return true;
  const int port = std::stoi(std::string(authority.substr(host.size() + 1)));
  return port >= 1 && port <= 65535;
}

// RFC 8252 §7.1: a private-use scheme is a domain name in reverse order, so it has a dot.
bool is_private_scheme(std::string_view scheme) {
  return scheme.find('.') != std::string_view::npos && scheme.front() >= 'a' && scheme.front() <= 'z' &&
         std::all_of(scheme.begin(), scheme.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
         });
}

// The code of what is wrong with it; "" = nothing.
std::string_view find_uri_flaw(std::string_view uri, bool private_scheme_allowed) {
  if (uri.empty()) return "uri_empty";
  if (uri.size() > longest_uri) return "uri_long";
  if (uri.find('#') != std::string_view::npos) return "uri_fragment";
  if (uri.find('*') != std::string_view::npos) return "uri_wildcard";
  if (!std::all_of(uri.begin(), uri.end(), is_uri_character)) return "uri_character";
  const UriParts parts = split(uri);
  if (parts.scheme == "https" || parts.scheme == "http") {
    const std::string_view host = parts.has_authority ? find_host(parts.authority) : std::string_view();
    if (host.empty()) return "uri_host";
    if (!can_be_reached(host) || !has_real_port(parts.authority, host)) return "uri_unreachable";
    if (parts.scheme == "http" && !base::is_loopback_host(host)) return "uri_http";
    return {};
  }
  if (parts.scheme.empty()) return "uri_relative";
  if (!is_private_scheme(parts.scheme)) return "uri_scheme";
  if (!private_scheme_allowed) return "uri_private";
  return {};
}

// "example.org" of "https://example.org:8443/x"; the scheme of an address without a host, as native applications have.
std::string_view sector_host(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return {};
  if (uri.substr(colon, 3) != "://") return uri.substr(0, colon);
  std::string_view host = uri.substr(colon + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']') + 1, host.size()));
  return host.substr(0, host.find(':'));
}

using Flaws = std::vector<ClientFlaw>;

void check_uri(Flaws& flaws, std::string_view field, std::string_view uri, bool private_scheme_allowed) {
  const std::string_view code = find_uri_flaw(uri, private_scheme_allowed);
  if (!code.empty()) flaws.push_back({field, code, std::string(uri.substr(0, longest_uri))});
}

// Whether UTF-8 text has a character that nobody sees and that changes what the others look like: C1 controls, zero
// width (U+200B to U+200F, U+2060, U+FEFF), ends of lines and directions (U+2028 to U+202E, U+2066 to U+2069). With
// them one name looks like another (Unicode TR 36).
bool has_hidden_character(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(at < text.size() ? text[at] : 0); };
    if (octet(i) == 0xc2 && octet(i + 1) < 0xa0) return true;
    if (octet(i) == 0xef && octet(i + 1) == 0xbb && octet(i + 2) == 0xbf) return true;
    if (octet(i) != 0xe2) continue;
    const unsigned char last = octet(i + 2);
    if (octet(i + 1) == 0x80 && ((last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae))) return true;
    if (octet(i + 1) == 0x81 && (last == 0xa0 || (last >= 0xa6 && last <= 0xa9))) return true;
  }
  return false;
}

bool is_line(std::string_view text, std::size_t least, std::size_t most) {
  return base::is_utf8(text) && !has_hidden_character(text) && base::count_code_points(text) >= least &&
         base::count_code_points(text) <= most && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

void check_uris(Flaws& flaws, const Client& client) {
  const bool is_public = client.auth == ClientAuth::none;
  if (client.redirect_uris.size() > most_uris) flaws.push_back({"redirect_uris", "uris_many", {}});
  if (client.post_logout_redirect_uris.size() > most_uris)
    flaws.push_back({"post_logout_redirect_uris", "uris_many", {}});
  if (!flaws.empty()) return;
  for (const std::string& uri : client.redirect_uris) check_uri(flaws, "redirect_uris", uri, is_public);
  for (const std::string& uri : client.post_logout_redirect_uris)
    check_uri(flaws, "post_logout_redirect_uris", uri, is_public);
  if (!client.backchannel_logout_uri.empty()) {
    check_uri(flaws, "backchannel_logout_uri", client.backchannel_logout_uri, false);
  }
  if (!client.launch_uri.empty()) check_uri(flaws, "launch_uri", client.launch_uri, false);
}

// What a public client cannot be or have.
void check_kind(Flaws& flaws, const Client& client) {
  const bool is_public = client.auth == ClientAuth::none;
  const bool wants_public = client.kind == ClientKind::spa || client.kind == ClientKind::native;
  if (is_public != wants_public) {
    flaws.push_back({"kind", is_public ? "kind_secret" : "kind_public", std::string(name_of(client.kind))});
  }
  if (!is_public) return;
  if (!client.secrets.empty()) flaws.push_back({"secrets", "secret_public", {}});
  if (!client.require_pkce) flaws.push_back({"require_pkce", "pkce_public", {}});
  if (contains(client.grants, "client_credentials")) flaws.push_back({"grants", "credentials_public", {}});
  if (client.account_id) flaws.push_back({"account", "account_public", {}});
  if (client.writes_events) flaws.push_back({"writes_events", "events_public", {}});
}

// OIDC Core §8.1; the document of sector_identifier_uri is looked at where the client registers.
void check_sector(Flaws& flaws, const Client& client) {
  if (client.is_pairwise && find_sector(client).empty()) flaws.push_back({"is_pairwise", "sector_missing", {}});
}

void check_contacts(Flaws& flaws, const Client& client) {
  const bool are_lines = std::all_of(client.contacts.begin(), client.contacts.end(),
                                     [](const std::string& one) { return is_line(one, 1, longest_contact); });
  if (client.contacts.size() > most_contacts || !are_lines) flaws.push_back({"contacts", "contact", {}});
}

// What only some ways of authentication need.
void check_protocol(Flaws& flaws, const Client& client) {
  const bool has_keys = !client.jwks.empty() || !client.jwks_uri.empty();
  if (client.auth == ClientAuth::private_key_jwt && !has_keys) flaws.push_back({"jwks", "keys_missing", {}});
  if (!client.jwks.empty() && !client.jwks_uri.empty()) flaws.push_back({"jwks", "keys_twice", {}});
  if (client.jwks.size() > longest_jwks) flaws.push_back({"jwks", "keys_long", {}});
  const bool is_method = client.auth_method == "client_secret_basic" || client.auth_method == "client_secret_post";
  if (!client.auth_method.empty() && (client.auth != ClientAuth::secret || !is_method)) {
    flaws.push_back({"auth_method", "auth_method", client.auth_method});
  }
  for (const auto& [field, uri] : {std::pair<std::string_view, const std::string&>{"jwks_uri", client.jwks_uri},
                                   {"sector_identifier_uri", client.sector_identifier_uri},
                                   {"client_uri", client.client_uri},
                                   {"policy_uri", client.policy_uri},
                                   {"tos_uri", client.tos_uri},
                                   {"logo_uri", client.logo_uri}}) {
    if (!uri.empty()) check_uri(flaws, field, uri, false);
  }
  if (client.default_max_age && (*client.default_max_age < 0 || *client.default_max_age > 1'000'000'000)) {
    flaws.push_back({"default_max_age", "max_age", {}});
  }
}

// The English sentences of the codes: before and after the value.
struct Sentence {
  std::string_view code;
  std::string_view text;
};
constexpr std::array<Sentence, 37> sentences{{
    {"uri_empty", "is empty"},
    {"uri_long", "is longer than 1000 characters"},
    {"uri_fragment", "has a fragment"},
    {"uri_wildcard", "has a wildcard, but URIs are compared letter by letter"},
    {"uri_character", "has a character that no URI may have"},
    {"uri_host", "has no host, or more than host and port"},
    {"uri_unreachable", "has a host or port that cannot be reached"},
    {"uri_http", "is http to another host than this machine"},
    {"uri_relative", "is not absolute"},
    {"uri_scheme", "has a scheme that is not allowed"},
    {"uri_private", "has a private-use scheme, which only a public client may have"},
    {"uris_many", "more than 50 redirect URIs"},
    {"kind_secret", "the client is public, but its kind has a secret"},
    {"kind_public", "the client has a secret, but its kind is public"},
    {"secret_public", "a public client has no secret"},
    {"pkce_public", "PKCE can be switched off only for a confidential client"},
    {"credentials_public", "a public client has no credentials of its own"},
    {"account_public", "a public client cannot belong to an account"},
    {"events_public", "a public client cannot write events"},
    {"id", "client id: 1 to 100 letters, digits, '-', '.', '_', '~', at least one letter or digit"},
    {"name", "name: 1 to 100 visible characters in one line"},
    {"name_translated", "translated name: at most 100 visible characters in one line"},
    {"description", "description: at most 500 characters in one line"},
    {"secrets_many", "at most two secrets"},
    {"scope_unknown", "unknown scope"},
    {"grant_unknown", "unknown grant"},
    {"redirect_missing", "the grant authorization_code needs a redirect URI"},
    {"claim_unknown", "unknown claim for the ID token"},
    {"alg", "ID token algorithm is neither ES256 nor RS256"},
    {"userinfo_alg", "userinfo algorithm is neither ES256 nor RS256"},
    {"keys_missing", "private_key_jwt needs the public keys of the client: jwks or jwks_uri"},
    {"keys_twice", "either jwks or jwks_uri, not both"},
    {"keys_long", "jwks is longer than 20000 characters"},
    {"auth_method", "auth_method is client_secret_basic or client_secret_post, for a client with a secret"},
    {"max_age", "default_max_age is a number of seconds"},
    {"sector_missing", "a pairwise client needs one sector: redirect URIs with one host, or a sector_identifier_uri"},
    {"contact", "contacts: at most 10, each at most 200 characters in one line"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> names_of_uris{
    {{"redirect_uris", "redirect URI "},
     {"post_logout_redirect_uris", "post-logout redirect URI "},
     {"backchannel_logout_uri", "back-channel logout URI "},
     {"launch_uri", "launch URI "},
     {"jwks_uri", "jwks_uri "},
     {"sector_identifier_uri", "sector_identifier_uri "},
     {"client_uri", "client_uri "},
     {"policy_uri", "policy_uri "},
     {"tos_uri", "tos_uri "},
     {"logo_uri", "logo_uri "}}};

}  // namespace

std::string_view name_of(ClientAuth auth) {
  return auths.at(static_cast<std::size_t>(auth));
}

base::Result<ClientAuth> parse_client_auth(std::string_view name) {
  for (std::size_t i = 0; i < auths.size(); ++i) {
    if (auths.at(i) == name) return static_cast<ClientAuth>(i);
  }
  return base::fail(base::Code::invalid_input, "no such client authentication: " + std::string(name));
}

bool needs_consent(const Client& client) {
  return client.auth == ClientAuth::none || client.is_dynamic || !client.is_first_party;
}

// RFC 6749 §3.3: the characters of a scope. The colon tells it from those of OpenID Connect; three scopes of the own
// API have none.
bool is_resource_scope(std::string_view scope) {
  constexpr std::array<std::string_view, 3> of_api{"sign", "verify", "timestamp"};
  if (contains(of_api, scope)) return true;
  return scope.size() <= longest_scope && scope.find(':') != std::string_view::npos &&
         std::all_of(scope.begin(), scope.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

std::string_view name_of(ClientKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

base::Result<ClientKind> parse_client_kind(std::string_view name) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds.at(i) == name) return static_cast<ClientKind>(i);
  }
  std::string there;
  for (const std::string_view kind : kinds) there.append(there.empty() ? "" : ", ").append(kind);
  return base::fail(base::Code::invalid_input, "no such kind of client: " + std::string(name) + "; there are " + there);
}

ClientKind guess_kind(ClientAuth auth, const std::vector<std::string>& redirect_uris,
                      const std::vector<std::string>& grants) {
  if (auth == ClientAuth::none) {
    const bool is_native = std::any_of(redirect_uris.begin(), redirect_uris.end(), [](const std::string& uri) {
      const std::string_view scheme = split(uri).scheme;
      return scheme != "https" && scheme != "http";
    });
    return is_native ? ClientKind::native : ClientKind::spa;
  }
  if (grants.empty()) return ClientKind::resource;
  return contains(grants, "authorization_code") ? ClientKind::web : ClientKind::machine;
}

Client draft_client(ClientKind kind) {
  Client client;
  client.kind = kind;
  const bool is_public = kind == ClientKind::spa || kind == ClientKind::native;
  client.auth = is_public ? ClientAuth::none : ClientAuth::secret;
  if (kind == ClientKind::machine) client.grants = {"client_credentials"};
  if (kind == ClientKind::resource) client.grants.clear();
  // Every further scope must be named (ASVS 5.0, 10.4.11).
  if (!client.grants.empty() && kind != ClientKind::machine) client.scopes = {"openid"};
  return client;
}

const std::string& name_in(const Client& client, std::string_view language) {
  if (language == "de" && !client.name_de.empty()) return client.name_de;
  if (language == "pl" && !client.name_pl.empty()) return client.name_pl;
  return client.name;
}

bool is_client_id(std::string_view id) {
  // "." and ".." would be other addresses than that of the client.
  const bool is_named = std::any_of(id.begin(), id.end(), is_alphanumeric);
  return is_named && id.size() <= longest_client_id && std::all_of(id.begin(), id.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
         });
}

std::vector<ClientFlaw> judge_client(const Client& client) {
  Flaws flaws;
  if (!is_client_id(client.client_id)) flaws.push_back({"client_id", "id", {}});
  if (!is_line(client.name, 1, 100)) flaws.push_back({"name", "name", {}});
  if (!is_line(client.name_de, 0, 100)) flaws.push_back({"name_de", "name_translated", {}});
  if (!is_line(client.name_pl, 0, 100)) flaws.push_back({"name_pl", "name_translated", {}});
  if (!is_line(client.description, 0, 500)) flaws.push_back({"description", "description", {}});
  Flaws of_uris;
  check_uris(of_uris, client);
  flaws.insert(flaws.end(), of_uris.begin(), of_uris.end());
  check_kind(flaws, client);
  if (client.secrets.size() > 2) flaws.push_back({"secrets", "secrets_many", {}});
  for (const std::string& scope : client.scopes) {
    if (!contains(known_scopes, scope) && !is_resource_scope(scope))
      flaws.push_back({"scopes", "scope_unknown", scope});
  }
  for (const std::string& grant : client.grants) {
    if (!contains(known_grants, grant)) flaws.push_back({"grants", "grant_unknown", grant});
  }
  if (contains(client.grants, "authorization_code") && client.redirect_uris.empty()) {
    flaws.push_back({"redirect_uris", "redirect_missing", {}});
  }
  for (const std::string& claim : client.id_token_claims) {
    if (!contains(known_claims, claim)) flaws.push_back({"id_token_claims", "claim_unknown", claim});
  }
  if (client.id_token_alg != "ES256" && client.id_token_alg != "RS256") {
    flaws.push_back({"id_token_alg", "alg", client.id_token_alg});
  }
  if (!client.userinfo_alg.empty() && client.userinfo_alg != "ES256" && client.userinfo_alg != "RS256") {
    flaws.push_back({"userinfo_alg", "userinfo_alg", client.userinfo_alg});
  }
  if (client.level < 1 || client.level > 3) flaws.push_back({"level", "level", {}});
  check_protocol(flaws, client);
  check_sector(flaws, client);
  check_contacts(flaws, client);
  return flaws;
}

std::string describe(const ClientFlaw& flaw) {
  std::string text = flaw.code == "level" ? "level: 1 to 3" : std::string(flaw.code);
  for (const Sentence& one : sentences) {
    if (one.code == flaw.code) text = one.text;
  }
  if (flaw.code.starts_with("uri_")) {
    for (const auto& [field, name] : names_of_uris) {
      if (field == flaw.field) text.insert(0, name);
    }
  }
  return flaw.value.empty() ? text : text + ": " + flaw.value;
}

std::vector<std::string> find_flaws(const Client& client) {
  std::vector<std::string> sentences_of;
  for (const ClientFlaw& flaw : judge_client(client)) sentences_of.push_back(describe(flaw));
  return sentences_of;
}

std::span<const ClientSwitch> list_client_switches() {
  static constexpr std::array<ClientSwitch, 5> switches{{{"require_par", &Client::require_par},
                                                         {"opaque_tokens", &Client::opaque_tokens},
                                                         {"is_pairwise", &Client::is_pairwise},
                                                         {"context_in_id_token", &Client::context_in_id_token},
                                                         {"is_first_party", &Client::is_first_party}}};
  return switches;
}

std::string_view auth_of(const Client& client) {
  if (client.auth != ClientAuth::secret) return name_of(client.auth);
  return client.auth_method.empty() ? std::string_view("client_secret") : std::string_view(client.auth_method);
}

base::Result<void> set_auth(Client& client, std::string_view word) {
  if (word == auth_of(client)) return {};
  const bool is_secret = word == "client_secret" || word == "client_secret_basic" || word == "client_secret_post";
  if (client.auth == ClientAuth::none || (!is_secret && word != "private_key_jwt")) {
    return base::fail(base::Code::invalid_input, "the client cannot authenticate so: " + std::string(word));
  }
  client.auth = is_secret ? ClientAuth::secret : ClientAuth::private_key_jwt;
  client.auth_method = word == "client_secret" || !is_secret ? "" : std::string(word);
  return {};
}

std::span<const std::string_view> list_scopes() {
  return known_scopes;
}
std::span<const std::string_view> list_grants() {
  return known_grants;
}
std::span<const std::string_view> list_id_token_claims() {
  return known_claims;
}

bool is_served(std::string_view scope) {
  return contains(served_scopes, scope) || is_resource_scope(scope);
}

std::vector<ClientWeakness> find_weaknesses(const Client& client, base::Time now) {
  std::vector<ClientWeakness> found;
  const auto add = [&](std::string_view code, std::string value = {}) { found.push_back({code, std::move(value)}); };
  for (const std::string& uri : client.redirect_uris) {
    const UriParts parts = split(uri);
    if (parts.scheme != "http" && parts.scheme != "https") continue;
    const bool is_here = base::is_loopback_host(find_host(parts.authority));
    if (parts.scheme == "http" && !is_here) add("http", uri);
    if (is_here && (client.kind == ClientKind::web || client.kind == ClientKind::spa)) add("loopback", uri);
  }
  if (!client.require_pkce) add("no_pkce");
  const ClientSecret* newest = client.secrets.empty() ? nullptr : &client.secrets.front();
  if (newest != nullptr && now - newest->made_at.value_or(client.created_at) > oldest_secret) add("old_secret");
  std::size_t accepted = 0;
  for (const ClientSecret& secret : client.secrets) {
    if (!secret.not_after || now < *secret.not_after) ++accepted;
  }
  if (accepted > 1) add("two_secrets");
  if (client.auth == ClientAuth::secret && accepted == 0) add("no_secret");
  if (!client.last_used_at && now - client.created_at > longest_unused) add("never_used");
  if (client.last_used_at && now - *client.last_used_at > longest_disused) add("disused");
  for (const std::string& scope : client.scopes) {
    if (!is_served(scope)) add("scope_unserved", scope);
  }
  return found;
}

std::vector<std::string> find_warnings(const Client& client) {
  std::vector<std::string> warnings;
  for (const std::string& scope : client.scopes) {
    if (!is_served(scope)) warnings.push_back("scope " + scope + " is kept, but not served yet");
  }
  return warnings;
}

bool is_registered(const std::vector<std::string>& uris, std::string_view uri) {
  return contains(uris, uri);
}

std::string_view find_origin(std::string_view uri) {
  const UriParts parts = split(uri);
  if (!parts.has_authority || (parts.scheme != "https" && parts.scheme != "http")) return {};
  return uri.substr(0, parts.scheme.size() + 3 + parts.authority.size());
}

std::string find_sector(const Client& client) {
  if (!client.sector.empty()) return client.sector;
  if (!client.sector_identifier_uri.empty()) return std::string(sector_host(client.sector_identifier_uri));
  std::string sector;
  for (const std::string& uri : client.redirect_uris) {
    const std::string_view host = sector_host(uri);
    if (!sector.empty() && sector != host) return {};
    sector = host;
  }
  return sector;
}

bool is_own_origin(const Client& client, std::string_view origin) {
  return !origin.empty() && std::any_of(client.redirect_uris.begin(), client.redirect_uris.end(),
                                        [&](const std::string& uri) { return find_origin(uri) == origin; });
}

}  // namespace rights
