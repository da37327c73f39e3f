// The groups of an account, as an administrator changes them. It needs the permission manage_accounts and a fresh
// proof; each change has its audit event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct Membership {
  std::string_view group;    // of the account's tenant: name or id
  std::string_view account;  // login, e-mail or id
};
/// The policies of the group are in force for the account from its next login on. False: nothing changed, and nothing
/// is recorded. Errors of both: those of find_changeable; not_found (names what is missing), conflict (a deleted
/// account is not added).
base::Result<bool> add_member(const House& house, const rights::Actor& actor, const Membership& membership,
                              const RequestFacts& facts);
base::Result<bool> remove_member(const House& house, const rights::Actor& actor, const Membership& membership,
                                 const RequestFacts& facts);
/// The same inside a transaction of write_for, for an actor whose permission and proof were judged.
base::Result<bool> add_member_in(store::Tx& tx, const rights::Actor& actor, const Membership& membership,
                                 const RequestFacts& facts);
base::Result<bool> remove_member_in(store::Tx& tx, const rights::Actor& actor, const Membership& membership,
                                    const RequestFacts& facts);

/// Names of the groups of an account (login, e-mail or id), by name. Errors: denied, not_found.
base::Result<std::vector<std::string>> list_groups_of(const House& house, const rights::Actor& actor,
                                                      std::string_view account, base::Time now);

}  // namespace flow
