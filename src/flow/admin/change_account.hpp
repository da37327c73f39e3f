// An administrator changes the fields of an account (S0.2, S3.6, S4.12–S4.14, S4.25). A new address or number is in
// force at once and not verified; the person and the old address are told. Of two administrators the second is refused,
// and nothing is overwritten.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/identifier/judge_fields.hpp"
#include "rights/actor.hpp"
#include "store/account/identifiers.hpp"

namespace flow {

struct AccountData {
  identity::Account account;  // with its version
  AccountFields fields;       // "kind" too
  std::vector<store::Certificate> certificates;
  std::string main_account;  // login of the main account; "" = none
};
/// All fields of one account. Errors: denied, not_found.
base::Result<AccountData> read_account_data(const House& house, const rights::Actor& actor, std::string_view account,
                                            base::Time now);
/// The same with the permission read_accounts. Who may not manage accounts gets no numbers of documents and registers.
base::Result<AccountData> read_account_to_look(const House& house, const rights::Actor& actor, std::string_view account,
                                               base::Time now);

struct AccountWish {
  /// (name of account_fields, "kind" or "main_account", new value): "" takes it away; a name that is missing stays as
  /// it is.
  std::vector<std::pair<std::string, std::string>> fields;
  std::int64_t version = 0;  // of the account, as the administrator saw it
};
struct AccountChange {
  std::vector<FieldFlaw> flaws;  // if there is any, nothing was changed
  bool changed = false;
};
/// `account`: login, e-mail or id. The holder of its main account changes names, language, login, addresses and channel
/// (S2.4): a new address of theirs waits for its code, but for a pseudo address of the main account (S2.5), which is
/// redirected. Errors: those of find_changeable; conflict (changed meanwhile, or deleted),
/// invalid_input (no such field).
base::Result<AccountChange> change_account(const House& house, const rights::Actor& actor, std::string_view account,
                                           const AccountWish& wish, const RequestFacts& facts);

/// `octets`: PEM or DER. Gives the flaw's key, or "". Errors: those of find_changeable; conflict (deleted).
base::Result<std::string> add_certificate_for(const House& house, const rights::Actor& actor, std::string_view account,
                                              std::string_view octets, const RequestFacts& facts);
/// Errors: those of find_changeable; not_found (also another account's).
base::Result<void> remove_certificate_for(const House& house, const rights::Actor& actor, std::string_view account,
                                          std::string_view fingerprint, const RequestFacts& facts);

}  // namespace flow
