#include "flow/login/list_past_logins.hpp"

#include "audit/event.hpp"
#include "flow/house/read_claims.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

base::Result<std::string> find_name(store::Tx& tx, const std::string& client_id) {
  if (client_id.empty()) return std::string();
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, client_id));
  return client ? client->name : client_id;
}

}  // namespace

base::Result<std::vector<PastLogin>> list_past_logins(const House& house, const rights::Actor& actor) {
  store::AuditFilter filter;
  filter.tenant_id = actor.account().tenant_id;
  filter.type = audit::type::login;
  filter.account = actor.account().id;
  filter.most = past_logins;
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<PastLogin>> {
    ASSIGN_OR_RETURN(const store::EventPage page, store::find_events(tx, filter));
    std::vector<PastLogin> logins;
    for (const audit::Event& event : page.events) {
      PastLogin one;
      one.at = event.at;
      one.succeeded = event.outcome == "success";
      ASSIGN_OR_RETURN(one.application, find_name(tx, event.client));
      if (const auto personal = Claims::parse(event.personal)) {
        one.ip = personal->text("ip");
        one.user_agent = personal->text("user_agent");
      }
      logins.push_back(std::move(one));
    }
    return logins;
  });
}

}  // namespace flow
