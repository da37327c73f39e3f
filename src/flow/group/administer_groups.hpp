// Groups of accounts, to which policies are bound (S0.1, S3.4). To make and delete them takes the permission
// manage_groups; every change needs a fresh proof and has its audit event. Names are compared case-folded: "Nurses" is
// "nurses". Their members: flow/account/change_groups.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// The form in which a group's name is stored: 1 to 100 characters without control or invisible ones. "all" means
/// everyone and cannot be a group. Errors: invalid_input.
base::Result<std::string> group_name(std::string_view typed);

struct GroupOfTenant {
  std::string_view tenant;  // as in find_managed_tenant
  std::string_view group;
};

struct GroupRow {
  std::string name;
  std::int64_t members = 0;           // at most counted_exactly + 1
  std::vector<std::string> policies;  // names of those that are bound to it
};
/// The groups of a tenant, by name. Errors: denied, not_found (tenant).
base::Result<std::vector<GroupRow>> list_groups(const House& house, const rights::Actor& actor,
                                                std::string_view tenant);

struct GroupMembers {
  std::vector<std::string> logins;  // in the order of the accounts' ids; the id of an account that has none
  base::Id next;                    // after which the next ones come; none: these were the last
};
/// Members after an account, at most `most`. Errors: denied, not_found.
base::Result<GroupMembers> list_group_members(const House& house, const rights::Actor& actor,
                                              const GroupOfTenant& which, const base::Id& after, std::size_t most);

/// Errors: denied, not_found (tenant), invalid_input, already_exists.
base::Result<void> create_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const RequestFacts& facts);
/// Errors: denied, not_found, conflict (a policy is bound to it: its rules would end without a word).
base::Result<void> delete_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const RequestFacts& facts);

}  // namespace flow
