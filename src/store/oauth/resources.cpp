#include "store/oauth/resources.hpp"

#include <boost/json.hpp>
#include <map>

#include "store/driver/sql.hpp"

namespace store {
namespace {

namespace json = boost::json;

template <class Range, class F>
json::array to_array(const Range& values, const F& print) {
  json::array out;
  for (const auto& value : values) out.emplace_back(print(value));
  return out;
}

json::object rule_of(const rights::AccessRule& rule) {
  json::object out;
  if (rule.is_for_all) out["all"] = true;
  const auto print_id = [](const base::Id& id) { return id.to_string(); };
  const auto as_it_is = [](const std::string& text) { return text; };
  if (!rule.account_kinds.empty()) {
    out["kinds"] =
        to_array(rule.account_kinds, [](identity::AccountKind kind) { return std::string(identity::name_of(kind)); });
  }
  if (!rule.contexts.empty()) out["contexts"] = to_array(rule.contexts, as_it_is);
  if (!rule.groups.empty()) out["groups"] = to_array(rule.groups, print_id);
  if (!rule.clients.empty()) out["clients"] = to_array(rule.clients, print_id);
  return out;
}

void put_if(json::object& out, std::string_view key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}

json::object item_of(const rights::ResourceItem& item) {
  json::object out{{"kind", rights::name_of(item.kind)}, {"name", item.name}, {"rule", rule_of(item.rule)}};
  put_if(out, "title", item.title);
  put_if(out, "title#de", item.title_de);
  put_if(out, "title#pl", item.title_pl);
  put_if(out, "scope", item.scope);
  if (!item.permissions.empty()) {
    out["permissions"] = to_array(item.permissions, [](const std::string& text) { return text; });
  }
  return out;
}

// What administrators edit is one JSON document, always read and written as a whole.
std::string spec_of(const rights::ResourceServer& server) {
  json::object out{{"name", server.name},
                   {"enabled", server.enabled},
                   {"for_tenants_below", server.for_tenants_below},
                   {"items", to_array(server.items, item_of)}};
  put_if(out, "name#de", server.name_de);
  put_if(out, "name#pl", server.name_pl);
  put_if(out, "description", server.description);
  return json::serialize(out);
}

std::string text_of(const json::value& value) {
  const json::string& text = value.as_string();
  return {text.data(), text.size()};
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string() : text_of(*value);
}

/// Calls `take` with each text of an array that may be absent.
template <class F>
void for_each_text(const json::object& object, std::string_view key, const F& take) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return;
  for (const json::value& one : value->as_array()) take(text_of(one));
}

rights::AccessRule read_rule(const json::object& from) {
  rights::AccessRule rule;
  if (const json::value* all = from.if_contains("all")) rule.is_for_all = all->as_bool();
  for_each_text(from, "kinds", [&](const std::string& name) {
    rule.account_kinds.push_back(identity::parse_account_kind(name).value());
  });
  for_each_text(from, "contexts", [&](std::string key) { rule.contexts.push_back(std::move(key)); });
  for_each_text(from, "groups", [&](const std::string& id) { rule.groups.push_back(base::Id::parse(id).value()); });
  for_each_text(from, "clients", [&](const std::string& id) { rule.clients.push_back(base::Id::parse(id).value()); });
  return rule;
}

rights::ResourceItem read_item(const json::object& from) {
  rights::ResourceItem item;
  item.kind = rights::parse_item_kind(text_at(from, "kind")).value();
  item.name = text_at(from, "name");
  item.title = text_at(from, "title");
  item.title_de = text_at(from, "title#de");
  item.title_pl = text_at(from, "title#pl");
  item.scope = text_at(from, "scope");
  item.rule = read_rule(from.at("rule").as_object());
  for_each_text(from, "permissions", [&](std::string name) { item.permissions.push_back(std::move(name)); });
  return item;
}

// Throws an exception if the document is not one of ours.
void read_spec(std::string_view text, rights::ResourceServer& server) {
  const json::value document = json::parse(text);
  const json::object& spec = document.as_object();
  server.name = text_at(spec, "name");
  server.name_de = text_at(spec, "name#de");
  server.name_pl = text_at(spec, "name#pl");
  server.description = text_at(spec, "description");
  server.enabled = spec.at("enabled").as_bool();
  server.for_tenants_below = spec.at("for_tenants_below").as_bool();
  for (const json::value& item : spec.at("items").as_array()) server.items.push_back(read_item(item.as_object()));
}

struct StoredServer {
  rights::ResourceServer server;
  std::string spec;
};

constexpr SqlPart columns =
    "r.id, r.tenant_id, r.identifier, r.client_id, r.spec, r.version, r.created_at, r.changed_at";

StoredServer read_server(const Row& row) {
  Fields field(row);
  StoredServer stored;
  stored.server.id = field.id();
  stored.server.tenant_id = field.id();
  stored.server.identifier = field.text();
  stored.server.client_id = field.optional_id();
  stored.spec = field.text();
  stored.server.version = field.integer();
  stored.server.created_at = field.time();
  stored.server.changed_at = field.time();
  return stored;
}

// A parsed spec is cached by its text, so that a changed spec is never served from the cache. Every token for a
// resource server reads it. Each thread has its own cache, so that it needs no lock.
const rights::ResourceServer& remember_spec(const std::string& spec) {
  constexpr std::size_t most = 32;
  thread_local std::map<std::string, rights::ResourceServer, std::less<>> known;
  if (const auto found = known.find(spec); found != known.end()) return found->second;
  rights::ResourceServer server;
  read_spec(spec, server);
  if (known.size() >= most) known.clear();
  return known.emplace(spec, std::move(server)).first->second;
}

base::Result<rights::ResourceServer> complete(StoredServer stored) {
  try {
    rights::ResourceServer server = remember_spec(stored.spec);
    server.id = stored.server.id;
    server.tenant_id = stored.server.tenant_id;
    server.identifier = std::move(stored.server.identifier);
    server.client_id = stored.server.client_id;
    server.version = stored.server.version;
    server.created_at = stored.server.created_at;
    server.changed_at = stored.server.changed_at;
    return server;
  } catch (const std::exception& thrown) {
    return base::fail(base::Code::internal,
                      "the resource server " + stored.server.identifier + " cannot be read: " + thrown.what());
  }
}

base::Result<std::optional<rights::ResourceServer>> complete(std::optional<StoredServer> stored) {
  if (!stored) return std::nullopt;
  ASSIGN_OR_RETURN(rights::ResourceServer server, complete(std::move(*stored)));
  return server;
}

base::Result<std::vector<rights::ResourceServer>> complete(std::vector<StoredServer> all) {
  std::vector<rights::ResourceServer> servers;
  servers.reserve(all.size());
  for (StoredServer& stored : all) {
    ASSIGN_OR_RETURN(rights::ResourceServer server, complete(std::move(stored)));
    servers.push_back(std::move(server));
  }
  return servers;
}

}  // namespace

