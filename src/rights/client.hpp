// An OAuth client (RFC 6749 §2; OIDC Registration §2 for the names of its metadata).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace rights {

enum class ClientAuth : std::uint8_t {
  none,
  secret,
  private_key_jwt  // a signed assertion (OIDC Core §9)
};
std::string_view name_of(ClientAuth auth);
/// "none", "secret", "private_key_jwt". Errors: invalid_input.
base::Result<ClientAuth> parse_client_auth(std::string_view name);

/// What the application is. It decides how the client authenticates and which values it is offered.
enum class ClientKind : std::uint8_t {
  web,      // runs on a server, keeps a secret
  spa,      // runs in a browser, public
  native,   // runs on a phone or a desk, public
  machine,  // acts for itself, without people
  resource  // an API that is called with access tokens
};
std::string_view name_of(ClientKind kind);
base::Result<ClientKind> parse_client_kind(std::string_view name);
/// Of a client that names none: from the way it authenticates and its redirect URIs.
ClientKind guess_kind(ClientAuth auth, const std::vector<std::string>& redirect_uris,
                      const std::vector<std::string>& grants);

struct ClientSecret {
  base::Bytes hash;                     // keyed hash, see flow/client_secret
  std::optional<base::Time> not_after;  // two slots: rotation without an outage
  std::optional<base::Time> made_at{};  // nullopt: before this was kept
};

struct Client {
  base::Id id;
  base::Id tenant_id;
  std::string client_id;  // the public name: "demo-portal"
  std::string name;       // for people; in English if it has names of its own in other languages
  std::string name_de;    // in German; "" = as `name` (RFC 7591 §2.2: client_name#de)
  std::string name_pl;    // in Polish, likewise
  std::string description;
  ClientAuth auth = ClientAuth::secret;
  std::vector<ClientSecret> secrets;
  std::vector<std::string> redirect_uris;              // compared as exact strings
  std::vector<std::string> post_logout_redirect_uris;  // likewise
  std::string backchannel_logout_uri;
  std::string launch_uri;  // shown at /account/applications; "" = not shown
  std::vector<std::string> scopes;
  std::vector<std::string> grants{"authorization_code"};
  bool require_pkce = true;  // may be false only for a confidential client
  std::string id_token_alg = "ES256";
  std::string userinfo_alg;                  // its userinfo is a JWT signed with "ES256" or "RS256"; "" = JSON
  std::vector<std::string> id_token_claims;  // personal claims that its ID tokens carry besides `name`
  std::int64_t level = 1;                    // least level of a login
  bool enabled = true;
  ClientKind kind = ClientKind::web;
  std::optional<base::Id> account_id;  // the account of kind client_system whose credentials these are (S4.27)
  bool writes_events = false;          // may write its own events into the audit log (S4.26)
  bool sends_messages = false;         // may send short messages at the cost of the installation (S3.10)
  bool for_tenants_below = false;      // also people of the tenants below its own may use it

  // Of the protocol; the names are those of RFC 7591 §2 and OIDC Registration §2.
  std::string auth_method;                      // the only way of a secret: "client_secret_basic"; "" = header or form
  std::string jwks;                             // its public keys as a JWK set; "" = none, or at jwks_uri
  std::string jwks_uri;                         // where it publishes them; "" = nowhere
  std::string fetched_jwks;                     // what was there last
  bool opaque_tokens = false;                   // its access tokens are sealed, and no JWT
  bool is_pairwise = false;                     // a person has a subject of its own in each sector (OIDC Core §8.1)
  std::string sector;                           // host that names the sector; "" = that of its redirect URIs
  std::string sector_identifier_uri;            // from which the sector comes; "" = none
  bool require_par = false;                     // RFC 9126 §6
  bool context_in_id_token = true;              // the claim `context` without being asked for
  std::optional<std::int64_t> default_max_age;  // seconds
  bool require_auth_time = false;
  std::vector<std::string> resources;  // identifiers of resource servers that it may name (RFC 8707); empty = every one
                                       // whose scopes it may have

