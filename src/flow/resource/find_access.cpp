#include "flow/resource/find_access.hpp"

#include <algorithm>
#include <utility>

#include "base/words.hpp"
#include "flow/house/site_settings.hpp"
#include "rights/resource.hpp"
#include "store/group/groups.hpp"
#include "store/oauth/resources.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

using Servers = std::vector<rights::ResourceServer>;

template <class T>
void add_once(std::vector<std::string>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.emplace_back(value);
}

bool has(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool may_name_api(const House& house, const rights::Client& client) {
  return client.resources.empty() ? !rights::list_api_scopes(client).empty()
                                  : has(client.resources, find_api_identifier(house));
}

/// Whether the client is registered for this scope of the API and may have it.
bool has_api_scope(const rights::Client& client, std::string_view scope) {
  return has(client.scopes, scope) && base::has_word(rights::list_api_scopes(client), scope);
}

bool defines(const rights::ResourceServer& server, std::string_view scope) {
  return rights::find_item(server, rights::ItemKind::scope, scope) != nullptr;
}

bool names_resource_scope(std::string_view scope) {
  bool found = false;
  base::for_each_word(scope, [&](std::string_view word) { found = found || rights::is_resource_scope(word); });
  return found;
}

/// Whether people and clients of the tenant may be given something at the server.
base::Result<bool> serves(store::Tx& tx, const rights::ResourceServer& server, const base::Id& tenant_id) {
  if (server.tenant_id == tenant_id) return true;
  if (!server.for_tenants_below) return false;
  return store::is_tenant_below(tx, tenant_id, server.tenant_id);
}

/// A client of a tenant above the server's is one that its administrators have made who administer the server too.
base::Result<bool> reaches(store::Tx& tx, const rights::Client& client, const rights::ResourceServer& server) {
  ASSIGN_OR_RETURN(const bool is_served, serves(tx, server, client.tenant_id));
  if (is_served) return true;
  return store::is_tenant_below(tx, server.tenant_id, client.tenant_id);
}

/// What a list of identifiers, or a scope without one, comes to.
struct Targets {
  std::string refused{};  // the first identifier that the client may not name
  bool issuer = false;
  bool api = false;
  Servers servers{};
};

base::Result<std::optional<rights::ResourceServer>> find_nameable(store::Tx& tx, const rights::Client& client,
                                                                  std::string_view identifier) {
  ASSIGN_OR_RETURN(auto server, store::find_resource_server(tx, identifier));
  if (!server || !server->enabled || !rights::may_name(client, *server)) return std::nullopt;
  ASSIGN_OR_RETURN(const bool is_reached, reaches(tx, client, *server));
  if (!is_reached) return std::nullopt;
  return server;
}

base::Result<Targets> find_named(const House& house, store::Tx& tx, const rights::Client& client,
                                 std::string_view resource) {
  const std::string& issuer = house.settings.site.issuer;
  const std::string api = find_api_identifier(house);
  Targets found;
  for (const std::string& identifier : base::split_words(resource)) {
    if (identifier == issuer) {
      found.issuer = true;
      continue;
    }
    if (identifier == api && may_name_api(house, client)) {
      found.api = true;
      continue;
    }
    const bool is_known = std::any_of(found.servers.begin(), found.servers.end(),
                                      [&](const auto& server) { return server.identifier == identifier; });
    if (is_known) continue;
    ASSIGN_OR_RETURN(auto server, find_nameable(tx, client, identifier));
    if (server) {
      found.servers.push_back(*std::move(server));
    } else if (found.refused.empty()) {
      found.refused = identifier;
    }
  }
  return found;
}

bool is_among(const Servers& servers, const rights::ResourceServer& wanted) {
  return std::any_of(servers.begin(), servers.end(),
                     [&](const rights::ResourceServer& server) { return server.id == wanted.id; });
}

/// The servers that the words of a scope name, if the client names none.
base::Result<Targets> find_by_scope(const House& house, store::Tx& tx, const rights::Client& client,
                                    std::string_view scope) {
  Targets found;
  found.issuer = base::has_word(scope, "openid");
  if (may_name_api(house, client)) {
    base::for_each_word(scope, [&](std::string_view word) { found.api = found.api || has_api_scope(client, word); });
  }
  if (!names_resource_scope(scope)) return found;
  const auto add = [&](rights::ResourceServer& server) {
    bool is_meant = false;
    base::for_each_word(scope, [&](std::string_view word) {
      is_meant = is_meant || (has(client.scopes, word) && defines(server, word));
    });
    if (is_meant && server.enabled && !is_among(found.servers, server)) found.servers.push_back(std::move(server));
  };
  // A client with a list of its own has no other servers, however it names them.
  if (client.resources.empty()) {
    // A tenant below could give a server of its own the same scope, and would get the token for the other one. So a
    // server below must be named, here or at the client.
    ASSIGN_OR_RETURN(Servers all, store::list_resource_servers_for(tx, client.tenant_id));
    for (rights::ResourceServer& server : all) add(server);
  }
  for (const std::string& identifier : client.resources) {
    ASSIGN_OR_RETURN(auto server, find_nameable(tx, client, identifier));
    if (server) add(*server);
  }
  return found;
}

base::Result<Targets> find_targets(const House& house, store::Tx& tx, const rights::Client& client,
                                   const ResourceWish& wish) {
  return wish.resource.empty() ? find_by_scope(house, tx, client, wish.scope)
                               : find_named(house, tx, client, wish.resource);
}

/// The words of a scope, each once, that `is_given` keeps; those of OpenID Connect are judged elsewhere.
template <class F>
std::string keep_scopes(std::string_view scope, const F& is_given) {
  return base::keep_words(scope,
                          [&](std::string_view word) { return !rights::is_resource_scope(word) || is_given(word); });
}

base::Result<std::vector<base::Id>> list_group_ids(store::Tx& tx, const identity::Account* account,
                                                   const Servers& servers) {
  std::vector<base::Id> ids;
  const bool are_asked_for = std::any_of(servers.begin(), servers.end(), [](const rights::ResourceServer& server) {
    return std::any_of(server.items.begin(), server.items.end(),
                       [](const rights::ResourceItem& item) { return !item.rule.groups.empty(); });
  });
  if (account == nullptr || !are_asked_for) return ids;
  ASSIGN_OR_RETURN(const auto groups, store::list_groups_of(tx, account->id));
  for (const store::Group& group : groups) ids.push_back(group.id);
  return ids;
}

struct Decided {
  std::string identifier;
  bool is_in_reach = false;
  rights::AccessDecision decision;
};

base::Result<std::vector<Decided>> decide_each(store::Tx& tx, const AccessQuery& query, const Servers& servers) {
  ASSIGN_OR_RETURN(const auto groups, list_group_ids(tx, query.account, servers));
  std::vector<Decided> all;
  for (const rights::ResourceServer& server : servers) {
    bool is_in_reach = true;
    if (query.account != nullptr) {
      ASSIGN_OR_RETURN(is_in_reach, serves(tx, server, query.account->tenant_id));
    }
    const rights::AccessFacts facts{server, query.client, query.account, query.context, groups, is_in_reach};
    all.push_back({server.identifier, is_in_reach, rights::decide_access(facts, query.scope)});
  }
  return all;
}

}  // namespace

