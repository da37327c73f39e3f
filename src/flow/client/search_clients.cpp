#include "flow/client/search_clients.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/words.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/house/check_title.hpp"
#include "identity/spelling/search_form.hpp"
#include "store/account/accounts.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

bool is_named(const rights::Client& client, const std::string& wanted) {
  const auto holds = [&](std::string_view text) {
    return identity::search_form(text).find(wanted) != std::string::npos;
  };
  return holds(client.name) || holds(client.name_de) || holds(client.name_pl) || holds(client.client_id) ||
         std::any_of(client.redirect_uris.begin(), client.redirect_uris.end(), holds);
}

bool is_in_state(const rights::Client& client, std::string_view state, base::Time now) {
  if (state == "enabled") return client.enabled;
  if (state == "disabled") return !client.enabled;
  return state.empty() || !rights::find_weaknesses(client, now).empty();
}

/// Scopes of resource servers that give nothing: no server has them, or the application lacks the permission that
/// belongs to a scope of the own API.
void add_idle_scopes(ClientDetails& details) {
  const std::string of_api = rights::list_api_scopes(details.client);
  for (const std::string& scope : details.client.scopes) {
    if (rights::is_api_scope(scope)) {
      if (!base::has_word(of_api, scope)) details.weaknesses.push_back({"scope_powerless", scope});
      continue;
    }
    const bool is_offered = std::any_of(details.offered.begin(), details.offered.end(),
                                        [&](const OfferedScope& one) { return one.scope == scope; });
    if (rights::is_resource_scope(scope) && !is_offered) details.weaknesses.push_back({"scope_unknown", scope});
  }
}

std::int64_t count_open(const std::vector<base::Time>& ends, base::Time now) {
  if (ends.size() > static_cast<std::size_t>(most_counted_sessions)) return most_counted_sessions + 1;
  return std::count_if(ends.begin(), ends.end(), [&](base::Time end) { return end > now; });
}

}  // namespace

base::Result<ClientPage> search_clients(const House& house, const rights::Actor& actor, const ClientQuery& query,
                                        base::Time now) {
  const bool is_state =
      query.state.empty() || query.state == "enabled" || query.state == "disabled" || query.state == "weak";
  if (!is_state) return base::fail(base::Code::invalid_input, "no such state");
  ASSIGN_OR_RETURN(auto clients, list_clients(house, actor));
  const std::string wanted = identity::search_form(query.text);
  std::erase_if(clients, [&](const rights::Client& client) {
    return !is_in_state(client, query.state, now) || (!query.text.empty() && !is_named(client, wanted));
  });
  std::sort(clients.begin(), clients.end(), [](const rights::Client& one, const rights::Client& other) {
    return std::pair(identity::search_form(one.name), one.client_id) <
           std::pair(identity::search_form(other.name), other.client_id);
  });
  // Applications are few, so that a page is cut out of all of them.
  return cut_page(std::move(clients), query.page, [](const rights::Client& client) { return client.client_id; });
}

std::string suggest_client_id(std::string_view name) {
  constexpr std::size_t longest = 60;
  const std::string id = plain_word(name, longest);
  return id.empty() ? "application-" + base::to_hex(base::random_bytes(4)) : id;
}

base::Result<ClientDetails> find_client_details(const House& house, const rights::Actor& actor,
                                                std::string_view client_id, base::Time now) {
  ClientDetails details;
  ASSIGN_OR_RETURN(details.client, find_named_client(house, actor, client_id));
  details.weaknesses = rights::find_weaknesses(details.client, now);
  details.may_change = actor.may(rights::Permission::manage_clients);
  return house.store.read([&](store::Tx& tx) -> base::Result<ClientDetails> {
    ASSIGN_OR_RETURN(const auto ends, store::list_ends_of_sessions(tx, details.client.id, most_counted_sessions + 1));
    details.sessions = count_open(ends, now);
    ASSIGN_OR_RETURN(details.offered, list_offered_scopes(tx, details.client.tenant_id));
    add_idle_scopes(details);
    if (details.client.account_id) {
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *details.client.account_id));
      if (account) details.account = account->login.empty() ? account->id.to_string() : account->login;
    }
    return std::move(details);
  });
}

}  // namespace flow
