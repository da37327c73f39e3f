#include "flow/session/record_search.hpp"

#include "audit/event.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/search_terms.hpp"
#include "store/audit/audit_log.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_in_hour = 60;
constexpr std::int64_t refusals_in_minute = 1;

}  // namespace

base::Result<void> record_search(const House& house, const rights::Actor& actor, const std::vector<std::string>& words,
                                 const RequestFacts& facts) {
  if (actor.is_operator() || !identity::can_find_numbers(words)) return {};
  // Also who acts for other people has one allowance.
  const std::string who = actor.holder().id.to_string();
  ASSIGN_OR_RETURN(
      const bool is_allowed, write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
        const base::Bytes bucket = house.master.authenticate("throttle", "search|" + who);
        ASSIGN_OR_RETURN(const std::int64_t count,
                         store::count_in_window(tx, bucket, std::chrono::hours(1), facts.now));
        const bool allowed = count <= most_in_hour;
        EventTurn turn{true};
        if (!allowed) {
          ASSIGN_OR_RETURN(turn, take_event_turn(house, tx, "search_refusal|" + who, refusals_in_minute, facts.now));
        }
        if (!turn.is_written) return allowed;
        audit::Event event = make_event(audit::type::account_search, actor, actor.account().tenant_id, facts,
                                        {{"how", "by_number"},
                                         {"reason", allowed ? audit::Code() : audit::Code("limit_of_account")},
                                         {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
        if (!allowed) event.outcome = "failure";
        RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
        return allowed;
      }));
  if (!is_allowed) return base::fail(base::Code::too_many, "too many searches by number in an hour");
  return {};
}

}  // namespace flow
