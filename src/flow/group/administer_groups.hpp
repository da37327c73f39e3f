// Groups of accounts, to which policies are bound (S0.1, S3.4). Every function needs the permission administer_all, and
// every change a fresh proof. Each change has its audit event. Names are compared case-folded: "Nurses" is "nurses".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// The form in which a group's name is stored: 1 to 100 characters without control or invisible ones. "all" means
/// everyone and cannot be a group. Errors: invalid_input.
base::Result<std::string> group_name(std::string_view typed);

struct GroupMembers {
  std::string name;
  std::vector<std::string> members;  // logins; the id of an account that has none
};
/// The groups of the first tenant, ordered by name. Errors: denied.
base::Result<std::vector<GroupMembers>> list_groups(const House& house, const rights::Actor& actor);

/// Errors: denied, invalid_input, already_exists.
base::Result<void> create_group(const House& house, const rights::Actor& actor, std::string_view name,
                                const RequestFacts& facts);

struct Membership {
  std::string_view group;
  std::string_view account;  // login, e-mail or id
};
/// The policies of the group are in force for the account from its next login on. False: nothing changed, and nothing
/// is recorded. Errors of both: denied, not_found (names what is missing), conflict (a deleted account is not added).
base::Result<bool> add_member(const House& house, const rights::Actor& actor, const Membership& membership,
                              const RequestFacts& facts);
base::Result<bool> remove_member(const House& house, const rights::Actor& actor, const Membership& membership,
                                 const RequestFacts& facts);

}  // namespace flow
