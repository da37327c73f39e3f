#include "flow/account/own_account.hpp"

#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {

base::Result<void> choose_language(const House& house, const rights::Actor& actor, std::string_view code,
                                   const RequestFacts& facts) {
  if (code != "en" && code != "de" && code != "pl") return base::fail(base::Code::invalid_input, "no such language");
  if (actor.account().locale == code) return {};
  return write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::set_locale(tx, actor.account().id, code));
    return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account(), facts,
                                              {{"locale", audit::Value::checked_code(code)}}));
  });
}

}  // namespace flow
