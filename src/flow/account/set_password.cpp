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
namespace {

base::Result<PasswordGround> find_ground_of(const House& house, const rights::Actor& actor, std::string_view account,
                                            base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<PasswordGround> {
    auto found = find_changeable(tx, actor, account, now);
    if (!found) return base::pass_on(std::move(found));
    return find_ground(tx, std::move(*found), now);
  });
}

}  // namespace

base::Result<std::vector<identity::PasswordFlaw>> find_given_password_flaws(const House& house,
                                                                            const rights::Actor& actor,
                                                                            std::string_view account,
                                                                            const base::Secret& password,
                                                                            base::Time now) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, now));
  ASSIGN_OR_RETURN(const PasswordGround ground, find_ground_of(house, actor, account, now));
  ASSIGN_OR_RETURN(PasswordPreview preview,
                   preview_password(house, ground.in_force.policy, ground.facts, password.reveal()));
  return std::move(preview.flaws);
}

base::Result<void> set_password(const House& house, const rights::Actor& actor, std::string_view account,
                                const GivenPassword& given, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  ASSIGN_OR_RETURN(const PasswordGround ground, find_ground_of(house, actor, account, facts.now));
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
