// Groups of accounts. A policy may be bound to a group (S0.1, S3.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "store/engine/store.hpp"

namespace store {

struct Group {
  base::Id id;
  base::Id tenant_id;
  std::string name;     // folded, unique in the tenant
  std::string shown{};  // as it was typed, for people; "" when it is inserted = as the name
};
/// Errors: already_exists.
base::Result<void> insert_group(Tx& tx, const Group& group);
base::Result<std::optional<Group>> find_group(Tx& tx, const base::Id& tenant_id, std::string_view name);
base::Result<std::optional<Group>> find_group(Tx& tx, const base::Id& id);
/// Of `group` its names count, and no other group of the tenant may have the folded one. Errors: not_found.
base::Result<void> rename_group(Tx& tx, const Group& group);
/// By name.
base::Result<std::vector<Group>> list_groups(Tx& tx, const base::Id& tenant_id);

/// False: was a member already. Errors: not_found (no such account).
base::Result<bool> add_member(Tx& tx, const base::Id& group_id, const base::Id& account_id);
/// False: was not a member.
base::Result<bool> remove_member(Tx& tx, const base::Id& group_id, const base::Id& account_id);

/// Of one account, by name.
base::Result<std::vector<Group>> list_groups_of(Tx& tx, const base::Id& account_id);

struct Member {
  base::Id id;        // of the account
  std::string login;  // as it is displayed, or ""
};
/// The members after an account, by id, at most `most`.
base::Result<std::vector<Member>> list_members(Tx& tx, const base::Id& group_id, const base::Id& after,
                                               std::size_t most);
/// The members before an account, from the last one backwards; nullopt = from the end.
base::Result<std::vector<Member>> list_members_back(Tx& tx, const base::Id& group_id,
                                                    const std::optional<base::Id>& before, std::size_t most);
/// Counted to `most`.
base::Result<std::int64_t> count_members(Tx& tx, const base::Id& group_id, std::int64_t most);
/// With its memberships.
base::Result<void> delete_group(Tx& tx, const base::Id& group_id);

}  // namespace store
