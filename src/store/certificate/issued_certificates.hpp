// What the own authority has issued. A revocation is for ever.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct IssuedRow {
  std::string sha256;
  base::Id authority_id;
  std::string serial;   // lower-case hexadecimal
  std::string profile;  // authority::Profile
  base::Id tenant_id;
  std::optional<base::Id> account_id;
  std::string client_system;  // "" = none
  std::string subject;
  base::Bytes der;
  base::Time issued_at;
  std::optional<base::Id> issued_by;
  base::Time not_before;
  base::Time not_after;
  std::optional<base::Time> revoked_at{};
  std::optional<base::Id> revoked_by{};
  std::string reason{};  // crypto::RevocationReason; "" = not revoked
};

base::Result<void> insert_issued(Tx& tx, const IssuedRow& row);
base::Result<std::optional<IssuedRow>> find_issued(Tx& tx, std::string_view sha256);
base::Result<std::optional<IssuedRow>> find_issued_by_serial(Tx& tx, std::string_view serial);
/// False: it was revoked already. Errors: not_found.
base::Result<bool> set_issued_revoked(Tx& tx, std::string_view sha256, const std::optional<base::Id>& by,
                                      std::string_view reason, base::Time now);

/// Fingerprints of those of an account that are not revoked; at most `most`.
base::Result<std::vector<std::string>> list_good_of_account(Tx& tx, const base::Id& account_id, std::int64_t most);

/// Those of an account of one profile that were issued at `since` or later, counted to `most`.
base::Result<std::int64_t> count_issued_since(Tx& tx, const base::Id& account_id, std::string_view profile,
                                              base::Time since, std::int64_t most);

struct RevokedRow {
  std::string serial;
  base::Time at;
  std::string reason;
};
/// Revoked at `since` or later, and not over before `until`; in the order of revocation.
base::Result<std::vector<RevokedRow>> list_revoked(Tx& tx, const base::Id& authority_id, base::Time since,
                                                   base::Time until);
/// Of one tenant, the newest first; `most` of them.
base::Result<std::vector<IssuedRow>> list_issued(Tx& tx, const base::Id& tenant_id, std::int64_t most);
/// Rows that ended before `before`, some of them. True: there may be more.
base::Result<bool> delete_old_issued(Tx& tx, base::Time before);

}  // namespace store
