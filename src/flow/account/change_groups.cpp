#include "flow/account/change_groups.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"

namespace flow {
namespace {

enum class Change : std::uint8_t {
  added,
  removed
};

base::Result<bool> change_member(store::Tx& tx, const rights::Actor& actor, const Membership& membership, Change change,
                                 const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const identity::Account whose, find_changeable(tx, actor, membership.account, facts.now));
  ASSIGN_OR_RETURN(const store::Group found, find_group_of(tx, whose.tenant_id, membership.group));
  const bool is_added = change == Change::added;
  if (is_added && whose.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::conflict, "the account is deleted");
  }
  ASSIGN_OR_RETURN(const bool changed,
                   is_added ? store::add_member(tx, found.id, whose.id) : store::remove_member(tx, found.id, whose.id));
  if (!changed) return false;
  RETURN_IF_ERROR(
      store::append_event(tx, make_event(audit::type::group_change, actor, whose, facts,
                                         {{"group", audit::Value::registered(found.shown)},
                                          {"change", is_added ? audit::Code("added") : audit::Code("removed")}})));
  return true;
}

base::Result<bool> write_member(const House& house, const rights::Actor& actor, const Membership& membership,
                                Change change, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  return write_for(house, actor, facts.now,
                   [&](store::Tx& tx) { return change_member(tx, actor, membership, change, facts); });
}

}  // namespace

base::Result<bool> add_member(const House& house, const rights::Actor& actor, const Membership& membership,
                              const RequestFacts& facts) {
  return write_member(house, actor, membership, Change::added, facts);
}

base::Result<bool> remove_member(const House& house, const rights::Actor& actor, const Membership& membership,
                                 const RequestFacts& facts) {
  return write_member(house, actor, membership, Change::removed, facts);
}

base::Result<bool> add_member_in(store::Tx& tx, const rights::Actor& actor, const Membership& membership,
                                 const RequestFacts& facts) {
  return change_member(tx, actor, membership, Change::added, facts);
}

base::Result<bool> remove_member_in(store::Tx& tx, const rights::Actor& actor, const Membership& membership,
                                    const RequestFacts& facts) {
  return change_member(tx, actor, membership, Change::removed, facts);
}

base::Result<std::vector<std::string>> list_groups_of(const House& house, const rights::Actor& actor,
                                                      std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<std::string>> {
    ASSIGN_OR_RETURN(const identity::Account found, find_managed(tx, actor, account, now));
    ASSIGN_OR_RETURN(const auto groups, store::list_groups_of(tx, found.id));
    std::vector<std::string> names;
    for (const store::Group& group : groups) names.push_back(group.shown);
    return names;
  });
}

}  // namespace flow
