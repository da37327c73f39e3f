// An administrator or the command line creates an account with its identifiers, contexts and password.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"

namespace flow {

struct NewAccount {
  std::string login;
  std::string given_name;
  std::string family_name;
  identity::AccountKind kind = identity::AccountKind::employee;
  std::string email;  // "" = none; counts as verified if `trusted_addresses`
  std::string phone;
  bool trusted_addresses = false;
  std::string locale;
  std::vector<std::string> contexts{"user"};  // keys
  base::Secret password;                      // empty = none; the person sets the first one by the reset
  bool must_change = true;
  std::vector<std::pair<std::string, std::string>> identifiers;  // (identity::identifier_type, as typed): PESEL, NIP, …
  std::string preferred_channel;                                 // "email", "sms"; "" = e-mail if there is one
  std::string main_account;       // of a sub account: login, e-mail or id of its main account; "" = none (S2.4)
  bool is_main = false;           // may have sub accounts (S2.4)
  bool redirect_to_main = false;  // the e-mail is a pseudo address (S2.5)
};
/// Creates sub accounts as well; the holder of a main account has create_sub_account for it.
/// Errors: denied, already_exists (reason names the field), invalid_input (reason names the field), not_found (main
/// account).
base::Result<base::Id> create_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                      const RequestFacts& facts);

}  // namespace flow
