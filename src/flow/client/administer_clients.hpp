// The clients that rely on this server, as an administrator changes them. Every function needs the permission
// manage_clients (to see them read_settings is enough) and works on the tenants that the actor reaches. Each change has
// its audit event with the values before and after, without secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/value.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/client.hpp"

namespace flow {

/// A given secret has at least 32 characters, 10 of them different (not in a demonstration).
/// `client.tenant_id`: a tenant that the actor reaches; none = the actor's own, and for the operator the first one.
/// `client.account_id`: an account of kind client_system in the same tenant, or none.
/// If `secret` is empty, a confidential client gets a new one (32 random octets, base64url). Gives the secret.
/// Errors: denied, invalid_input (all flaws, or another kind of account), already_exists, not_found (account, tenant).
base::Result<base::Secret> create_client(const House& house, const rights::Actor& actor, rights::Client client,
                                         const base::Secret& secret, const RequestFacts& facts);
/// Errors: denied.
base::Result<std::vector<rights::Client>> list_clients(const House& house, const rights::Actor& actor);
/// Errors: denied, not_found.
base::Result<rights::Client> find_named_client(const House& house, const rights::Actor& actor,
                                               std::string_view client_id);

/// The new values of a client; nullopt = the value stays.
struct ClientWish {
  std::optional<std::int64_t> version;  // the change is for this state of the client alone
  std::optional<std::string> name;
  std::optional<std::string> name_de;  // "" = as `name`
  std::optional<std::string> name_pl;  // "" = as `name`
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> redirect_uris;
  std::optional<std::vector<std::string>> post_logout_redirect_uris;
  std::optional<std::string> backchannel_logout_uri;
  std::optional<std::string> launch_uri;
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::vector<std::string>> resources;  // see rights::Client::resources
  std::optional<std::vector<std::string>> grants;
  std::optional<bool> require_pkce;
  std::optional<std::string> id_token_alg;
  std::optional<std::vector<std::string>> id_token_claims;
  std::optional<std::int64_t> level;
  std::optional<bool> writes_events;
  std::optional<bool> sends_messages;  // needs administer_all besides
  std::optional<bool> for_tenants_below;
  std::optional<std::string> account;  // login or id of an account of kind client_system; "" = none
  std::optional<std::string> auth;     // rights::set_auth
  std::optional<std::string> jwks;     // a JWK set; "" = none
  std::vector<std::pair<std::string rights::Client::*, std::string>> texts;  // further texts
  std::vector<std::pair<bool rights::Client::*, bool>> switches;             // rights::list_client_switches
  bool ends_registration = false;  // true: its registration access token (RFC 7592) is worth nothing any more
  std::optional<bool> enabled;     // false: nothing is issued any more, from the next request on
};
/// False: nothing changed, and nothing is recorded. Errors: denied, not_found, invalid_input (all flaws), conflict
/// (somebody else changed it after `version`).
base::Result<bool> change_client(const House& house, const rights::Actor& actor, std::string_view client_id,
                                 const ClientWish& wish, const RequestFacts& facts);
/// Nothing is issued any more and its client_id is free. Errors: denied, not_found.
base::Result<void> delete_client(const House& house, const rights::Actor& actor, std::string_view client_id,
                                 const RequestFacts& facts);

/// What would be wrong with the changed client. Errors: denied, not_found.
base::Result<std::vector<rights::ClientFlaw>> judge_change(const House& house, const rights::Actor& actor,
                                                           std::string_view client_id, const ClientWish& wish);

struct Rotation {
  base::Secret secret;         // empty: one is made
  base::Duration old_lasts{};  // the secret before it may still be used for so long; 0 = no longer
};
/// Gives the new secret. If there are two secrets already, the older one ends at once. Errors: denied, not_found,
/// invalid_input (a public client has no secret).
base::Result<base::Secret> rotate_client_secret(const House& house, const rights::Actor& actor,
                                                std::string_view client_id, const Rotation& rotation,
                                                const RequestFacts& facts);

/// All values of a client that are edited, for an event: "scopes=openid; enabled=yes". No secret is among them.
std::string print_client(const rights::Client& client);
/// What differs between two states of a client, in the same form.
struct ClientDifference {
  audit::Codes fields;  // "scopes enabled"
  std::string before;
  std::string after;
};
ClientDifference compare_clients(const rights::Client& before, const rights::Client& after);

/// A new secret: 32 random octets, base64url.
base::Secret make_client_secret();
/// Keyed hash under which a client secret is stored.
base::Bytes hash_client_secret(const House& house, const base::Secret& secret);
/// All forms in which it may be stored: one for each master key that this installation has had.
std::vector<base::Bytes> hashes_of_client_secret(const House& house, const base::Secret& secret);

/// The secret before the newest one ends now. Errors: denied, not_found, conflict (there is none).
base::Result<void> end_old_secret(const House& house, const rights::Actor& actor, std::string_view client_id,
                                  const RequestFacts& facts);

}  // namespace flow
