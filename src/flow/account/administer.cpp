#include "flow/account/administer.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "crypto/master_key.hpp"
#include "flow/account/make_identifiers.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/house/actor_maker.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/password/reset_token.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/end_access.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"
#include "text/language.hpp"

namespace flow {
namespace {

base::Result<void> demand(const rights::Actor& actor, rights::Permission permission) {
  if (actor.may(permission)) return {};
  return base::fail(base::Code::denied, "the acting context does not allow this");
}

identity::PasswordOrigin origin_of_given(bool must_change) {
  return must_change ? identity::PasswordOrigin::initial : identity::PasswordOrigin::own;
}

// An account that the actor may change: none above him, and not his own, for which there are the account pages.
base::Result<identity::Account> find_changeable(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                                base::Time now) {
  ASSIGN_OR_RETURN(identity::Account account, find_managed(tx, actor, named, now));
  if (!actor.is_operator() && account.id == actor.account().id) {
    return base::fail(base::Code::denied, "nobody administers himself");
  }
  if (actor.may(rights::Permission::administer_all)) return account;
  ASSIGN_OR_RETURN(const bool above, is_above(tx, account.id, now));
  if (above) return base::fail(base::Code::denied, "an account administrator does not touch a super administrator");
  return account;
}

// Whoever changes accounts of others has proven lately that it is him at the keyboard.
base::Result<void> demand_dangerous(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand(actor, rights::Permission::manage_accounts));
  return demand_fresh_proof(house, actor, now);
}

std::optional<base::Id> id_of(const rights::Actor& actor) {
  return actor.is_operator() ? std::nullopt : std::optional(actor.account().id);
}

struct AccountParts {
  identity::Account account;
  NewIdentifiers identifiers;
};

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
  for (const std::string& name : {wished.given_name, wished.family_name}) {
    if (!base::is_utf8(name) || base::count_code_points(name) > 100 ||
        name.find_first_of("\r\n\t\0", 0, 4) != std::string::npos) {
      return base::fail(base::Code::invalid_input,
                        "name: not UTF-8, longer than 100 characters or with control characters");
    }
  }
  account.preferred_channel = wished.preferred_channel;
  if (!account.preferred_channel.empty() && account.preferred_channel != "email" &&
      account.preferred_channel != "sms") {
    return base::fail(base::Code::invalid_input, "preferred_channel: email or sms");
  }
  std::vector<std::pair<std::string, std::string>> typed{{std::string(identity::identifier_type::login), wished.login},
                                                         {std::string(identity::identifier_type::email), wished.email},
                                                         {std::string(identity::identifier_type::phone), wished.phone}};
  if (wished.login.empty())
    return base::fail(base::Code::invalid_input, "login: 3 to 50 characters without white space");
  typed.insert(typed.end(), wished.identifiers.begin(), wished.identifiers.end());
  ASSIGN_OR_RETURN(parts.identifiers, parse_identifiers(account.id, typed, wished.trusted_addresses, now));
  return parts;
}

// S2.4, S2.5: a sub account hangs on a main account, never on another sub account; only its e-mail may be redirected.
base::Result<void> join_main_account(store::Tx& tx, const rights::Actor& actor, const NewAccount& wished,
                                     identity::Account& account, NewIdentifiers& identifiers, base::Time now) {
  if (wished.main_account.empty()) {
    if (wished.redirect_to_main)
      return base::fail(base::Code::invalid_input, "email: a main account's mails are not redirected");
    return {};
  }
  // Whoever reads the main account's mails may get into the sub account.
  if (!actor.may(rights::Permission::administer_all)) {
    for (const std::string& key : wished.contexts) {
      ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, account.tenant_id, key));
      if (context && rights::has(context->role, rights::Permission::administer_all)) {
        return base::fail(base::Code::denied, "only a super administrator makes one a sub account");
      }
    }
  }
  ASSIGN_OR_RETURN(const identity::Account main, find_managed(tx, actor, wished.main_account, now));
  return attach_to_main(main, wished.redirect_to_main, account, identifiers);
}

}  // namespace

rights::Actor make_operator(std::string request_id) {
  return ActorMaker::make_operator(std::move(request_id));
}

