#include "flow/account/sub_accounts.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/email_address.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

constexpr std::int64_t most_sub_accounts = 100;
constexpr std::int64_t most_new_ones_an_hour = 20;

base::Result<void> demand_room(const House& house, store::Tx& tx, const base::Id& main_id, base::Time now) {
  // The counter comes first: its row serialises the requests of one main account.
  const base::Bytes bucket = house.master.authenticate("throttle", "sub-account|" + main_id.to_string());
  ASSIGN_OR_RETURN(const std::int64_t made, store::count_in_window(tx, bucket, std::chrono::hours(1), now));
  if (made > most_new_ones_an_hour) return base::fail(base::Code::too_many, "too many new sub accounts in an hour");
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_sub_accounts(tx, main_id));
  if (count >= most_sub_accounts) return base::fail(base::Code::conflict, "the main account has its most sub accounts");
  return {};
}

// Another account may name the same address until one of them has proven it, but not one of the same holder.
base::Result<void> demand_own_address(store::Tx& tx, const base::Id& main_id, std::string_view email) {
  ASSIGN_OR_RETURN(const auto wished, identity::parse_identifier(type::email, email));
  ASSIGN_OR_RETURN(const auto others, store::list_sub_accounts(tx, main_id));
  for (const identity::Account& other : others) {
    const auto there = identity::parse_identifier(type::email, other.email);
    if (there && there->canonical == wished.canonical) return base::fail(base::Code::already_exists, "email: taken");
  }
  return {};
}

}  // namespace

bool may_have_sub_accounts(const identity::Account& account) {
  return account.is_main && account.kind == identity::AccountKind::employee && !account.main_account_id;
}

bool is_pseudo_of(const identity::Account& main, std::string_view typed) {
  const auto address = identity::parse_email_address(typed);
  if (!address || !address->is_pseudo() || !main.email_verified) return false;
  const auto bare = identity::parse_email_address(std::string(address->without_tag()) + "@" + address->domain);
  const auto target = identity::parse_email_address(main.email);
  return bare && target && bare->canonical == target->canonical;
}

base::Result<void> attach_to_main(const identity::Account& main, bool redirect_to_main, identity::Account& account,
                                  NewIdentifiers& identifiers, base::Time now) {
  if (!main.is_main) return base::fail(base::Code::invalid_input, "main_account: is no main account");
  if (main.main_account_id) return base::fail(base::Code::invalid_input, "main_account: is a sub account itself");
  if (!identity::may_log_in(main)) return base::fail(base::Code::conflict, "main_account: is not active");
  const auto email = std::find_if(identifiers.of_account.begin(), identifiers.of_account.end(),
                                  [](const store::Identifier& one) { return one.type == type::email; });
  if (email == identifiers.of_account.end()) {
    return base::fail(base::Code::invalid_input, "email: every sub account needs one of its own");
  }
  if (redirect_to_main) {
    if (!is_pseudo_of(main, email->display)) {
      return base::fail(base::Code::invalid_input,
                        "email: not a pseudo address (info+sales@…) of the main account's e-mail");
    }
    email->redirect_to_main = true;
    email->verified_at = now;
    email->may_login = true;
  }
  account.main_account_id = main.id;
  account.tenant_id = main.tenant_id;
  return {};
}

base::Result<base::Id> create_sub_account(const House& house, const rights::Actor& actor, const NewSubAccount& wished,
                                          const RequestFacts& facts) {
  if (actor.is_operator() || !may_have_sub_accounts(actor.account())) {
    return base::fail(base::Code::denied, "only the holder of a main account makes sub accounts");
  }
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  RETURN_IF_ERROR(check_names(wished.given_name, wished.family_name));
  if (wished.login.empty()) return base::fail(base::Code::invalid_input, "login: missing");
  identity::Account account;
  account.id = base::Id::make(facts.now);
  account.person_id = base::Id::make(facts.now);
  account.given_name = wished.given_name;
  account.family_name = wished.family_name;
  account.locale = actor.account().locale;
  account.preferred_channel = "email";
  account.created_at = facts.now;
  ASSIGN_OR_RETURN(const NewIdentifiers parsed,
                   parse_identifiers(
                       account.id, {{std::string(type::login), wished.login}, {std::string(type::email), wished.email}},
                       AddressTrust::claimed, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    // The main account is read again, because it may have been changed in the meantime.
    ASSIGN_OR_RETURN(const auto main, store::find_account(tx, actor.account().id));
    if (!main) return base::fail(base::Code::not_found, "the main account does not exist");
    if (!may_have_sub_accounts(*main)) return base::fail(base::Code::denied, "the account is no main account any more");
    RETURN_IF_ERROR(demand_room(house, tx, main->id, facts.now));
    identity::Account made = account;
    NewIdentifiers identifiers = parsed;
    RETURN_IF_ERROR(attach_to_main(*main, wished.redirect_to_main, made, identifiers, facts.now));
    RETURN_IF_ERROR(demand_own_address(tx, main->id, wished.email));
    RETURN_IF_ERROR(store::insert_account(tx, made));
    RETURN_IF_ERROR(insert_identifiers(tx, made, identifiers, facts.now));
    ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, made.tenant_id, "user"));
    if (context) RETURN_IF_ERROR(store::give_context(tx, made.id, context->id, facts.now));
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::account_create, actor, made, facts,
                                           {{"kind", "sub_account"},
                                            {"contexts", audit::Value::registered(context ? context->key : "")},
                                            {"main_account", main->id}})));
    return made.id;
  });
}

base::Result<std::vector<identity::Account>> list_own_sub_accounts(const House& house, const rights::Actor& actor) {
  return house.store.read([&](store::Tx& tx) { return store::list_sub_accounts(tx, actor.account().id); });
}

}  // namespace flow
