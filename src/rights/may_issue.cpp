#include "rights/may_issue.hpp"

#include "identity/lockout/lockout.hpp"

namespace rights {

std::string_view name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::account_unknown: return "account_unknown";
    case Refusal::account_not_active: return "account_not_active";
    case Refusal::account_locked: return "account_locked";
    case Refusal::session_ended: return "session_ended";
    case Refusal::no_context: return "no_context";
    case Refusal::client_unknown: return "client_unknown";
    case Refusal::client_disabled: return "client_disabled";
    case Refusal::level_too_low: return "level_too_low";
  }
  return "unknown";
}

std::optional<Refusal> find_refusal(const IssuanceFacts& facts) {
  if (facts.account == nullptr) return Refusal::account_unknown;
  if (!identity::may_log_in(*facts.account)) return Refusal::account_not_active;
  if (identity::is_locked(*facts.account, facts.now)) return Refusal::account_locked;
  if (facts.client == nullptr) return Refusal::client_unknown;
  if (!facts.client->enabled) return Refusal::client_disabled;
  if (facts.session == nullptr || !is_alive(*facts.session, facts.account->security_stamp, facts.now)) {
    return Refusal::session_ended;
  }
  // Before a change that must be made no context is open.
  if (facts.session->must_change != identity::MustChange::no) return Refusal::no_context;
  if (facts.context == nullptr || facts.session->context_id != facts.context->id) return Refusal::no_context;
  if (facts.session->level < facts.client->level || facts.session->level < facts.context->level) {
    return Refusal::level_too_low;
  }
  return std::nullopt;
}

}  // namespace rights
