#include "rights/may_issue.hpp"

#include "identity/lockout/lockout.hpp"

namespace rights {

std::string_view name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::account_unknown: return "account_unknown";
    case Refusal::account_not_active: return "account_not_active";
    case Refusal::account_locked: return "account_locked";
    case Refusal::session_ended: return "session_ended";
    case Refusal::no_proof: return "no_proof";
    case Refusal::no_context: return "no_context";
    case Refusal::client_unknown: return "client_unknown";
    case Refusal::client_disabled: return "client_disabled";
    case Refusal::other_tenant: return "other_tenant";
    case Refusal::level_too_low: return "level_too_low";
    case Refusal::outside_network: return "outside_network";
    case Refusal::factor_missing: return "factor_missing";
  }
  return "unknown";
}

namespace {

// A session may be opened without a context: the second step of the login comes next, the choice, or the change of a
// password that must be changed.
std::optional<Refusal> find_flaw_of_context(const IssuanceFacts& facts) {
  if (facts.what == Issued::session && !facts.session->context_id) return std::nullopt;
  // Before a change that must be made no context is open.
  if (facts.session->must_change != identity::MustChange::no) return Refusal::no_context;
  if (!facts.owes_no_factor) return Refusal::factor_missing;
  if (facts.context == nullptr || facts.session->context_id != facts.context->id) return Refusal::no_context;
  if (facts.context->tenant_id != facts.account->tenant_id) return Refusal::other_tenant;
  if (!is_inside(*facts.context, facts.session->ip)) return Refusal::outside_network;
  if (!is_proven(*facts.context, facts.session->proofs)) return Refusal::level_too_low;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> find_refusal(const IssuanceFacts& facts) {
  if (facts.account == nullptr) return Refusal::account_unknown;
  if (!identity::may_log_in(*facts.account)) return Refusal::account_not_active;
  if (identity::is_locked(*facts.account, facts.now)) return Refusal::account_locked;
  if (facts.what == Issued::grant) {
    if (facts.client == nullptr) return Refusal::client_unknown;
    if (!facts.client->enabled) return Refusal::client_disabled;
    // An application of one organisation learns nothing of the people of another (ASVS 5.0, 8.4.1), unless it is made
    // for the organisations below its own too.
    const bool is_own = facts.client->tenant_id == facts.account->tenant_id;
    if (!is_own && !(facts.client->for_tenants_below && facts.is_below_client)) return Refusal::other_tenant;
  }
  if (facts.session == nullptr || facts.session->account_id != facts.account->id ||
      !is_alive(*facts.session, facts.account->security_stamp, facts.now)) {
    return Refusal::session_ended;
  }
  if (facts.session->proofs.empty()) return Refusal::no_proof;
  if (const auto flaw = find_flaw_of_context(facts)) return flaw;
  if (facts.what == Issued::grant && facts.session->proofs.level() < facts.client->level) return Refusal::level_too_low;
  return std::nullopt;
}

std::variant<Clearance, Refusal> judge_issuance(const IssuanceFacts& facts) {
  if (const auto refusal = find_refusal(facts)) return *refusal;
  Clearance clearance;
  clearance.account_id_ = facts.account->id;
  clearance.session_id_ = facts.session->id;
  clearance.what_ = facts.what;
  return clearance;
}

}  // namespace rights
