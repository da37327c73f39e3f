#include "flow/resource/administer_resources.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/resources.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr auto needed = rights::Permission::manage_clients;
constexpr rights::Permissions may_see{rights::Permission::manage_clients, rights::Permission::read_settings};

base::Result<void> demand_sound(const rights::ResourceServer& server) {
  const auto flaws = rights::judge_resource(server);
  if (flaws.empty()) return {};
  std::vector<std::string> sentences;
  for (const rights::ResourceFlaw& flaw : flaws) sentences.push_back(rights::describe(flaw));
  return base::fail(base::Code::invalid_input, base::join(sentences, "; "));
}

base::Result<rights::ResourceServer> find_reached(store::Tx& tx, const rights::Actor& actor, std::string_view which) {
  std::optional<rights::ResourceServer> server;
  if (const auto id = base::Id::parse(which)) {
    ASSIGN_OR_RETURN(server, store::find_resource_server(tx, *id));
  } else {
    ASSIGN_OR_RETURN(server, store::find_resource_server(tx, which));
  }
  if (!server || !actor.reaches(server->tenant_id)) {
    return base::fail(base::Code::not_found, "there is no resource server " + std::string(which));
  }
  return *std::move(server);
}

base::Result<rights::ResourceServer> find_for_change(store::Tx& tx, const rights::Actor& actor, std::string_view which,
                                                     const std::optional<std::int64_t>& version) {
  ASSIGN_OR_RETURN(rights::ResourceServer server, find_reached(tx, actor, which));
  if (version && *version != server.version) {
    return base::fail(base::Code::conflict, "somebody else changed the resource server meanwhile");
  }
  return server;
}

std::string yes_or_no(bool is_so) {
  return is_so ? "yes" : "no";
}

struct Field {
  audit::Code name;
  std::string key;  // what names it among others of its name: the kind and name of an item
  std::string value;
};

std::string print_item(const rights::ResourceItem& item, const RuleNames& names) {
  std::string text(rights::name_of(item.kind));
  text.append(" ").append(item.name).append(" for ");
  const Conditions conditions = print_conditions(item.rule, names);
  text.append(conditions.empty() ? "nobody" : base::join(conditions, ", "));
  if (!item.scope.empty()) text.append(" with ").append(item.scope);
  if (!item.permissions.empty()) text.append(" gives ").append(base::join(item.permissions, " "));
  for (const std::string* title : {&item.title, &item.title_de, &item.title_pl}) {
    if (!title->empty()) text.append(" \"").append(*title).append("\"");
  }
  return text;
}

std::string name_asking_client(const std::optional<base::Id>& id, const std::string& client_id) {
  return id ? client_id : std::string();
}

/// All that an administrator edits, as text.
base::Result<std::vector<Field>> print_fields(store::Tx& tx, const rights::ResourceServer& server) {
  std::string client_id;
  if (server.client_id) {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, *server.client_id));
    client_id = client ? client->client_id : server.client_id->to_string();
  }
  std::vector<Field> fields{{"identifier", {}, server.identifier},
                            {"name", {}, server.name},
                            {"name_de", {}, server.name_de},
                            {"name_pl", {}, server.name_pl},
                            {"description", {}, server.description.empty() ? "" : "(not kept)"},
                            {"client", {}, name_asking_client(server.client_id, client_id)},
                            {"enabled", {}, yes_or_no(server.enabled)},
                            {"for_tenants_below", {}, yes_or_no(server.for_tenants_below)}};
  ASSIGN_OR_RETURN(const RuleNames names, find_rule_names(tx, server));
  for (const rights::ResourceItem& item : server.items) {
    fields.push_back({"items", std::string(rights::name_of(item.kind)) + " " + item.name, print_item(item, names)});
  }
  return fields;
}

std::string print(const std::vector<Field>& fields) {
  std::string all;
  for (const Field& field : fields) {
    all.append(all.empty() ? "" : "; ").append(field.name.view()).append("=").append(field.value);
  }
  return all;
}

bool has_same(const std::vector<Field>& fields, const Field& wanted) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& one) {
    return one.name == wanted.name.view() && one.key == wanted.key && one.value == wanted.value;
  });
}

std::vector<Field> without(const std::vector<Field>& fields, const std::vector<Field>& others) {
  std::vector<Field> left;
  for (const Field& field : fields) {
    if (!has_same(others, field)) left.push_back(field);
  }
  return left;
}

bool names_one(const std::vector<Field>& fields, audit::Code name) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& one) { return one.name == name.view(); });
}

