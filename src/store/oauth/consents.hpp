// What accounts have agreed to that clients learn, and the subjects under which pairwise clients know them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct Consent {
  base::Id account_id;
  base::Id client_id;  // client.id
  base::Id tenant_id;  // of the account
  std::string items;   // words: scopes and "claim:NAME"
  base::Time given_at;
  base::Time changed_at;
};
base::Result<std::optional<Consent>> find_consent(Tx& tx, const base::Id& account_id, const base::Id& client_id);
/// Of one account, at most `most`, in the order of the clients.
base::Result<std::vector<Consent>> list_consents(Tx& tx, const base::Id& account_id, std::int64_t most);
/// Inserts it, or sets `items` and `changed_at` of the one that exists.
base::Result<void> put_consent(Tx& tx, const Consent& consent);
/// Errors: not_found.
base::Result<void> delete_consent(Tx& tx, const base::Id& account_id, const base::Id& client_id);

/// The subject of the account in a sector.
base::Result<std::optional<std::string>> find_pairwise_subject(Tx& tx, std::string_view sector,
                                                               const base::Id& account_id);
/// Errors: already_exists (of the account in this sector, or the subject anywhere).
base::Result<void> insert_pairwise_subject(Tx& tx, std::string_view sector, const base::Id& account_id,
                                           std::string_view subject, base::Time now);
/// Whose subject it is in this sector.
base::Result<std::optional<base::Id>> find_account_of_pairwise_subject(Tx& tx, std::string_view sector,
                                                                       std::string_view subject);

}  // namespace store
