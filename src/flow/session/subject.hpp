// Whom a token speaks about (OIDC Core §8): the account's id, or for a pairwise client a random value for each sector,
// made when it is needed first, so that clients of different sectors cannot compare people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The subject of the account for the client. Needs a write transaction, because a pairwise one is made if there is
/// none yet. Errors: unavailable, invalid_input (a pairwise client without a sector).
base::Result<std::string> find_subject(store::Tx& tx, const rights::Client& client, const base::Id& account_id,
                                       base::Time now);

/// The same without making one: nullopt = nothing was issued to this sector yet, or there is no sector. For reading
/// transactions.
base::Result<std::optional<std::string>> find_known_subject(store::Tx& tx, const rights::Client& client,
                                                            const base::Id& account_id);

/// The account that a subject of this client names (a hint, a `sub` that is asked for); nullopt = none.
base::Result<std::optional<base::Id>> find_account_of_subject(store::Tx& tx, const rights::Client& client,
                                                              std::string_view subject);

/// Whom a token speaks about that a client has for itself (RFC 9068 §2.2): the account to which it belongs, else its
/// client_id.
std::string find_subject_of_machine(const rights::Client& client);

/// Whether the sector of a pairwise client is its own also where no redirect URI is used, as at a device. Redirect URIs
/// are what proves it (OIDC Core §8.1): one that registered itself may name those of another client, or the document of
/// that one, and would learn its subjects.
bool has_sector_without_redirect(const rights::Client& client);

using rights::find_sector;

}  // namespace flow
