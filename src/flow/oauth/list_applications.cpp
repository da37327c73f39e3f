#include "flow/oauth/list_applications.hpp"

#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {

base::Result<std::vector<Application>> list_applications(const House& house, const rights::Actor& actor,
                                                         text::Language language) {
  ASSIGN_OR_RETURN(const auto clients, house.store.read([](store::Tx& tx) { return store::list_clients(tx); }));
  std::vector<Application> out;
  for (const rights::Client& client : clients) {
    if (!client.enabled || client.launch_uri.empty() || client.tenant_id != actor.account().tenant_id) continue;
    if (actor.session().proofs.level() < client.level) continue;
    out.push_back({rights::name_in(client, text::code_of(language)), client.description, client.launch_uri});
  }
  return out;
}

base::Result<std::optional<Application>> find_application(const House& house, std::string_view client_id,
                                                          text::Language language) {
  if (client_id.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const auto client,
                   house.store.read([&](store::Tx& tx) { return store::find_client(tx, client_id); }));
  if (!client || !client->enabled || client->launch_uri.empty()) return std::nullopt;
  return Application{rights::name_in(*client, text::code_of(language)), client->description, client->launch_uri};
}

base::Result<std::string> find_application_name(const House& house, std::string_view client_id,
                                                text::Language language) {
  if (client_id.empty()) return std::string();
  ASSIGN_OR_RETURN(const auto client,
                   house.store.read([&](store::Tx& tx) { return store::find_client(tx, client_id); }));
  return client ? rights::name_in(*client, text::code_of(language)) : std::string();
}

}  // namespace flow
