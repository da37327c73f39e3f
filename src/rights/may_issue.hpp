// The one decision before every issuance (code, token, later refresh, SAML answer, signature): security rule 8.
// What cannot be evaluated is refused (rule 9).
#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/client.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"

namespace rights {

struct IssuanceFacts {
  const identity::Account* account = nullptr;
  const Client* client = nullptr;
  const Session* session = nullptr;        // nullptr: the session has ended
  const ActingContext* context = nullptr;  // nullptr: none chosen, or it was taken from the account
  base::Time now;
};

enum class Refusal : std::uint8_t {
  account_unknown,
  account_not_active,
  account_locked,
  session_ended,
  no_context,
  client_unknown,
  client_disabled,
  level_too_low,
};
std::string_view name_of(Refusal refusal);

/// nullopt = yes.
std::optional<Refusal> find_refusal(const IssuanceFacts& facts);
inline bool may_issue(const IssuanceFacts& facts) {
  return !find_refusal(facts);
}

}  // namespace rights
