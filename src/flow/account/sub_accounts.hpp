// Main and sub accounts (S2.4, S2.5). A main account is the contract partner and belongs to no other account. Its
// holder creates and sees the sub accounts. Every account has its own e-mail address; that of a sub account may be a
// pseudo address ("info+sales@…") whose mails go to the main account.
#pragma once

#include <string>
#include <vector>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Whether the account is a main account (see appoint_main_account) of an employee.
bool may_have_sub_accounts(const identity::Account& account);

/// Whether the address may be redirected to `main`: it must be the verified e-mail of `main` with a tag, because only
/// then it is proven that the address belongs to the holder.
bool is_pseudo_of(const identity::Account& main, std::string_view typed);

/// Makes `account` a sub account of `main`. A redirected address counts at once, because the mailbox of `main` is
/// verified. Errors: invalid_input (main is not a main account, no e-mail, a redirected address that is not the main
/// account's verified e-mail with a tag), conflict (main is not active).
base::Result<void> attach_to_main(const identity::Account& main, bool redirect_to_main, identity::Account& account,
                                  NewIdentifiers& identifiers, base::Time now);

struct NewSubAccount {
  std::string login;
  std::string given_name;
  std::string family_name;
  std::string email;
  bool redirect_to_main = false;
};
/// The holder of a main account creates a sub account with the context "user" and without a password; its person sets
/// one by the reset. Needs a fresh proof. Errors: denied (not a main account, no fresh proof), conflict (it has a
/// hundred already), too_many (in the last hour), and those of create_account.
base::Result<base::Id> create_sub_account(const House& house, const rights::Actor& actor, const NewSubAccount& wished,
                                          const RequestFacts& facts);
/// The sub accounts of the actor's account.
base::Result<std::vector<identity::Account>> list_own_sub_accounts(const House& house, const rights::Actor& actor);

}  // namespace flow
