#include "flow/oauth/list_applications.hpp"

#include "flow/client/serve_tenant.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {

base::Result<std::vector<Application>> list_applications(const House& house, const rights::Actor& actor,
                                                         text::Language language) {
  ASSIGN_OR_RETURN(const auto clients,
                   house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::Client>> {
                     ASSIGN_OR_RETURN(auto all, store::list_clients(tx));
                     std::vector<rights::Client> served;
                     for (rights::Client& client : all) {
                       if (!client.enabled || client.launch_uri.empty()) continue;
                       ASSIGN_OR_RETURN(const bool is_served, serves(tx, client, actor.account().tenant_id));
                       if (is_served) served.push_back(std::move(client));
                     }
                     return served;
                   }));
  std::vector<Application> out;
  for (const rights::Client& client : clients) {
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

base::Result<std::optional<ApplicationFace>> find_application_face(const House& house, std::string_view client_id,
                                                                   text::Language language) {
  if (client_id.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const auto client,
                   house.store.read([&](store::Tx& tx) { return store::find_client(tx, client_id); }));
  if (!client) return std::nullopt;
  return ApplicationFace{rights::name_in(*client, text::code_of(language)), client->tenant_id, client->client_uri,
                         client->policy_uri, client->tos_uri};
}

base::Result<std::string> find_application_name(const House& house, std::string_view client_id,
                                                text::Language language) {
  ASSIGN_OR_RETURN(const auto face, find_application_face(house, client_id, language));
  return face ? face->name : std::string();
}

}  // namespace flow
