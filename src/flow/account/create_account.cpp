#include "flow/account/create_account.hpp"

#include <algorithm>
#include <optional>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/password/reset_token.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

struct AccountParts {
  identity::Account account;
  NewIdentifiers identifiers;
};

base::Result<base::Id> tenant_of_new(store::Tx& tx, const rights::Actor& actor, std::string_view named) {
  ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, named));
  return tenant.id;
}

// S4.13: whoever gives a person's account its addresses gives one at least. The preferred channel of two is e-mail
// unless said otherwise, and the account has the preferred one.
base::Result<std::string> choose_preferred_channel(const NewAccount& wished) {
  const bool has_none = wished.email.empty() && wished.phone.empty();
  if (wished.given_addresses && identity::is_human(wished.kind) && has_none)
    return base::fail(base::Code::invalid_input, "email: a person's account needs an e-mail address or a phone number");
  const std::string& preferred = wished.preferred_channel;
  if (!preferred.empty() && preferred != "email" && preferred != "sms")
    return base::fail(base::Code::invalid_input, "preferred_channel: email or sms");
  if ((preferred == "email" && wished.email.empty()) || (preferred == "sms" && wished.phone.empty()))
    return base::fail(base::Code::invalid_input, "preferred_channel: the account has no such address");
  if (!preferred.empty()) return preferred;
  return std::string(!wished.email.empty() ? "email" : !wished.phone.empty() ? "sms" : "");
}

AddressTrust trust_of(const NewAccount& wished) {
  if (wished.trusted_addresses) return AddressTrust::proven;
  return wished.given_addresses ? AddressTrust::given : AddressTrust::claimed;
}

base::Result<void> make_invited(const NewAccount& wished, identity::Account& account) {
  const auto refused = [](std::string reason) { return base::fail(base::Code::invalid_input, std::move(reason)); };
  if (!identity::is_human(wished.kind)) return refused("kind: only people are invited");
  if (!wished.password.empty()) return refused("password: the invited person chooses it");
  if (wished.email.empty() && wished.phone.empty()) return refused("email: an invitation needs an address or a number");
  account.status = identity::AccountStatus::invited;
  return {};
}

// S4.27
base::Result<void> check_numbers(const NewAccount& wished) {
  const auto has = [&](std::string_view type) {
    return std::any_of(wished.identifiers.begin(), wished.identifiers.end(),
                       [&](const auto& one) { return one.first == type && !one.second.empty(); });
  };
  if (lacks_number(wished.kind, has(identity::identifier_type::nip), has(identity::identifier_type::regon)))
    return base::fail(base::Code::invalid_input, "nip: an organisation has a NIP or a REGON");
  if (identity::is_human(wished.kind)) return {};
  for (const auto& [type, value] : wished.identifiers) {
    if (!value.empty() && is_only_of_people(type))
      return base::fail(base::Code::invalid_input, type + ": only a person has one");
  }
  return {};
}

base::Result<AccountParts> make_parts(const NewAccount& wished, const base::Id& tenant_id, base::Time now) {
  AccountParts parts;
  identity::Account& account = parts.account;
  account.id = base::Id::make(now);
  account.tenant_id = tenant_id;
  const bool has_name = !wished.given_name.empty() || !wished.family_name.empty();
  if (identity::is_human(wished.kind) || has_name) account.person_id = base::Id::make(now);
  account.kind = wished.kind;
  account.organisation = wished.organisation;
  account.external = wished.external;
  account.given_name = wished.given_name;
  account.family_name = wished.family_name;
  account.locale = wished.locale;
  account.created_at = now;
  RETURN_IF_ERROR(check_names(wished.given_name, wished.family_name));
  RETURN_IF_ERROR(check_names(wished.organisation, {}));
  RETURN_IF_ERROR(check_numbers(wished));
  if (wished.invite) RETURN_IF_ERROR(make_invited(wished, account));
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
  ASSIGN_OR_RETURN(parts.identifiers, parse_identifiers(account.id, typed, trust_of(wished), now));
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
  ASSIGN_OR_RETURN(const identity::Account main, find_managed(tx, actor, wished.main_account, now));
  return attach_to_main(main, wished.redirect_to_main, parts.account, parts.identifiers, now);
}