base::Result<base::Id> create_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                      const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_dangerous(house, actor, facts.now));
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
    return made;
  };
  ASSIGN_OR_RETURN(const AccountParts parts, house.store.read(prepare));
  const base::Id id = parts.account.id;
  ground.account = parts.account;
  ground.account.login = wished.login;
  ground.account.email = wished.email;
  std::optional<ReadyPassword> ready;
  if (!wished.password.empty()) {
    ASSIGN_OR_RETURN(ready, judge_given_password(house, ground, wished.password, facts.now));
  }
  return house.store.write([&](store::Tx& tx) -> base::Result<base::Id> {
    identity::Account account = parts.account;
    NewIdentifiers identifiers = parts.identifiers;
    RETURN_IF_ERROR(join_main_account(tx, actor, wished, account, identifiers, facts.now));
    ASSIGN_OR_RETURN(const auto person, find_person_to_join(tx, account, identifiers.of_person));
    if (person) account.person_id = person->id;
    RETURN_IF_ERROR(store::insert_account(tx, account));
    RETURN_IF_ERROR(insert_identifiers(tx, account, identifiers, facts.now));
    for (const std::string& key : wished.contexts) {
      ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant_id, key));
      if (!context) return base::fail(base::Code::invalid_input, "context: there is none named " + key);
      if (rights::has(context->role, rights::Permission::administer_all) &&
          !actor.may(rights::Permission::administer_all)) {
        return base::fail(base::Code::denied, "nobody gives more rights than he has");
      }
      RETURN_IF_ERROR(store::give_context(tx, id, context->id, facts.now));
    }
    if (ready) {
      const identity::PasswordOrigin origin = origin_of_given(wished.must_change);
      RETURN_IF_ERROR(write_password(tx, parts.account, *ready, origin, facts.now));
    }
    RETURN_IF_ERROR(store::append_event(
        tx, make_event(audit::type::account_create, actor, tenant_id, id, facts, {{"kind", name_of(wished.kind)}})));
    return id;
  });
}

base::Result<std::vector<identity::Account>> list_accounts(const House& house, const rights::Actor& actor,
                                                           const base::Id& after, std::size_t most) {
  RETURN_IF_ERROR(demand(actor, rights::Permission::manage_accounts));
  ASSIGN_OR_RETURN(auto accounts,
                   house.store.read([&](store::Tx& tx) { return store::list_accounts(tx, after, most); }));
  if (!actor.may(rights::Permission::administer_all)) {
    std::erase_if(accounts, [&](const auto& one) { return one.tenant_id != actor.account().tenant_id; });
  }
  return accounts;
}

base::Result<identity::Account> find_named_account(const House& house, const rights::Actor& actor,
                                                   std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand(actor, rights::Permission::manage_accounts));
  return house.store.read([&](store::Tx& tx) { return find_managed(tx, actor, account, now); });
}

base::Result<void> set_password(const House& house, const rights::Actor& actor, std::string_view account,
                                const base::Secret& password, bool must_change, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_dangerous(house, actor, facts.now));
  ASSIGN_OR_RETURN(const PasswordGround ground, house.store.read([&](store::Tx& tx) -> base::Result<PasswordGround> {
    auto found_before = find_changeable(tx, actor, account, facts.now);
    if (!found_before) return base::pass_on(std::move(found_before));
    return find_ground(tx, std::move(*found_before), facts.now);
  }));
  ASSIGN_OR_RETURN(const ReadyPassword ready, judge_given_password(house, ground, password, facts.now));
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    if (found.status == identity::AccountStatus::deleted) {
      return base::fail(base::Code::conflict, "the account is deleted");
    }
    RETURN_IF_ERROR(write_password(tx, found, ready, origin_of_given(must_change), facts.now));
    RETURN_IF_ERROR(end_access_of(tx, found, audit::why::password_set, facts));
    return store::append_event(tx, make_event(audit::type::password_set, actor, found.tenant_id, found.id, facts,
                                              {{"must_change", must_change ? "yes" : "no"}}));
  });
}

base::Result<void> suspend_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_dangerous(house, actor, facts.now));
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    if (found.status == identity::AccountStatus::deleted) {
      return base::fail(base::Code::conflict, "the account is deleted");
    }
    if (found.status == identity::AccountStatus::suspended_admin) return {};
    if (found.status == identity::AccountStatus::active) {
      RETURN_IF_ERROR(demand_other_super_administrator(tx, found.id, facts.now));
    }
    RETURN_IF_ERROR(
        store::set_account_status(tx, found.id, identity::AccountStatus::suspended_admin, facts.now, id_of(actor)));
    RETURN_IF_ERROR(end_access_of(tx, found, audit::why::suspended, facts));
    return store::append_event(tx, make_event(audit::type::account_suspend, actor, found.tenant_id, found.id, facts));
  });
}