std::string find_api_identifier(const House& house) {
  return house.settings.site.issuer + std::string(rights::api_path);
}

base::Result<ResourceJudgement> judge_resources(const House& house, store::Tx& tx, const rights::Client& client,
                                                const ResourceWish& wish) {
  ResourceJudgement judged;
  ASSIGN_OR_RETURN(const Targets targets, find_targets(house, tx, client, wish));
  judged.refused = targets.refused;
  for (const std::string& identifier : base::split_words(wish.resource)) {
    base::add_word(judged.resource, identifier);
  }
  judged.scope = keep_scopes(wish.scope, [&](std::string_view word) {
    if (targets.api && has_api_scope(client, word)) return true;
    return has(client.scopes, word) &&
           std::any_of(targets.servers.begin(), targets.servers.end(),
                       [&](const rights::ResourceServer& server) { return defines(server, word); });
  });
  return judged;
}

base::Result<Access> find_access(const House& house, store::Tx& tx, const AccessQuery& query) {
  ASSIGN_OR_RETURN(const Targets targets, find_targets(house, tx, query.client, {query.resource, query.scope}));
  ASSIGN_OR_RETURN(std::vector<Decided> decided, decide_each(tx, query, targets.servers));
  const bool is_named = !query.resource.empty();
  Access access;
  access.refused = targets.refused;
  std::vector<std::string> given;
  std::size_t servers = 0;
  for (Decided& one : decided) {
    if (is_named && !one.is_in_reach && access.refused.empty()) access.refused = one.identifier;
    if (!one.is_in_reach || (!is_named && one.decision.scopes.empty())) continue;
    access.audiences.push_back(one.identifier);
    ++servers;
    for (const std::string& scope : one.decision.scopes) add_once(given, scope);
    access.roles = std::move(one.decision.roles);
    access.permissions = std::move(one.decision.permissions);
  }
  if (servers != 1) {
    access.roles.clear();
    access.permissions.clear();
  }
  if (targets.api) access.audiences.push_back(find_api_identifier(house));
  const bool is_for_others = !access.audiences.empty();
  if (targets.issuer && (is_named || is_for_others)) access.audiences.push_back(house.settings.site.issuer);
  access.scope = keep_scopes(query.scope, [&](std::string_view word) {
    return has(given, word) || (targets.api && has_api_scope(query.client, word));
  });
  return access;
}

base::Result<std::optional<std::string>> narrow_resource(const House& house, store::Tx& tx,
                                                         const rights::Client& client, const GrantedResource& granted,
                                                         std::string_view asked) {
  if (asked.empty()) return std::string(granted.resource);
  std::string known(granted.resource);
  if (known.empty()) {
    ASSIGN_OR_RETURN(const Targets targets, find_by_scope(house, tx, client, granted.scope));
    for (const rights::ResourceServer& server : targets.servers) base::append_word(known, server.identifier);
    if (targets.api) base::append_word(known, find_api_identifier(house));
    // Of a grant that names none, the tokens are for this server.
    base::append_word(known, house.settings.site.issuer);
  }
  std::string narrowed;
  for (const std::string& identifier : base::split_words(asked)) {
    if (!base::has_word(known, identifier)) return std::nullopt;
    base::add_word(narrowed, identifier);
  }
  return narrowed;
}

base::Result<std::vector<std::string>> list_own_resources(store::Tx& tx, const rights::Client& client) {
  ASSIGN_OR_RETURN(const Servers servers, store::list_resource_servers_of(tx, client.id));
  std::vector<std::string> identifiers;
  for (const rights::ResourceServer& server : servers) {
    if (server.enabled) identifiers.push_back(server.identifier);
  }
  return identifiers;
}

base::Result<std::string> find_scope_title(const House& house, store::Tx& tx, const rights::Client& client,
                                           std::string_view scope, std::string_view language) {
  ASSIGN_OR_RETURN(const Targets targets, find_by_scope(house, tx, client, scope));
  for (const rights::ResourceServer& server : targets.servers) {
    const rights::ResourceItem* item = rights::find_item(server, rights::ItemKind::scope, scope);
    if (item != nullptr) return rights::title_in(*item, language);
  }
  return std::string();
}

}  // namespace flow
