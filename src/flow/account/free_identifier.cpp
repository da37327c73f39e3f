#include "flow/account/free_identifier.hpp"

#include <algorithm>
#include <array>

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/house/record.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

constexpr std::array<std::string_view, 5> freeable{type::login, type::email, type::phone, type::epuap_account,
                                                   type::epuap_profile};

base::Result<void> give_new_login(store::Tx& tx, const base::Id& account_id, const FreeWish& wish, base::Time now) {
  ASSIGN_OR_RETURN(
      const NewIdentifiers made,
      parse_identifiers(account_id, {{std::string(type::login), wish.new_login}}, AddressTrust::claimed, now));
  for (const store::Identifier& one : made.of_account) {
    RETURN_IF_ERROR(demand_free(tx, account_id, {one.type, one.canonical, one.display}));
    RETURN_IF_ERROR(store::insert_identifier(tx, one, now));
  }
  return {};
}

base::Result<void> keep_preferred_present(store::Tx& tx, const identity::Account& account, std::string_view freed) {
  const std::string_view lost = freed == type::email ? "email" : freed == type::phone ? "sms" : "";
  if (lost.empty() || account.preferred_channel != lost) return {};
  const bool has_other = lost == "email" ? !account.phone.empty() : !account.email.empty();
  return store::set_preferred_channel(tx, account.id, !has_other ? "" : lost == "email" ? "sms" : "email");
}

}  // namespace

base::Result<void> free_identifier(const House& house, const rights::Actor& actor, std::string_view account,
                                   const FreeWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  if (std::find(freeable.begin(), freeable.end(), wish.type) == freeable.end())
    return base::fail(base::Code::invalid_input, "type: login, email, phone, epuap_account or epuap_profile");
  if (!wish.new_login.empty() && wish.type != type::login)
    return base::fail(base::Code::invalid_input, "new_login: only in place of a login");
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    ASSIGN_OR_RETURN(const auto identifiers, store::list_identifiers(tx, found.id));
    bool is_there = false;
    bool has_other_login = !wish.new_login.empty();
    for (const store::Identifier& one : identifiers) {
      has_other_login = has_other_login || (one.may_login && one.type != wish.type);
      if (one.type != wish.type) continue;
      is_there = true;
      RETURN_IF_ERROR(tell_old_address(house, tx, found, one, facts));
      RETURN_IF_ERROR(store::delete_identifier(tx, found.id, one.type, one.canonical));
    }
    if (!is_there) return base::fail(base::Code::not_found, "the account has no " + wish.type);
    if (!has_other_login) return base::fail(base::Code::conflict, "new_login: nothing else is left to log in with");
    if (!wish.new_login.empty()) RETURN_IF_ERROR(give_new_login(tx, found.id, wish, facts.now));
    RETURN_IF_ERROR(keep_preferred_present(tx, found, wish.type));
    RETURN_IF_ERROR(store::raise_version(tx, found.id, found.version, facts.now));
    return store::append_event(tx,
                               make_event(audit::type::account_change, actor, found, facts,
                                          {{"fields", audit::Value::checked_code(wish.type)}, {"change", "removed"}}));
  });
}

}  // namespace flow
