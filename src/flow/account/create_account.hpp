// An administrator or the command line creates an account with its identifiers, contexts and groups (S4.25, S4.27):
// with an initial password, or with an invitation.
//
//   invited ──the link opened, own password chosen──> active        (flow/password/reset_password)
//      └──a link sent again, or an initial password set──> as before
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/identifier/judge_fields.hpp"
#include "identity/account/account.hpp"
#include "identity/password/password_flaws.hpp"
#include "rights/actor.hpp"

namespace flow {

struct NewAccount {
  std::string login;
  std::string given_name;
  std::string family_name;
  identity::AccountKind kind = identity::AccountKind::employee;
  std::string organisation{};
  bool external = false;
  std::string email;  // "" = none
  std::string phone;
  bool trusted_addresses = false;  // the addresses are known to be the person's own, and count as verified
  bool given_addresses = false;    // one at least; they are in force at once, and not verified
  std::string locale;
  std::vector<std::string> contexts{"user"};  // keys
  std::vector<std::string> groups{};          // names
  bool invite = false;                        // the person chooses the password by a link; without `password`
  base::Secret password;                      // empty = none; the person sets the first one by the reset
  bool must_change = true;
  std::vector<std::pair<std::string, std::string>> identifiers;  // (identity::identifier_type, as typed): PESEL, NIP, …
  std::string preferred_channel;                                 // "email", "sms"; "" = e-mail if there is one
  std::string main_account;       // of a sub account: login, e-mail or id of its main account; "" = none (S2.4)
  bool is_main = false;           // may have sub accounts (S2.4)
  bool redirect_to_main = false;  // the e-mail is a pseudo address (S2.5)
  std::string tenant{};           // as in find_managed_tenant
};
/// Creates sub accounts as well; the holder of a main account has create_sub_account for it.
/// Errors: denied, already_exists (reason names the field), invalid_input (reason names the field), not_found (main
/// account, tenant).
base::Result<base::Id> create_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                      const RequestFacts& facts);

struct Registered {
  std::vector<FieldFlaw> flaws;                          // if there is any, nothing was created
  std::vector<identity::PasswordFlaw> password_flaws{};  // why the policy refuses the password
  base::Id id{};
};
/// The same for a form: finds all flaws at once. People need a name and an address, and of two addresses the preferred
/// one must be chosen (S4.13). Password lane. Errors: denied, invalid_input (no such context or group), conflict.
base::Result<Registered> register_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                          const RequestFacts& facts);

/// What an actor may choose for an account.
struct AccountChoices {
  std::vector<rights::ActingContext> contexts;  // that give no more rights than the actor has
  std::vector<std::string> groups;              // names, in their order
};
/// For accounts of the tenant. Errors: denied.
base::Result<AccountChoices> find_choices(const House& house, const rights::Actor& actor, const base::Id& tenant_id);

}  // namespace flow