base::Result<std::optional<rights::ResourceServer>> find_resource_server(Tx& tx, std::string_view identifier) {
  return tx.keep("resource server", identifier, [&]() -> base::Result<std::optional<rights::ResourceServer>> {
    ASSIGN_OR_RETURN(auto stored,
                     tx.find_one(sql<"SELECT ", columns, " FROM resource_server r WHERE r.identifier = $1">,
                                 {identifier}, read_server));
    return complete(std::move(stored));
  });
}

base::Result<std::optional<rights::ResourceServer>> find_resource_server(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(auto stored,
                   tx.find_one(sql<"SELECT ", columns, " FROM resource_server r WHERE r.id = $1">, {id}, read_server));
  return complete(std::move(stored));
}

base::Result<std::vector<rights::ResourceServer>> list_resource_servers(Tx& tx) {
  constexpr std::int64_t most = 5000;
  ASSIGN_OR_RETURN(auto all, tx.find_all(sql<"SELECT ", columns, " FROM resource_server r ORDER BY r.id LIMIT $1">,
                                         {most}, read_server));
  return complete(std::move(all));
}

base::Result<std::vector<rights::ResourceServer>> list_resource_servers(Tx& tx, const base::Id& tenant_id) {
  ASSIGN_OR_RETURN(
      auto all,
      tx.find_all(sql<"SELECT ", columns, " FROM resource_server r WHERE r.tenant_id = $1 ORDER BY r.id LIMIT $2">,
                  {tenant_id, most_resource_servers}, read_server));
  return complete(std::move(all));
}

base::Result<std::vector<rights::ResourceServer>> list_resource_servers_for(Tx& tx, const base::Id& tenant_id) {
  // The bound of the steps ends a circle (store/tenant/tenants.cpp).
  ASSIGN_OR_RETURN(
      auto all,
      tx.find_all(
          sql<"WITH RECURSIVE up(id, parent_id, steps) AS (SELECT f.id, f.parent_id, 0 FROM tenant f WHERE "
              "f.id = $1 UNION ALL SELECT t.id, t.parent_id, u.steps + 1 FROM tenant t JOIN up u ON t.id = "
              "u.parent_id WHERE u.steps < 32) SELECT ",
              columns, " FROM up u JOIN resource_server r ON r.tenant_id = u.id ORDER BY u.steps, r.id LIMIT $2">,
          {tenant_id, 10 * most_resource_servers}, read_server));
  ASSIGN_OR_RETURN(auto servers, complete(std::move(all)));
  std::erase_if(
      servers, [&](const rights::ResourceServer& one) { return one.tenant_id != tenant_id && !one.for_tenants_below; });
  return servers;
}

base::Result<std::vector<rights::ResourceServer>> list_resource_servers_of(Tx& tx, const base::Id& client_id) {
  return tx.keep("resource servers of", client_id.bytes(), [&]() -> base::Result<std::vector<rights::ResourceServer>> {
    ASSIGN_OR_RETURN(
        auto all,
        tx.find_all(sql<"SELECT ", columns, " FROM resource_server r WHERE r.client_id = $1 ORDER BY r.id LIMIT $2">,
                    {client_id, most_resource_servers}, read_server));
    return complete(std::move(all));
  });
}

base::Result<void> insert_resource_server(Tx& tx, const rights::ResourceServer& server, base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.run("INSERT INTO resource_server(id, tenant_id, identifier, client_id, spec, version, created_at, changed_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING",
             {server.id, server.tenant_id, server.identifier, server.client_id, spec_of(server), server.version, now}));
  if (added == 1) return {};
  return base::fail(base::Code::already_exists, "the resource server " + server.identifier + " exists");
}

base::Result<void> update_resource_server(Tx& tx, const rights::ResourceServer& server, base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE resource_server SET client_id = $3, spec = $4, changed_at = $5, version = version + 1 "
             "WHERE id = $1 AND version = $2",
             {server.id, server.version, server.client_id, spec_of(server), now}));
  if (changed == 1) return {};
  ASSIGN_OR_RETURN(const auto stored, find_resource_server(tx, server.id));
  if (!stored) return base::fail(base::Code::not_found, "the resource server does not exist");
  return base::fail(base::Code::conflict, "somebody else changed the resource server meanwhile");
}

base::Result<void> delete_resource_server(Tx& tx, const base::Id& id) {
  return expect_changed(tx.run("DELETE FROM resource_server WHERE id = $1", {id}), "the resource server");
}

}  // namespace store
