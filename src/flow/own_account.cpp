#include "flow/own_account.hpp"

#include "flow/record.hpp"
#include "store/audit_log.hpp"
#include "store/clients.hpp"

namespace flow {

base::Result<void> choose_language(const House& house, const rights::Actor& actor, std::string_view code,
                                   const RequestFacts& facts) {
  if (code != "en" && code != "de" && code != "pl") return base::fail(base::Code::invalid_input, "no such language");
  if (actor.account().locale == code) return {};
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::set_locale(tx, actor.account().id, code));
    return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account().tenant_id,
                                              actor.account().id, facts, {{"locale", code}}));
  });
}

base::Result<std::string> find_client_name(const House& house, std::string_view client_id) {
  if (client_id.empty()) return std::string();
  ASSIGN_OR_RETURN(const auto client,
                   house.store.read([&](store::Tx& tx) { return store::find_client(tx, client_id); }));
  return client && client->enabled ? client->name : std::string();
}

}  // namespace flow
