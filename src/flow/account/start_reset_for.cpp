#include "flow/account/start_reset_for.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/record.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/password/reset_token.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

/// Of all administrators together: the links of one account go to one mailbox.
constexpr std::int64_t most_links_an_hour = 20;

base::Result<void> demand_few_links(const House& house, store::Tx& tx, const base::Id& account, base::Time now) {
  const auto key = house.master.authenticate("throttle", "reset|by-administrator|" + account.to_string());
  ASSIGN_OR_RETURN(const std::int64_t links, store::count_in_window(tx, key, std::chrono::hours(1), now));
  if (links <= most_links_an_hour) return {};
  return base::fail(base::Code::too_many, "the account got its links of an hour");
}

}  // namespace

base::Result<bool> start_reset_in(const House& house, store::Tx& tx, const rights::Actor& actor,
                                  std::string_view account, const RequestFacts& facts) {
  const base::Bytes secret = base::random_bytes(reset_token_octets);
  ASSIGN_OR_RETURN(const identity::Account found,
                   find_changeable(tx, actor, account, facts.now, rights::Permission::support_accounts));
  RETURN_IF_ERROR(demand_few_links(house, tx, found.id, facts.now));
  RETURN_IF_ERROR(send_reset_link(house, tx, found, {.secret = secret, .by_administrator = true}, facts));
  const bool invites = found.status == identity::AccountStatus::invited;
  RETURN_IF_ERROR(store::append_event(tx, make_event(invites ? audit::type::invitation : audit::type::password_reset,
                                                     actor, found, facts, {{"step", "asked_by_administrator"}})));
  return true;
}

base::Result<void> start_reset_for(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_changer(house, actor, rights::Permission::support_accounts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(start_reset_in(house, tx, actor, account, facts));
    return {};
  });
}

}  // namespace flow
