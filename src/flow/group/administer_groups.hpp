// Groups of accounts, to which policies are bound (S0.1, S3.4). To make and delete them takes the permission
// manage_groups; every change needs a fresh proof and has its audit event. A group is found by its folded name, so that
// "Nurses" is "nurses", and shown as it was typed. Their members: flow/account/change_groups.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"

namespace flow {

/// The form in which a group is found, folded: 1 to 100 characters without control or invisible ones. "all" means
/// everyone and cannot be a group, nor can what looks like an id. Errors: invalid_input.
base::Result<std::string> group_name(std::string_view typed);

struct GroupOfTenant {
  std::string_view tenant;  // as in find_managed_tenant; a group's id needs none
  std::string_view group;   // its name or id
};
/// The group of one tenant by its name or id. Errors: not_found.
base::Result<store::Group> find_group_of(store::Tx& tx, const base::Id& tenant_id, std::string_view named);

struct GroupRow {
  base::Id id;
  std::string name;                   // as it was typed
  std::int64_t members = 0;           // at most counted_exactly + 1
  std::vector<std::string> policies;  // names of those that are bound to it
};
/// The groups of a tenant, by name. Errors: denied, not_found (tenant).
base::Result<std::vector<GroupRow>> list_groups(const House& house, const rights::Actor& actor,
                                                std::string_view tenant);
struct GroupQuery {
  std::string tenant;  // as in find_managed_tenant
  std::string text{};  // part of the name; "" = all
  PageWish page{};
};
/// One page of them. Errors: those of list_groups.
base::Result<PageOfRows<GroupRow>> search_groups(const House& house, const rights::Actor& actor,
                                                 const GroupQuery& query);
struct GroupDetails {
  GroupRow row;
  TenantName tenant;
};
/// Errors: denied, not_found.
base::Result<GroupDetails> find_group_details(const House& house, const rights::Actor& actor,
                                              const GroupOfTenant& which);

struct MemberRow {
  base::Id id;
  std::string login;  // the id of an account that has none
  std::string name;   // "" for an actor without the permission read_accounts
};
/// The members, in the order of the accounts' ids. Errors: denied, not_found.
base::Result<PageOfRows<MemberRow>> list_group_members(const House& house, const rights::Actor& actor,
                                                       const GroupOfTenant& which, const PageWish& wish);

/// Gives its id. Errors: denied, not_found (tenant), invalid_input, already_exists.
base::Result<base::Id> create_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                    const RequestFacts& facts);
struct GroupNames {
  std::string_view now;  // as the form was filled in for; "" = whatever it is
  std::string_view wished;
};
/// False: it has this name already, also its capitals, and nothing is recorded. Errors: those of create_group; conflict
/// (another change of its name came first).
base::Result<bool> rename_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const GroupNames& names, const RequestFacts& facts);
/// Errors: denied, not_found, conflict (a policy is bound to it: its rules would end without a word).
base::Result<void> delete_group(const House& house, const rights::Actor& actor, const GroupOfTenant& which,
                                const RequestFacts& facts);

}  // namespace flow
