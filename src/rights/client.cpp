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
constexpr std::array<std::string_view, 6> known_scopes{"openid", "profile", "email",
                                                       "phone",  "address", "offline_access"};
constexpr std::array<std::string_view, 4> known_grants{"authorization_code", "refresh_token", "client_credentials",
                                                       "urn:ietf:params:oauth:grant-type:device_code"};
constexpr std::array<std::string_view, 4> served_scopes{"openid", "profile", "email", "phone"};
constexpr std::array<std::string_view, 1> served_grants{"authorization_code"};
// OIDC Core §5.1; `name` is always in the ID token if the scope allows it.
constexpr std::array<std::string_view, 6> known_claims{"given_name", "family_name", "preferred_username",
                                                       "locale",     "email",       "phone_number"};

constexpr std::array<std::string_view, 5> kinds{"web", "spa", "native", "machine", "resource"};

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

// "" or what is wrong with it.
std::string find_uri_flaw(std::string_view uri, bool private_scheme_allowed) {
  if (uri.empty()) return "is empty";
  if (uri.size() > longest_uri) return "is longer than 1000 characters";
  if (uri.find('#') != std::string_view::npos) return "has a fragment";
  if (uri.find('*') != std::string_view::npos) return "has a wildcard, but URIs are compared letter by letter";
  if (!std::all_of(uri.begin(), uri.end(), is_uri_character)) return "has a character that no URI may have";
  const UriParts parts = split(uri);
  if (parts.scheme == "https" || parts.scheme == "http") {
    const std::string_view host = parts.has_authority ? find_host(parts.authority) : std::string_view();
    if (host.empty()) return "has no host, or more than host and port";
    if (!can_be_reached(host) || !has_real_port(parts.authority, host))
      return "has a host or port that cannot be reached";
    if (parts.scheme == "http" && !base::is_loopback_host(host)) return "is http to another host than this machine";
    return {};
  }
  if (parts.scheme.empty()) return "is not absolute";
  if (!is_private_scheme(parts.scheme)) return "has a scheme that is not allowed";
  if (!private_scheme_allowed) return "has a private-use scheme, which only a public client may have";
  return {};
}

void check_uri(std::vector<std::string>& flaws, std::string_view what, std::string_view uri,
               bool private_scheme_allowed) {
  const std::string flaw = find_uri_flaw(uri, private_scheme_allowed);
  if (!flaw.empty()) flaws.push_back(std::string(what) + " " + flaw + ": " + std::string(uri.substr(0, longest_uri)));
}

bool is_line(std::string_view text, std::size_t least, std::size_t most) {
  return base::is_utf8(text) && base::count_code_points(text) >= least && base::count_code_points(text) <= most &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_uris(std::vector<std::string>& flaws, const Client& client) {
  const bool is_public = client.auth == ClientAuth::none;
  if (client.redirect_uris.size() > most_uris || client.post_logout_redirect_uris.size() > most_uris) {
    flaws.emplace_back("more than 50 redirect URIs");
    return;
  }
  for (const std::string& uri : client.redirect_uris) check_uri(flaws, "redirect URI", uri, is_public);
  for (const std::string& uri : client.post_logout_redirect_uris)
    check_uri(flaws, "post-logout redirect URI", uri, is_public);
  if (!client.backchannel_logout_uri.empty()) {
    check_uri(flaws, "back-channel logout URI", client.backchannel_logout_uri, false);
  }
  if (!client.launch_uri.empty()) check_uri(flaws, "launch URI", client.launch_uri, false);
}

void check_kind(std::vector<std::string>& flaws, const Client& client) {
  const bool is_public = client.auth == ClientAuth::none;
  const bool wants_public = client.kind == ClientKind::spa || client.kind == ClientKind::native;
  if (is_public != wants_public) {
    flaws.push_back(
        "kind " + std::string(name_of(client.kind)) +
        (is_public ? " has a secret, but the client is public" : " is public, but the client has a secret"));
  }
  if (is_public && client.account_id) flaws.emplace_back("a public client cannot belong to an account");
  if (is_public && client.writes_events) flaws.emplace_back("a public client cannot write events");
}

}  // namespace

std::string_view name_of(ClientKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

base::Result<ClientKind> parse_client_kind(std::string_view name) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds.at(i) == name) return static_cast<ClientKind>(i);
  }
  return base::fail(base::Code::invalid_input, "no such kind of client: " + std::string(name));
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
  return !id.empty() && id.size() <= longest_client_id && std::all_of(id.begin(), id.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

std::vector<std::string> find_flaws(const Client& client) {
  std::vector<std::string> flaws;
  if (!is_client_id(client.client_id)) {
    flaws.emplace_back("client id: 1 to 100 letters, digits, '-', '.', '_', '~'");
  }
  if (!is_line(client.name, 1, 100)) flaws.emplace_back("name: 1 to 100 characters in one line");
  for (const std::string* translated : {&client.name_de, &client.name_pl}) {
    if (!is_line(*translated, 0, 100)) flaws.emplace_back("translated name: at most 100 characters in one line");
  }
  if (!is_line(client.description, 0, 500)) flaws.emplace_back("description: at most 500 characters in one line");
  check_uris(flaws, client);
  if (client.auth == ClientAuth::none) {
    if (!client.secrets.empty()) flaws.emplace_back("a public client has no secret");
    if (!client.require_pkce) flaws.emplace_back("PKCE can be switched off only for a confidential client");
    if (contains(client.grants, "client_credentials"))
      flaws.emplace_back("a public client has no credentials of its own");
  }
  check_kind(flaws, client);
  if (client.secrets.size() > 2) flaws.emplace_back("at most two secrets");
  for (const std::string& scope : client.scopes) {
    if (!contains(known_scopes, scope)) flaws.push_back("unknown scope: " + scope);
  }
  for (const std::string& grant : client.grants) {
    if (!contains(known_grants, grant)) flaws.push_back("unknown grant: " + grant);
  }
  if (contains(client.grants, "authorization_code") && client.redirect_uris.empty()) {
    flaws.emplace_back("the grant authorization_code needs a redirect URI");
  }
  for (const std::string& claim : client.id_token_claims) {
    if (!contains(known_claims, claim)) flaws.push_back("unknown claim for the ID token: " + claim);
  }
  if (client.id_token_alg != "ES256" && client.id_token_alg != "RS256") {
    flaws.push_back("ID token algorithm is neither ES256 nor RS256: " + client.id_token_alg);
  }
  if (client.level < 1 || client.level > 3) flaws.emplace_back("level: 1 to 3");
  return flaws;
}

std::vector<std::string> find_warnings(const Client& client) {
  std::vector<std::string> warnings;
  for (const std::string& scope : client.scopes) {
    if (!contains(served_scopes, scope)) warnings.push_back("scope " + scope + " is kept, but not served yet");
  }
  for (const std::string& grant : client.grants) {
    if (!contains(served_grants, grant)) warnings.push_back("grant " + grant + " is kept, but not served yet");
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

bool is_own_origin(const Client& client, std::string_view origin) {
  return !origin.empty() && std::any_of(client.redirect_uris.begin(), client.redirect_uris.end(),
                                        [&](const std::string& uri) { return find_origin(uri) == origin; });
}

}  // namespace rights
