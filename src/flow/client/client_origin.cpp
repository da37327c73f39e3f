#include "flow/client/client_origin.hpp"

#include <algorithm>

#include "store/oauth/clients.hpp"

namespace flow {

base::Result<bool> is_client_origin(const House& house, std::string_view origin) {
  ASSIGN_OR_RETURN(const auto clients, house.store.read([](store::Tx& tx) { return store::list_clients(tx); }));
  return std::any_of(clients.begin(), clients.end(), [&](const rights::Client& client) {
    return client.enabled && client.auth == rights::ClientAuth::none && rights::is_own_origin(client, origin);
  });
}

}  // namespace flow
