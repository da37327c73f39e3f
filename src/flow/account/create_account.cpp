#include "flow/account/create_account.hpp"

#include <optional>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/account/make_identifiers.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

struct AccountParts {
  identity::Account account;
  NewIdentifiers identifiers;
};

// S4.13: the preferred channel of two is e-mail unless said otherwise, and the account has the preferred one.
base::Result<std::string> choose_preferred_channel(const NewAccount& wished) {
  const std::string& preferred = wished.preferred_channel;
  if (!preferred.empty() && preferred != "email" && preferred != "sms")
    return base::fail(base::Code::invalid_input, "preferred_channel: email or sms");
  if ((preferred == "email" && wished.email.empty()) || (preferred == "sms" && wished.phone.empty()))
    return base::fail(base::Code::invalid_input, "preferred_channel: the account has no such address");
  if (!preferred.empty()) return preferred;
  return std::string(!wished.email.empty() ? "email" : !wished.phone.empty() ? "sms" : "");
}

base::Result<AccountParts> make_parts(const NewAccount& wished, const base::Id& tenant_id, base::Time now) {
  AccountParts parts;
  identity::Account& account = parts.account;
  account.id = base::Id::make(now);
  account.tenant_id = tenant_id;
  account.person_id = base::Id::make(now);
  account.kind = wished.kind;
  account.given_name = wished.given_name;
  account.family_name = wished.family_name;
  account.locale = wished.locale;
  account.created_at = now;
  RETURN_IF_ERROR(check_names(wished.given_name, wished.family_name));
  ASSIGN_OR_RETURN(account.preferred_channel, choose_preferred_channel(wished));
  account.is_main = wished.is_main;
  if (wished.is_main && (!wished.main_account.empty() || wished.kind != identity::AccountKind::employee))
    return base::fail(base::Code::invalid_input, "main_account: only an employee's account without one above it");
  std::vector<std::pair<std::string, std::string>> typed{{std::string(identity::identifier_type::login), wished.login},
                                                         {std::string(identity::identifier_type::email), wished.email},
                                                         {std::string(identity::identifier_type::phone), wished.phone}};
  if (wished.login.empty())
    return base::fail(base::Code::invalid_input, "login: 3 to 50 characters without white space");
  typed.insert(typed.end(), wished.identifiers.begin(), wished.identifiers.end());
  ASSIGN_OR_RETURN(parts.identifiers, parse_identifiers(account.id, typed, wished.trusted_addresses, now));
  return parts;
}

// S2.4, S2.5: a sub account belongs to a main account, never to another sub account. Only its e-mail may be redirected.
base::Result<void> join_main_account(store::Tx& tx, const rights::Actor& actor, const NewAccount& wished,
                                     AccountParts& parts, base::Time now) {
  if (wished.main_account.empty()) {
    if (wished.redirect_to_main)
      return base::fail(base::Code::invalid_input, "email: a main account's mails are not redirected");
    return {};
  }
  // A person who reads the mails of the main account could reset the password of the sub account.
  if (!actor.may(rights::Permission::administer_all)) {
    for (const std::string& key : wished.contexts) {
      ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, parts.account.tenant_id, key));
      if (context && rights::has(context->role, rights::Permission::administer_all)) {
        return base::fail(base::Code::denied, "only a super administrator makes one a sub account");
      }
    }
  }
  ASSIGN_OR_RETURN(const identity::Account main, find_managed(tx, actor, wished.main_account, now));
  return attach_to_main(main, wished.redirect_to_main, parts.account, parts.identifiers);
}

}  // namespace

base::Result<base::Id> create_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                      const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  base::Id tenant_id;
  PasswordGround ground;
  const auto prepare = [&](store::Tx& tx) -> base::Result<AccountParts> {
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    tenant_id = actor.is_operator() ? first.id : actor.account().tenant_id;
    ASSIGN_OR_RETURN(AccountParts made, make_parts(wished, tenant_id, facts.now));
    std::vector<base::Id> contexts;
    for (const std::string& key : wished.contexts) {
      ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant_id, key));
      if (context) contexts.push_back(context->id);
    }
    ASSIGN_OR_RETURN(ground.in_force, find_policy_of_new(tx, tenant_id, contexts));
    ground.account = made.account;
    ground.account.login = wished.login;
    ground.account.email = wished.email;
    ASSIGN_OR_RETURN(ground.facts, find_password_facts(tx, ground.account));
    return made;
  };
  ASSIGN_OR_RETURN(const AccountParts parts, house.store.read(prepare));
  const base::Id id = parts.account.id;
  std::optional<ReadyPassword> ready;
  if (!wished.password.empty()) {
    ASSIGN_OR_RETURN(ready, judge_given_password(house, ground, wished.password, facts.now));
  }
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    AccountParts made = parts;
    RETURN_IF_ERROR(join_main_account(tx, actor, wished, made, facts.now));
    ASSIGN_OR_RETURN(const auto person, find_person_to_join(tx, made.account, made.identifiers.of_person));
    if (person) made.account.person_id = person->id;
    RETURN_IF_ERROR(store::insert_account(tx, made.account));
    RETURN_IF_ERROR(insert_identifiers(tx, made.account, made.identifiers, facts.now));
    for (const std::string& key : wished.contexts) {
      ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant_id, key));
      if (!context) return base::fail(base::Code::invalid_input, "context: there is none named " + key);
      RETURN_IF_ERROR(demand_giver(actor, *context));
      RETURN_IF_ERROR(store::give_context(tx, id, context->id, facts.now));
    }
    if (ready) {
      RETURN_IF_ERROR(write_password(tx, parts.account, *ready, terms_of_given(wished.must_change), facts.now));
    }
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::account_create, actor, made.account, facts,
                                           {{"kind", wished.kind},
                                            {"contexts", audit::Value::registered(base::join(wished.contexts, " "))},
                                            {"main_account", made.account.main_account_id}})));
    return id;
  });
}

}  // namespace flow
