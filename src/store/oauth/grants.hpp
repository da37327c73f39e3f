// Grants: one row from the authorization code to the last token that was issued from it
// (docs/decisions/0003-grant-begins-as-code.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

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
  std::string resource;   // words: the resource servers that were named (RFC 8707); "" = none
  base::Bytes code_hash;  // SHA-256 of the code's secret half
  base::Time created_at;
  base::Time code_until;
  std::optional<base::Time> redeemed_at;
  std::optional<base::Time> revoked_at;
  base::Time expires_at;  // of the family
  std::int64_t level = 1;
  std::string amr;
  base::Time auth_time;
  std::string flow{"code"};  // code | device
  std::string claims;        // the parameter of OIDC Core §5.5; "" = none
  /// Outlives its session. Then these, of the login, are what it is judged by.
  bool is_offline = false;
  std::int64_t security_stamp = 0;
  std::string ip;
  std::string proofs;                       // Proofs::to_names()
  std::int64_t generation = 0;              // of the refresh token that counts; 0 = there is none
  std::optional<base::Time> rotated_at;     // when the one before it was used
  std::optional<base::Time> refresh_until;  // idle end of the refresh token
};
/// Errors: internal (a clearance for another session).
base::Result<void> insert_grant(Tx& tx, const Grant& grant, const rights::Clearance& clearance);
base::Result<std::optional<Grant>> find_grant(Tx& tx, const base::Id& id);
/// How a grant lives on when its code is redeemed.
struct GrantLife {
  std::optional<base::Time> refresh_until;  // nullopt: it gives no refresh token
  base::Time expires_at;
};
/// Sets redeemed_at if it is not set: true exactly once. With a refresh token its generation is 1.
base::Result<bool> redeem_grant(Tx& tx, const base::Id& id, base::Time now, const GrantLife& life);
/// From `generation` to the next one: true for one caller alone.
base::Result<bool> rotate_grant(Tx& tx, const base::Id& id, std::int64_t generation, base::Time now,
                                base::Time refresh_until);
base::Result<void> revoke_grant(Tx& tx, const base::Id& id, base::Time now);
/// Those that outlive their session stay.
base::Result<void> revoke_grants_of_session(Tx& tx, const base::Id& session_id, base::Time now);
/// All that one client has from one account, with those that outlive their sessions.
base::Result<void> revoke_grants_of_client(Tx& tx, const base::Id& account_id, const base::Id& client_id,
                                           base::Time now);
/// A client that has access without the person being there.
struct OfflineUse {
  base::Id client_id;    // client.id
  base::Time latest_at;  // when the latest of its grants was made
};
/// Those with a refresh token of the account that still counts and outlives its session, at most `most`, in the order
/// of the clients.
base::Result<std::vector<OfflineUse>> list_offline_uses(Tx& tx, const base::Id& account_id, base::Time now,
                                                        std::int64_t most);
/// The different scopes of such grants of one client, at most `most`.
base::Result<std::vector<std::string>> list_offline_scopes(Tx& tx, const base::Id& account_id,
                                                           const base::Id& client_id, base::Time now,
                                                           std::int64_t most);
/// Deletes grants that expired before `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_grants(Tx& tx, base::Time before);

}  // namespace store