/// What the password of the account that is about to be created is judged by.
base::Result<PasswordGround> find_ground_of_new(store::Tx& tx, const NewAccount& wished,
                                                const identity::Account& account) {
  PasswordGround ground;
  std::vector<base::Id> contexts;
  for (const std::string& key : wished.contexts) {
    ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, account.tenant_id, key));
    if (context) contexts.push_back(context->id);
  }
  ASSIGN_OR_RETURN(ground.in_force, find_policy_of_new(tx, account.tenant_id, contexts));
  ground.account = account;
  ground.account.login = wished.login;
  ground.account.email = wished.email;
  ASSIGN_OR_RETURN(ground.facts, find_password_facts(tx, ground.account));
  return ground;
}

base::Result<void> join_groups(store::Tx& tx, const rights::Actor& actor, const identity::Account& account,
                               const std::vector<std::string>& groups, const RequestFacts& facts) {
  for (const std::string& typed : groups) {
    const auto name = group_name(typed);
    ASSIGN_OR_RETURN(const auto group, name ? store::find_group(tx, account.tenant_id, *name)
                                            : base::Result<std::optional<store::Group>>(std::nullopt));
    if (!group) return base::fail(base::Code::invalid_input, "group: there is none named " + typed);
    ASSIGN_OR_RETURN(const bool joined, store::add_member(tx, group->id, account.id));
    if (!joined) continue;
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::group_change, actor, account, facts,
                                           {{"group", audit::Value::registered(group->shown)}, {"change", "added"}})));
  }
  return {};
}

base::Result<void> send_invitation(const House& house, store::Tx& tx, const base::Id& id, const base::Bytes& secret,
                                   const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
  if (!account) return base::fail(base::Code::internal, "the new account is not there");
  return send_reset_link(house, tx, *account, {.secret = secret, .by_administrator = true}, facts);
}

AccountFields fields_of(const NewAccount& wished) {
  AccountFields fields;
  fields.set("given_name", wished.given_name);
  fields.set("family_name", wished.family_name);
  fields.set("organisation", wished.organisation);
  fields.set("locale", wished.locale);
  fields.set("login", wished.login);
  fields.set("email", wished.email);
  fields.set("phone", wished.phone);
  fields.set("preferred_channel", wished.preferred_channel);
  for (const auto& [name, value] : wished.identifiers) fields.set(name, value);
  return fields;
}

}  // namespace

base::Result<Registered> register_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  Registered registered;
  identity::Account account;
  account.id = base::Id::make(facts.now);
  account.kind = wished.kind;
  account.given_name = wished.given_name;
  account.family_name = wished.family_name;
  const std::vector<std::string> asked(account_fields.begin(), account_fields.end());
  ASSIGN_OR_RETURN(registered.flaws, house.store.read([&](store::Tx& tx) -> base::Result<std::vector<FieldFlaw>> {
    ASSIGN_OR_RETURN(account.tenant_id, tenant_of_new(tx, actor, wished.tenant));
    return find_field_flaws(tx, account, fields_of(wished), asked, facts.now);
  }));
  if (!registered.flaws.empty()) return registered;
  auto id = create_account(house, actor, wished, facts);
  if (!id && id.error().code == base::Code::already_exists) {
    // Taken by somebody else since the fields were judged: they are judged again.
    ASSIGN_OR_RETURN(registered.flaws, house.store.read([&](store::Tx& tx) {
      return find_field_flaws(tx, account, fields_of(wished), asked, facts.now);
    }));
    if (!registered.flaws.empty()) return registered;
  }
  // The fields are right, so that only the password can be refused.
  if (!id && id.error().code == base::Code::invalid_input && !wished.password.empty()) {
    registered.flaws.push_back({"new_password", "admin_account.unfit"});
    ASSIGN_OR_RETURN(const PasswordGround ground,
                     house.store.read([&](store::Tx& tx) { return find_ground_of_new(tx, wished, account); }));
    ASSIGN_OR_RETURN(PasswordPreview preview,
                     preview_password(house, ground.in_force.policy, ground.facts, wished.password.reveal()));
    registered.password_flaws = std::move(preview.flaws);
    return registered;
  }
  ASSIGN_OR_RETURN(registered.id, std::move(id));
  return registered;
}

