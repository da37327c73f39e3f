#include "flow/oauth/administer_clients.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "crypto/master_key.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

base::Bytes hash_client_secret(const House& house, const base::Secret& secret) {
  return house.master.authenticate("client-secret", secret.reveal());
}

base::Result<base::Secret> create_client(const House& house, const rights::Actor& actor, rights::Client client,
                                         const base::Secret& secret, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_clients));
  const std::vector<std::string> flaws = rights::find_flaws(client);
  if (!flaws.empty()) {
    std::string all;
    for (const std::string& flaw : flaws) all.append(all.empty() ? "" : "; ").append(flaw);
    return base::fail(base::Code::invalid_input, all);
  }
  base::Secret given = secret;
  if (client.auth == rights::ClientAuth::secret) {
    if (given.empty()) given = base::Secret(base::to_base64url(base::random_bytes(32)));
    client.secrets = {{hash_client_secret(house, given), std::nullopt}};
  } else if (!given.empty()) {
    return base::fail(base::Code::invalid_input, "a public client has no secret");
  }
  return house.store.write([&](store::Tx& tx) -> base::Result<base::Secret> {
    client.id = base::Id::make(facts.now);
    client.tenant_id = actor.account().tenant_id;
    if (actor.is_operator()) {
      ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
      client.tenant_id = tenant.id;
    }
    RETURN_IF_ERROR(store::insert_client(tx, client, facts.now));
    audit::Event event = make_event(audit::type::client_create, actor, client.tenant_id, facts);
    event.client = client.client_id;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return given;
  });
}

base::Result<std::vector<rights::Client>> list_clients(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_clients));
  return house.store.read([](store::Tx& tx) { return store::list_clients(tx); });
}

}  // namespace flow