  // Consent.
  bool is_first_party = true;     // of the same house as this server: people are not asked
  bool is_dynamic = false;        // registered itself (RFC 7591)
  base::Bytes registration_hash;  // SHA-256 of the secret half of its registration access token; "" = none
  std::string client_uri;
  std::string policy_uri;
  std::string tos_uri;
  std::string logo_uri;
  std::vector<std::string> contacts;
  std::int64_t version = 0;
  base::Time created_at{};
  std::optional<base::Time> last_used_at{};  // of a code or of its secret, to the hour; nullopt = never
};

/// Whether people are asked before the client learns something of them (RFC 6819 §5.2.3.2): the name of a public client
/// proves nothing, and nobody of the house has looked at one that registered itself.
bool needs_consent(const Client& client);

/// A new client with what its kind needs: the way it authenticates, its grants, and no more scopes than a login needs.
Client draft_client(ClientKind kind);
/// What people call it in a language: "en", "de", "pl".
const std::string& name_in(const Client& client, std::string_view language);

/// What is wrong with one field of a client. `code` is for the sentence in a person's language; `value` is what was
/// given, if the field has several.
struct ClientFlaw {
  std::string_view field;
  std::string_view code;
  std::string value;
};
std::vector<ClientFlaw> judge_client(const Client& client);
/// The English sentence.
std::string describe(const ClientFlaw& flaw);
/// All flaws of a client that is to be stored: redirect URIs absolute, without fragment, https or http to loopback
/// (private-use schemes for public clients, RFC 8252 §7) to a host and port that can exist, without a wildcard; PKCE
/// off only for confidential ones; known scopes, grants and claims.
std::vector<std::string> find_flaws(const Client& client);
/// The form of a scope of a resource server, "results:read": at most 100 characters, with a colon; and those of the own
/// API that are one word.
bool is_resource_scope(std::string_view scope);
/// Whether the scope has an effect.
bool is_served(std::string_view scope);
/// A switch of a client, by the name under which pages, commands and the audit log know it.
struct ClientSwitch {
  std::string_view name;
  bool Client::*value;
};
/// require_par, opaque_tokens, is_pairwise, context_in_id_token, is_first_party.
std::span<const ClientSwitch> list_client_switches();
/// How the client authenticates in one word: "none", "client_secret" (header or form), "client_secret_basic",
/// "client_secret_post", "private_key_jwt".
std::string_view auth_of(const Client& client);
/// Errors: invalid_input (no such word; a public client proves nothing, and a confidential one does not become public).
base::Result<void> set_auth(Client& client, std::string_view word);

/// The values that can be registered; besides these the scopes of resource servers.
std::span<const std::string_view> list_scopes();
std::span<const std::string_view> list_grants();
std::span<const std::string_view> list_id_token_claims();

/// What is allowed but worth a look, with the value that it is about: http, loopback, no_pkce, old_secret, two_secrets,
/// no_secret, never_used, disused, scope_unserved.
struct ClientWeakness {
  std::string_view code;
  std::string value;
};
std::vector<ClientWeakness> find_weaknesses(const Client& client, base::Time now);
/// Registered values that the server does not support yet. They are kept, and take effect once it does.
std::vector<std::string> find_warnings(const Client& client);
/// 1 to 100 letters, digits, '-', '.', '_', '~', at least one of them a letter or digit.
bool is_client_id(std::string_view id);

/// Exact comparison of strings (RFC 6749 §3.1.2.3, RFC 9700 §2.1): nothing is normalised.
bool is_registered(const std::vector<std::string>& uris, std::string_view uri);

/// The sector of a pairwise client: the host of its sector_identifier_uri, or that of all its redirect URIs. "" = they
/// have several, and there is no sector (OIDC Core §8.1: then a sector_identifier_uri must be registered).
std::string find_sector(const Client& client);
/// "https://host:port" of an http(s) URI, as written there; else "".
std::string_view find_origin(std::string_view uri);
/// Whether `origin` (header Origin) is that of one of the client's redirect URIs.
bool is_own_origin(const Client& client, std::string_view origin);

}  // namespace rights