base::Result<AccountChoices> find_choices(const House& house, const rights::Actor& actor, const base::Id& tenant_id) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_accounts));
  if (!actor.reaches(tenant_id)) return base::fail(base::Code::denied, "the tenant is another one");
  return house.store.read([&](store::Tx& tx) -> base::Result<AccountChoices> {
    AccountChoices choices;
    ASSIGN_OR_RETURN(choices.contexts, store::list_contexts_of_tenant(tx, tenant_id));
    std::erase_if(choices.contexts, [&](const auto& one) { return !demand_rights(actor, rights::granted(one)); });
    ASSIGN_OR_RETURN(const auto groups, store::list_groups(tx, tenant_id));
    for (const store::Group& group : groups) choices.groups.push_back(group.shown);
    return choices;
  });
}

base::Result<base::Id> create_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                      const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  base::Id tenant_id;
  PasswordGround ground;
  const auto prepare = [&](store::Tx& tx) -> base::Result<AccountParts> {
    ASSIGN_OR_RETURN(tenant_id, tenant_of_new(tx, actor, wished.tenant));
    ASSIGN_OR_RETURN(AccountParts made, make_parts(wished, tenant_id, facts.now));
    ASSIGN_OR_RETURN(ground, find_ground_of_new(tx, wished, made.account));
    return made;
  };
  ASSIGN_OR_RETURN(const AccountParts parts, house.store.read(prepare));
  const base::Id id = parts.account.id;
  std::optional<ReadyPassword> ready;
  if (!wished.password.empty()) {
    ASSIGN_OR_RETURN(ready, judge_given_password(house, ground, wished.password, facts.now));
  }
  const base::Bytes secret = base::random_bytes(reset_token_octets);
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    AccountParts made = parts;
    // It may have been deleted since it was found.
    RETURN_IF_ERROR(find_managed_tenant(tx, actor, tenant_id.to_string()));
    RETURN_IF_ERROR(join_main_account(tx, actor, wished, made, facts.now));
    ASSIGN_OR_RETURN(const auto person, find_person_to_join(tx, made.account, made.identifiers.of_person));
    if (person) made.account.person_id = person->id;
    RETURN_IF_ERROR(store::insert_account(tx, made.account));
    RETURN_IF_ERROR(insert_identifiers(tx, made.account, made.identifiers, facts.now));
    for (const std::string& key : wished.contexts) {
      ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant_id, key));
      if (!context) return base::fail(base::Code::invalid_input, "context: there is none named " + key);
      RETURN_IF_ERROR(demand_rights(actor, rights::granted(*context)));
      RETURN_IF_ERROR(store::give_context(tx, id, context->id, facts.now));
    }
    if (ready) {
      RETURN_IF_ERROR(write_password(tx, parts.account, *ready, terms_of_given(wished.must_change), facts.now));
    }
    RETURN_IF_ERROR(join_groups(tx, actor, made.account, wished.groups, facts));
    if (wished.invite) RETURN_IF_ERROR(send_invitation(house, tx, id, secret, facts));
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::account_create, actor, made.account, facts,
                                           {{"kind", wished.kind},
                                            {"contexts", audit::Value::registered(base::join(wished.contexts, " "))},
                                            {"main_account", made.account.main_account_id},
                                            {"invited", wished.invite ? audit::Code("yes") : audit::Code()}})));
    return id;
  });
}

}  // namespace flow
