// Grants: one row from the authorization code to the last token that was issued from it
// (docs/decisions/0003-grant-begins-as-code.md).
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/may_issue.hpp"
#include "store/engine/store.hpp"

namespace store {

/// One authorization and all that was issued from it. Begins as a code, lives on as a family of tokens.
struct Grant {
  base::Id id;
  base::Id session_id;
  base::Id account_id;
  base::Id client_id;  // client.id
  base::Id context_id;
  std::string scope;
  std::string sid;
  std::string redirect_uri;
  std::string code_challenge;  // S256; "" = none
  std::string nonce;
  std::string resource;
  base::Bytes code_hash;  // SHA-256 of the code's secret half
  base::Time created_at;
  base::Time code_until;
  std::optional<base::Time> redeemed_at;
  std::optional<base::Time> revoked_at;
  base::Time expires_at;  // of the family
  std::int64_t level = 1;
  std::string amr;
  base::Time auth_time;
};
/// Errors: internal (a clearance for another session).
base::Result<void> insert_grant(Tx& tx, const Grant& grant, const rights::Clearance& clearance);
base::Result<std::optional<Grant>> find_grant(Tx& tx, const base::Id& id);
/// Sets redeemed_at if it is not set: true exactly once.
base::Result<bool> redeem_grant(Tx& tx, const base::Id& id, base::Time now);
base::Result<void> revoke_grant(Tx& tx, const base::Id& id, base::Time now);
base::Result<void> revoke_grants_of_session(Tx& tx, const base::Id& session_id, base::Time now);
/// Deletes grants that expired before `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_grants(Tx& tx, base::Time before);

}  // namespace store
