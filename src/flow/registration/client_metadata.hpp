// The metadata of a client that registers itself (RFC 7591 §2, OpenID Connect Registration §2), from its JSON and back.
// Nothing is fetched and nothing is stored here. Unknown members are ignored (RFC 7591 §2); a member that would change
// an answer in a way that this server cannot is refused by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/secret.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "rights/client.hpp"

namespace flow {

/// invalid_redirect_uri, invalid_client_metadata, invalid_software_statement, unapproved_software_statement (RFC 7591
/// §3.2.2), invalid_token, temporarily_unavailable.
struct RegistrationRefusal {
  OAuthError error = OAuthError::invalid_client_metadata;
  std::string description;       // printable ASCII, for the developer
  std::int64_t retry_after = 0;  // seconds, of temporarily_unavailable
};

/// What a client wants to be, and what only an update says.
struct ClientMetadata {
  rights::Client client;       // without id, tenant, client_id and secrets
  std::string client_id;       // of an update (RFC 7592 §2.2); "" = none
  base::Secret client_secret;  // likewise
};
/// `allowed`: words: the scopes that the client may get. Omitted members have their defaults: an update "replaces" all
/// (RFC 7592 §2.2). `json`: a JSON object without duplicate members.
std::variant<ClientMetadata, RegistrationRefusal> read_metadata(std::string_view json, std::string_view allowed);

/// The flaws that rights::judge_client finds; nullopt = none. Of an unregistered redirect URI invalid_redirect_uri.
std::optional<RegistrationRefusal> find_metadata_flaw(const rights::Client& client);

/// What the answer says besides the metadata; "" = is left out.
struct RegistrationAnswer {
  std::string secret;              // a new one
  std::string registration_token;  // RFC 7592 §3
  std::string registration_uri;
};
/// The client information response (RFC 7591 §3.2.1) as JSON.
std::string print_metadata(const rights::Client& client, const RegistrationAnswer& answer);

}  // namespace flow
