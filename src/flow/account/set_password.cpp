#include "flow/account/set_password.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/record.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {

base::Result<void> set_password(const House& house, const rights::Actor& actor, std::string_view account,
                                const GivenPassword& given, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  ASSIGN_OR_RETURN(const PasswordGround ground, house.store.read([&](store::Tx& tx) -> base::Result<PasswordGround> {
    auto found_before = find_changeable(tx, actor, account, facts.now);
    if (!found_before) return base::pass_on(std::move(found_before));
    return find_ground(tx, std::move(*found_before), facts.now);
  }));
  ASSIGN_OR_RETURN(const ReadyPassword ready, judge_given_password(house, ground, given.password, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    if (found.status == identity::AccountStatus::deleted) {
      return base::fail(base::Code::conflict, "the account is deleted");
    }
    RETURN_IF_ERROR(write_password(tx, found, ready, terms_of_given(given.must_change), facts.now));
    if (found.status == identity::AccountStatus::invited) {
      RETURN_IF_ERROR(
          store::set_account_status(tx, found.id, identity::AccountStatus::active, facts.now, id_of(actor)));
    }
    RETURN_IF_ERROR(end_access_of(tx, found, audit::why::password_set, facts));
    return store::append_event(
        tx, make_event(audit::type::password_set, actor, found, facts,
                       {{"must_change", given.must_change ? audit::Code("yes") : audit::Code("no")}}));
  });
}

}  // namespace flow
