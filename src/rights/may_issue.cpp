#include "rights/may_issue.hpp"

#include "identity/lockout/lockout.hpp"
#include "rights/account_flaw.hpp"

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
    case Refusal::not_permitted: return "not_permitted";
    case Refusal::consent_missing: return "consent_missing";
    case Refusal::scope_not_registered: return "scope_not_registered";
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

// A client that belongs to an account is one identity with it (S4.27): it acts with a context of the account, or, if
// the account has none, with no rights but its scopes. It has proven one secret: level 1, and no way of login.
std::optional<Refusal> find_flaw_of_machine(const IssuanceFacts& facts) {
  if (const auto flaw = find_flaw_of_client(facts.client, facts.account, facts.now)) return flaw;
  if (!facts.client->account_id) return facts.account == nullptr ? std::nullopt : std::optional(Refusal::no_proof);
  if (facts.context == nullptr) return std::nullopt;
  if (facts.context->tenant_id != facts.account->tenant_id) return Refusal::other_tenant;
  if (!is_inside(*facts.context, facts.ip)) return Refusal::outside_network;
  if (facts.context->level > 1 || !facts.context->methods.empty()) return Refusal::level_too_low;
  return std::nullopt;
}

// A token has proven one secret, so that a context which demands more is not open to it.
std::optional<Refusal> find_flaw_of_token(const IssuanceFacts& facts) {
  if (facts.context == nullptr) return Refusal::no_context;
  if (facts.context->tenant_id != facts.account->tenant_id) return Refusal::other_tenant;
  if (!is_inside(*facts.context, facts.ip)) return Refusal::outside_network;
  if (facts.context->level > 1 || !facts.context->methods.empty()) return Refusal::level_too_low;
  return std::nullopt;
}

bool permits(const IssuanceFacts& facts) {
  return facts.permission && facts.context != nullptr && allows(*facts.context, *facts.permission);
}

std::optional<Refusal> find_flaw_of_session(const IssuanceFacts& facts) {
  if (facts.session == nullptr || facts.session->account_id != facts.account->id ||
      !is_alive(*facts.session, facts.account->security_stamp, facts.now)) {
    return Refusal::session_ended;
  }
  if (facts.session->proofs.empty()) return Refusal::no_proof;
  return find_flaw_of_context(facts);
}

std::optional<Refusal> find_flaw_of_grant(const IssuanceFacts& facts) {
  if (facts.session->proofs.level() < facts.client->level) return Refusal::level_too_low;
  if (facts.lost_offline) return Refusal::scope_not_registered;
  if (facts.lost_consent) return Refusal::consent_missing;
  return std::nullopt;
}

// Of a client that acts for itself the seals of its own organisation are asked for, by the scope that it has.
std::optional<Refusal> find_flaw_of_signer(const IssuanceFacts& facts) {
  if (facts.client != nullptr) return find_flaw_of_machine(facts);
  if (const auto flaw = find_flaw_of_account(facts.account, facts.now)) return flaw;
  const auto flaw = facts.session == nullptr ? find_flaw_of_token(facts) : find_flaw_of_session(facts);
  if (flaw) return flaw;
  return permits(facts) ? std::nullopt : std::optional(Refusal::not_permitted);
}

}  // namespace

std::optional<Refusal> find_flaw_of_account(const identity::Account* account, base::Time now) {
  if (account == nullptr) return Refusal::account_unknown;
  if (!identity::may_log_in(*account)) return Refusal::account_not_active;
  if (identity::is_locked(*account, now)) return Refusal::account_locked;
  return std::nullopt;
}

std::optional<Refusal> find_flaw_of_client(const Client* client, const identity::Account* owner, base::Time now) {
  if (client == nullptr) return Refusal::client_unknown;
  if (!client->enabled) return Refusal::client_disabled;
  if (!client->account_id) return std::nullopt;
  if (owner == nullptr || owner->id != *client->account_id) return Refusal::account_unknown;
  if (const auto flaw = find_flaw_of_account(owner, now)) return flaw;
  return owner->tenant_id == client->tenant_id ? std::nullopt : std::optional(Refusal::other_tenant);
}

std::optional<Refusal> find_refusal(const IssuanceFacts& facts) {
  if (facts.what == Issued::machine) return find_flaw_of_machine(facts);
  if (facts.what == Issued::signature) return find_flaw_of_signer(facts);
  if (const auto flaw = find_flaw_of_account(facts.account, facts.now)) return flaw;
  if (facts.what == Issued::grant) {
    // Of the account behind the client nothing is told but that the client does not act.
    if (const auto flaw = find_flaw_of_client(facts.client, facts.client_owner, facts.now)) {
      return *flaw == Refusal::client_unknown ? flaw : Refusal::client_disabled;
    }
    // An application of one organisation learns nothing of the people of another (ASVS 5.0, 8.4.1), unless it is made
    // for the organisations below its own too.
    const bool is_own = facts.client->tenant_id == facts.account->tenant_id;
    if (!is_own && !(facts.client->for_tenants_below && facts.is_below_client)) return Refusal::other_tenant;
  }
  if (const auto flaw = find_flaw_of_session(facts)) return flaw;
  return facts.what == Issued::grant ? find_flaw_of_grant(facts) : std::nullopt;
}

std::variant<Clearance, Refusal> judge_issuance(const IssuanceFacts& facts) {
  if (const auto refusal = find_refusal(facts)) return *refusal;
  Clearance clearance;
  if (facts.account != nullptr) clearance.account_id_ = facts.account->id;
  if (facts.session != nullptr) clearance.session_id_ = facts.session->id;
  clearance.what_ = facts.what;
  return clearance;
}

}  // namespace rights