/// Writes the changed server and its event. False: nothing differs.
base::Result<bool> store_change(store::Tx& tx, const rights::Actor& actor, const rights::ResourceServer& before,
                                const rights::ResourceServer& after, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_sound(after));
  ASSIGN_OR_RETURN(const auto old_fields, print_fields(tx, before));
  ASSIGN_OR_RETURN(const auto new_fields, print_fields(tx, after));
  const std::vector<Field> gone = without(old_fields, new_fields);
  const std::vector<Field> come = without(new_fields, old_fields);
  const bool is_described_anew = before.description != after.description;
  if (gone.empty() && come.empty() && !is_described_anew) return false;
  audit::Codes fields;
  for (const audit::Code name :
       {audit::Code("name"), audit::Code("name_de"), audit::Code("name_pl"), audit::Code("client"),
        audit::Code("enabled"), audit::Code("for_tenants_below"), audit::Code("items")}) {
    if (names_one(gone, name) || names_one(come, name)) fields.add(name);
  }
  if (is_described_anew) fields.add("description");
  RETURN_IF_ERROR(store::update_resource_server(tx, after, facts.now));
  RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::resource_change, actor, before.tenant_id, facts,
                                                     {{"resource", audit::Value::registered(before.identifier)},
                                                      {"fields", fields},
                                                      {"old", audit::Value::registered(print(gone))},
                                                      {"new", audit::Value::registered(print(come))}})));
  return true;
}

template <class T>
void put(const std::optional<T>& wished, T& value) {
  if (wished) value = *wished;
}

/// The client as which a server asks: whoever administers the one must administer the other.
base::Result<std::optional<base::Id>> find_asking_client(store::Tx& tx, const rights::Actor& actor,
                                                         std::string_view client_id) {
  if (client_id.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, client_id));
  if (!client || !rights::is_client_id(client->client_id) || !actor.reaches(client->tenant_id)) {
    return base::fail(base::Code::not_found, "there is no client " + std::string(client_id));
  }
  return client->id;
}

base::Result<void> apply(store::Tx& tx, const rights::Actor& actor, const ServerWish& wish,
                         rights::ResourceServer& server) {
  put(wish.name, server.name);
  put(wish.name_de, server.name_de);
  put(wish.name_pl, server.name_pl);
  put(wish.description, server.description);
  put(wish.enabled, server.enabled);
  put(wish.for_tenants_below, server.for_tenants_below);
  if (wish.client) {
    ASSIGN_OR_RETURN(server.client_id, find_asking_client(tx, actor, *wish.client));
  }
  return {};
}

base::Result<void> apply(store::Tx& tx, const rights::Actor& actor, const rights::ResourceServer& server,
                         const ItemWish& wish, rights::ResourceItem& item) {
  put(wish.title, item.title);
  put(wish.title_de, item.title_de);
  put(wish.title_pl, item.title_pl);
  put(wish.scope, item.scope);
  put(wish.permissions, item.permissions);
  if (wish.rule) {
    ASSIGN_OR_RETURN(item.rule, read_conditions(tx, actor, server, *wish.rule));
  }
  return {};
}

std::vector<rights::ResourceItem>::iterator find_place(rights::ResourceServer& server, const ItemName& item) {
  return std::find_if(server.items.begin(), server.items.end(),
                      [&](const rights::ResourceItem& one) { return one.kind == item.kind && one.name == item.name; });
}

tl::unexpected<base::Error> refuse_unknown(const ItemName& item) {
  return base::fail(base::Code::not_found, "there is no " + std::string(rights::name_of(item.kind)) + " " + item.name);
}

bool refers_to(const rights::ResourceItem& other, const ItemName& item) {
  if (item.kind == rights::ItemKind::scope) return other.scope == item.name;
  return item.kind == rights::ItemKind::permission &&
         std::find(other.permissions.begin(), other.permissions.end(), item.name) != other.permissions.end();
}

base::Result<void> demand_foreign_identifier(const House& house, std::string_view identifier) {
  const std::string& issuer = house.settings.site.issuer;
  if (identifier != issuer && !identifier.starts_with(issuer + "/")) return {};
  return base::fail(base::Code::invalid_input, "the identifier is an address of this server");
}

}  // namespace

base::Result<base::Id> create_resource(const House& house, const rights::Actor& actor, const NewResource& made,
                                       const ServerWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  RETURN_IF_ERROR(demand_foreign_identifier(house, made.identifier));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    rights::ResourceServer server;
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, made.tenant));
    server.id = base::Id::make(facts.now);
    server.tenant_id = tenant.id;
    server.identifier = made.identifier;
    RETURN_IF_ERROR(apply(tx, actor, wish, server));
    RETURN_IF_ERROR(demand_sound(server));
    ASSIGN_OR_RETURN(const auto all, store::list_resource_servers(tx, tenant.id));
    if (all.size() >= static_cast<std::size_t>(store::most_resource_servers)) {
      return base::fail(base::Code::conflict, "the tenant has as many resource servers as it can have");
    }
    RETURN_IF_ERROR(store::insert_resource_server(tx, server, facts.now));
    ASSIGN_OR_RETURN(const auto fields, print_fields(tx, server));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::resource_create, actor, tenant.id, facts,
                                                       {{"resource", audit::Value::registered(server.identifier)},
                                                        {"new", audit::Value::registered(print(fields))}})));
    return server.id;
  });
}

base::Result<bool> change_resource(const House& house, const rights::Actor& actor, std::string_view which,
                                   const ServerWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const rights::ResourceServer before, find_for_change(tx, actor, which, wish.version));
    rights::ResourceServer after = before;
    RETURN_IF_ERROR(apply(tx, actor, wish, after));
    return store_change(tx, actor, before, after, facts);
  });
}

