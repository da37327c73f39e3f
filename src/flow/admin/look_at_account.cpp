#include "flow/admin/look_at_account.hpp"

#include "audit/event.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/devices.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

base::Result<void> record_look(const House& house, const rights::Actor& actor, const identity::Account& account,
                               const RequestFacts& facts) {
  if (!actor.is_acting() && id_of(actor) == account.id) return {};
  // What the person looked at does not hide what somebody looks at for that person.
  std::string who = actor.is_operator() ? "operator" : actor.holder().id.to_string();
  if (actor.is_acting()) who += "|" + actor.account().id.to_string();
  const base::Bytes bucket = house.master.authenticate("throttle", "look|" + who + "|" + account.id.to_string());
  return write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::hours(1), facts.now));
    if (count > 1) return {};
    return store::append_event(tx, make_event(audit::type::account_read, actor, account, facts));
  });
}

base::Result<void> read_holdings(store::Tx& tx, const base::Id& id, AccountView& view) {
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant(tx, view.data.account.tenant_id));
  if (tenant) view.tenant = tenant->name;
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, id));
  if (password) view.password = HeldCredential{password->origin, password->set_at, password->not_after};
  ASSIGN_OR_RETURN(view.factors, read_factors(tx, id));
  ASSIGN_OR_RETURN(auto groups, store::list_groups_of(tx, id));
  for (store::Group& group : groups) view.groups.push_back(std::move(group.shown));
  ASSIGN_OR_RETURN(auto devices, store::list_devices(tx, id));
  for (store::Device& one : devices) {
    view.devices.push_back({std::move(one.name), std::move(one.user_agent), one.created_at, one.last_seen});
  }
  return {};
}

}  // namespace

base::Result<AccountView> look_at_account(const House& house, const rights::Actor& actor, std::string_view account,
                                          const RequestFacts& facts) {
  AccountView view;
  ASSIGN_OR_RETURN(view.data, read_account_to_look(house, actor, account, facts.now));
  const std::string id = view.data.account.id.to_string();
  ASSIGN_OR_RETURN(view.details, find_account_details(house, actor, id, facts.now));
  ASSIGN_OR_RETURN(view.contexts, list_held_contexts(house, actor, id, facts.now));
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) { return read_holdings(tx, view.data.account.id, view); }));
  RETURN_IF_ERROR(record_look(house, actor, view.data.account, facts));
  return view;
}

}  // namespace flow
