// A client acts for itself (RFC 6749 §4.4). If it belongs to an account of kind client_system, it acts as that account,
// with its contexts and rights (S4.27). Nothing is written but the audit event: the token says all that it stands for,
// and introspection reads client, account and rights again.
#pragma once

#include <optional>
#include <string>

#include "flow/client/authenticate_client.hpp"
#include "flow/grant/redeem_code.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/token/make_tokens.hpp"
#include "rights/may_issue.hpp"

namespace flow {

struct MachineWish {
  ClientCredentials client;
  std::string scope;     // words; "" = every one that the client may have
  std::string resource;  // words (RFC 8707 §2.2); "" = those that the scopes belong to
  std::string context;   // key of a context of the account; "" = the first that is open
};

/// Errors: unavailable, internal.
base::Result<Redeemed> issue_to_machine(const House& house, const MachineWish& wished, const RequestFacts& facts);

/// What may_issue judges of a client that acts for itself.
struct MachineLook {
  std::optional<rights::Refusal> refusal;  // nullopt = may be issued, and the clearance is there
  std::optional<rights::Clearance> clearance;
  std::optional<identity::Account> account;
  std::optional<rights::ActingContext> context;
};
/// `context`: the key, "" = the first that is open. A context that the account does not have is a refusal.
base::Result<MachineLook> look_at_machine(store::Tx& tx, const rights::Client& client, std::string_view context,
                                          std::string_view ip, base::Time now);

}  // namespace flow
