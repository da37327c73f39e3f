// Authenticates the client that calls an endpoint (RFC 6749 §2.3, §3.2.1): a secret in the header or the form, a signed
// assertion (OIDC Core §9), or just the name of a public client. It must be the way that the client is registered for.
// An unknown client and a wrong secret get the same answer after the same work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/value.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "rights/client.hpp"
#include "rights/protocol.hpp"
#include "store/engine/store.hpp"

namespace flow {

using ClientMethod = rights::AuthMethod;

struct ClientCredentials {
  ClientMethod method = ClientMethod::none;
  std::string client_id;
  base::Secret secret;
  std::string assertion{};  // of ClientMethod::assertion
};

/// The client as stored, and why it is not authenticated.
struct AuthenticatedClient {
  std::optional<rights::Client> client;
  audit::Code reason;  // "" = it is authenticated; for audit only
};

/// A client has up to two secrets, each valid until its not_after. Errors: unavailable.
base::Result<AuthenticatedClient> authenticate_client(const House& house, store::Tx& tx,
                                                      const ClientCredentials& credentials, base::Time now);

/// The account to which the client belongs, with which it is one identity (S4.27), for rights::find_flaw_of_client;
/// nothing is read of a client that belongs to none. Errors: unavailable.
base::Result<std::optional<identity::Account>> find_owner(store::Tx& tx, const rights::Client& client);
/// Whether the client acts now; "" = it does. Errors: unavailable.
base::Result<audit::Code> find_flaw_of_client(store::Tx& tx, const rights::Client& client, base::Time now);

/// Notes that the client was used now. At most one use an hour is written, so that busy applications write no more.
/// Errors: unavailable.
base::Result<void> note_use(store::Tx& tx, const rights::Client& client, base::Time now);

}  // namespace flow
