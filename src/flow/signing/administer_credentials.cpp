#include "flow/signing/administer_credentials.hpp"

#include "audit/event.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"

namespace flow {
namespace {

using rights::Permission;
using store::SigningCredential;

constexpr std::int64_t most_listed = 200;

struct StateChange {
  std::string_view from;
  std::string_view to;
  audit::Code change;
};

base::Result<void> change_state(const House& house, const rights::Actor& actor, const base::Id& id,
                                const StateChange& wanted, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_administrator(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(SigningCredential row, find_administered(tx, actor, id, facts.now));
    if (row.status != wanted.from) {
      return base::fail(base::Code::conflict, "the credential is " + row.status);
    }
    row.status = wanted.to;
    row.changed_at = facts.now;
    RETURN_IF_ERROR(store::update_signing_credential(tx, row));
    return record_credential({house, tx, facts, &actor}, row, wanted.change);
  });
}

/// A certificate of the own authority counts no more.
base::Result<void> revoke_own_issue(const CertificateAct& act, const SigningCredential& row,
                                    crypto::RevocationReason reason) {
  if (!row.is_own_issue || row.sha256.empty()) return {};
  auto revoked = revoke_certificate(act, row.sha256, reason);
  if (!revoked && revoked.error().code != base::Code::not_found) return base::pass_on(std::move(revoked));
  return {};
}

}  // namespace

std::string_view state_of(const SigningCredential& row, base::Time now) {
  if (row.status == "active" && row.not_after && *row.not_after < now) return "expired";
  if (row.status == "active" && row.not_before && now < *row.not_before) return "early";
  return row.status;
}

base::Result<std::vector<SigningCredential>> list_own_credentials(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::sign));
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no account");
  return house.store.read(
      [&](store::Tx& tx) { return store::list_signing_credentials_of(tx, actor.account().id, most_listed); });
}

base::Result<SigningCredential> find_own_credential(const House& house, const rights::Actor& actor,
                                                    const base::Id& id) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::sign));
  const bool has_account = !actor.is_operator() && !actor.is_acting();
  ASSIGN_OR_RETURN(auto row, house.store.read([&](store::Tx& tx) { return store::find_signing_credential(tx, id); }));
  const bool is_own = has_account && row && row->account_id && *row->account_id == actor.account().id;
  if (!is_own) return base::fail(base::Code::not_found, "there is no such credential");
  return std::move(*row);
}

std::map<std::string, token::State> look_at_tokens_of(const House& house, const std::vector<SigningCredential>& rows) {
  std::map<std::string, token::State> states;
  for (const SigningCredential& row : rows) {
    if (row.backend != "token" || states.contains(row.token)) continue;
    token::Token* const token = house.tokens == nullptr ? nullptr : house.tokens->find(row.token);
    auto state = token == nullptr ? base::Result<token::State>(token::State()) : token->look();
    states.emplace(row.token, state ? std::move(*state) : token::State());
  }
  return states;
}

base::Result<std::vector<SigningCredential>> list_credentials(const House& house, const rights::Actor& actor,
                                                              std::string_view tenant, std::string_view account,
                                                              base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<SigningCredential>> {
    if (!account.empty()) {
      ASSIGN_OR_RETURN(const identity::Account owner, find_managed(tx, actor, account, now));
      return store::list_signing_credentials_of(tx, owner.id, most_listed);
    }
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    return store::list_signing_credentials(tx, found.id, most_listed);
  });
}

base::Result<SigningCredential> find_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                                base::Time now) {
  return house.store.read([&](store::Tx& tx) { return find_administered(tx, actor, id, now); });
}

base::Result<OwnerNames> name_owners_of(const House& house, const rights::Actor& actor,
                                        const std::vector<store::SigningCredential>& rows) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::manage_credentials));
  return house.store.read([&](store::Tx& tx) -> base::Result<OwnerNames> {
    OwnerNames names;
    for (const store::SigningCredential& row : rows) {
      if (!row.account_id || names.contains(*row.account_id) || !actor.reaches(row.tenant_id)) continue;
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *row.account_id));
      if (!account) continue;
      const std::string name = account->display_name();
      names.emplace(account->id, name.empty() ? account->login : name);
    }
    return names;
  });
}

base::Result<void> suspend_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                      const RequestFacts& facts) {
  return change_state(house, actor, id, {"active", "suspended", "suspended"}, facts);
}

base::Result<void> restore_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                      const RequestFacts& facts) {
  return change_state(house, actor, id, {"suspended", "active", "restored"}, facts);
}

base::Result<void> revoke_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                     crypto::RevocationReason reason, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_administrator(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    const CertificateAct act{house, tx, facts, &actor};
    ASSIGN_OR_RETURN(SigningCredential row, find_administered(tx, actor, id, facts.now));
    if (row.status == "revoked") return base::fail(base::Code::conflict, "the credential is revoked already");
    row.status = "revoked";
    row.changed_at = facts.now;
    RETURN_IF_ERROR(store::update_signing_credential(tx, row));
    RETURN_IF_ERROR(store::set_signing_secrets(tx, id, {}));
    RETURN_IF_ERROR(revoke_own_issue(act, row, reason));
    return record_credential(act, row, "revoked", reason);
  });
}

base::Result<void> delete_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                     const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_administrator(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const SigningCredential row, find_administered(tx, actor, id, facts.now));
    RETURN_IF_ERROR(store::delete_signing_credential(tx, id));
    return record_credential({house, tx, facts, &actor}, row, "removed");
  });
}

}  // namespace flow
