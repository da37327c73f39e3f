// Clients for administrators: a list with search and filter, and one client with its use and its weaknesses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/resource/administer_resources.hpp"
#include "rights/actor.hpp"
#include "rights/client.hpp"

namespace flow {

struct ClientQuery {
  std::string text;   // part of a name, of the client_id or of a redirect URI; case and accents do not count
  std::string state;  // "enabled", "disabled", "weak" (with a weakness); "" = all
  PageWish page{};
};
using ClientPage = PageOfRows<rights::Client>;  // in the order of their names
/// For manage_clients and read_settings. Errors: denied, invalid_input (no such state).
base::Result<ClientPage> search_clients(const House& house, const rights::Actor& actor, const ClientQuery& query,
                                        base::Time now);

/// A client_id made of the name: "Praxis Łódź 7" gives "praxis-lodz-7"; of a name without such letters a random one.
std::string suggest_client_id(std::string_view name);

/// Sessions are counted up to this number.
inline constexpr std::int64_t most_counted_sessions = 1000;

struct ClientDetails {
  rights::Client client;
  std::string account;                             // login or name of the account to which it belongs; "" = none
  std::int64_t sessions = 0;                       // open ones in which it was used; most_counted_sessions + 1 = more
  std::vector<rights::ClientWeakness> weaknesses;  // besides those of rights: scope_unknown, scope_powerless
  std::vector<OfferedScope> offered;               // scopes of resource servers
  bool may_change = false;
};
/// Errors: denied, not_found.
base::Result<ClientDetails> find_client_details(const House& house, const rights::Actor& actor,
                                                std::string_view client_id, base::Time now);

}  // namespace flow