base::Result<void> delete_resource(const House& house, const rights::Actor& actor, std::string_view which,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const rights::ResourceServer server, find_reached(tx, actor, which));
    ASSIGN_OR_RETURN(const auto fields, print_fields(tx, server));
    RETURN_IF_ERROR(store::delete_resource_server(tx, server.id));
    return store::append_event(tx, make_event(audit::type::resource_delete, actor, server.tenant_id, facts,
                                              {{"resource", audit::Value::registered(server.identifier)},
                                               {"old", audit::Value::registered(print(fields))}}));
  });
}

base::Result<void> add_item(const House& house, const rights::Actor& actor, const ItemName& item, const ItemWish& wish,
                            const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const rights::ResourceServer before, find_for_change(tx, actor, item.resource, wish.version));
    rights::ResourceServer after = before;
    if (find_place(after, item) != after.items.end()) {
      return base::fail(base::Code::already_exists,
                        "there is a " + std::string(rights::name_of(item.kind)) + " " + item.name + " already");
    }
    rights::ResourceItem made;
    made.kind = item.kind;
    made.name = item.name;
    RETURN_IF_ERROR(apply(tx, actor, before, wish, made));
    after.items.push_back(std::move(made));
    RETURN_IF_ERROR(store_change(tx, actor, before, after, facts));
    return {};
  });
}

base::Result<bool> change_item(const House& house, const rights::Actor& actor, const ItemName& item,
                               const ItemWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const rights::ResourceServer before, find_for_change(tx, actor, item.resource, wish.version));
    rights::ResourceServer after = before;
    const auto place = find_place(after, item);
    if (place == after.items.end()) return refuse_unknown(item);
    RETURN_IF_ERROR(apply(tx, actor, before, wish, *place));
    return store_change(tx, actor, before, after, facts);
  });
}

base::Result<void> remove_item(const House& house, const rights::Actor& actor, const ItemName& item,
                               const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, needed, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const rights::ResourceServer before, find_reached(tx, actor, item.resource));
    rights::ResourceServer after = before;
    const auto place = find_place(after, item);
    if (place == after.items.end()) return refuse_unknown(item);
    after.items.erase(place);
    const auto user = std::find_if(after.items.begin(), after.items.end(),
                                   [&](const rights::ResourceItem& other) { return refers_to(other, item); });
    if (user != after.items.end()) {
      return base::fail(base::Code::conflict,
                        "the " + std::string(rights::name_of(user->kind)) + " " + user->name + " refers to it");
    }
    RETURN_IF_ERROR(store_change(tx, actor, before, after, facts));
    return {};
  });
}

base::Result<ResourceDetails> find_resource_details(const House& house, const rights::Actor& actor,
                                                    std::string_view which) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return house.store.read([&](store::Tx& tx) -> base::Result<ResourceDetails> {
    ResourceDetails details;
    ASSIGN_OR_RETURN(details.server, find_reached(tx, actor, which));
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, details.server.tenant_id.to_string()));
    details.tenant = name_tenant(actor, tenant);
    if (details.server.client_id) {
      ASSIGN_OR_RETURN(const auto client, store::find_client(tx, *details.server.client_id));
      if (client && rights::is_client_id(client->client_id)) details.client = client->client_id;
    }
    ASSIGN_OR_RETURN(details.names, find_rule_names(tx, details.server));
    details.may_change = actor.may(needed);
    ASSIGN_OR_RETURN(const auto clients, store::list_clients(tx));
    for (const rights::Client& client : clients) {
      const bool is_shown = actor.reaches(client.tenant_id) && rights::has_scope_of(client, details.server);
      if (is_shown) details.clients.push_back(client.client_id);
    }
    std::sort(details.clients.begin(), details.clients.end());
    ASSIGN_OR_RETURN(details.contexts, store::list_contexts_of_tenant(tx, details.server.tenant_id));
    return details;
  });
}

base::Result<std::vector<rights::ResourceServer>> list_resources(const House& house, const rights::Actor& actor,
                                                                 std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::ResourceServer>> {
    ASSIGN_OR_RETURN(const auto shown, find_shown_tenant(tx, actor, tenant));
    ASSIGN_OR_RETURN(auto all, shown ? store::list_resource_servers(tx, *shown) : store::list_resource_servers(tx));
    std::erase_if(all, [&](const rights::ResourceServer& server) { return !actor.reaches(server.tenant_id); });
    std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
      return std::pair(identity::comparison_form(one.name), one.identifier) <
             std::pair(identity::comparison_form(other.name), other.identifier);
    });
    return all;
  });
}

base::Result<std::vector<OfferedScope>> list_offered_scopes(store::Tx& tx, const base::Id& tenant_id) {
  ASSIGN_OR_RETURN(const auto servers, store::list_resource_servers_for(tx, tenant_id));
  std::vector<OfferedScope> offered;
  for (const rights::ResourceServer& server : servers) {
    for (const rights::ResourceItem& item : server.items) {
      if (item.kind == rights::ItemKind::scope) offered.push_back({item.name, server.id});
    }
  }
  return offered;
}

}  // namespace flow