base::Result<void> restore_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_dangerous(house, actor, facts.now));
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    if (found.status == identity::AccountStatus::deleted) {
      return base::fail(base::Code::conflict, "a deleted account is never restored");
    }
    if (found.status == identity::AccountStatus::active) return {};
    RETURN_IF_ERROR(store::set_account_status(tx, found.id, identity::AccountStatus::active, facts.now, id_of(actor)));
    RETURN_IF_ERROR(notify_person(house, tx, found, "unlocked", facts));
    return store::append_event(tx, make_event(audit::type::account_restore, actor, found.tenant_id, found.id, facts));
  });
}

base::Result<void> start_reset_for(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_dangerous(house, actor, facts.now));
  const base::Bytes secret = base::random_bytes(reset_token_octets);
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    RETURN_IF_ERROR(send_reset_link(house, tx, found, secret, "", text::Language::en, facts));
    return store::append_event(tx, make_event(audit::type::password_reset, actor, found.tenant_id, found.id, facts,
                                              {{"step", "asked_by_administrator"}}));
  });
}

base::Result<void> unlock_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_dangerous(house, actor, facts.now));
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    RETURN_IF_ERROR(unlock(tx, found.id));
    return store::append_event(tx, make_event(audit::type::account_unlock, actor, found.tenant_id, found.id, facts));
  });
}

base::Bytes hash_client_secret(const House& house, const base::Secret& secret) {
  return house.master.authenticate("client-secret", secret.reveal());
}

base::Result<base::Secret> create_client(const House& house, const rights::Actor& actor, rights::Client client,
                                         const base::Secret& secret, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand(actor, rights::Permission::manage_clients));
  const std::vector<std::string> flaws = rights::find_flaws(client);
  if (!flaws.empty()) {
    std::string all;
    for (const std::string& flaw : flaws) all.append(all.empty() ? "" : "; ").append(flaw);
    return base::fail(base::Code::invalid_input, all);
  }
  base::Secret given = secret;
  if (client.auth == rights::ClientAuth::secret) {
    if (given.empty()) given = base::Secret(base::to_base64url(base::random_bytes(32)));
    client.secrets = {{hash_client_secret(house, given), std::nullopt}};
  } else if (!given.empty()) {
    return base::fail(base::Code::invalid_input, "a public client has no secret");
  }
  return house.store.write([&](store::Tx& tx) -> base::Result<base::Secret> {
    client.id = base::Id::make(facts.now);
    client.tenant_id = actor.account().tenant_id;
    if (actor.is_operator()) {
      ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
      client.tenant_id = tenant.id;
    }
    RETURN_IF_ERROR(store::insert_client(tx, client, facts.now));
    audit::Event event = make_event(audit::type::client_create, actor, client.tenant_id, base::Id(), facts);
    event.client = client.client_id;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return given;
  });
}

base::Result<std::vector<rights::Client>> list_clients(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand(actor, rights::Permission::manage_clients));
  return house.store.read([](store::Tx& tx) { return store::list_clients(tx); });
}

base::Result<void> prepare_installation(const House& house, base::Time now) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    RETURN_IF_ERROR(prepare_policies(house, tx, tenant.id, now));
    const struct {
      const char* key;
      const char* name;
      rights::Role role;
    } wanted[] = {{"user", "context.user", rights::Role::user},
                  {"administrator", "context.administrator", rights::Role::account_administrator},
                  {"super_administrator", "context.super_administrator", rights::Role::super_administrator}};
    for (const auto& one : wanted) {
      ASSIGN_OR_RETURN(const auto there, store::find_context_by_key(tx, tenant.id, one.key));
      if (there) continue;
      rights::ActingContext context;
      context.id = base::Id::make(now);
      context.tenant_id = tenant.id;
      context.key = one.key;
      context.name = one.name;
      context.role = one.role;
      RETURN_IF_ERROR(store::insert_context(tx, context));
    }
    return {};
  });
}

}  // namespace flow
