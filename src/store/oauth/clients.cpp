#include "store/oauth/clients.hpp"

#include <array>
#include <boost/json.hpp>
#include <map>

#include "base/log.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

namespace json = boost::json;

json::array to_array(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

// Fields that came later: a document has only those that are not as in a new Client.
constexpr std::array<std::pair<std::string_view, std::string rights::Client::*>, 11> later_texts{{
    {"auth_method", &rights::Client::auth_method},
    {"jwks", &rights::Client::jwks},
    {"jwks_uri", &rights::Client::jwks_uri},
    {"fetched_jwks", &rights::Client::fetched_jwks},
    {"sector", &rights::Client::sector},
    {"sector_identifier_uri", &rights::Client::sector_identifier_uri},
    {"client_uri", &rights::Client::client_uri},
    {"policy_uri", &rights::Client::policy_uri},
    {"tos_uri", &rights::Client::tos_uri},
    {"logo_uri", &rights::Client::logo_uri},
    {"userinfo_alg", &rights::Client::userinfo_alg},
}};
constexpr std::array<std::pair<std::string_view, bool rights::Client::*>, 7> later_flags{{
    {"opaque_tokens", &rights::Client::opaque_tokens},
    {"is_pairwise", &rights::Client::is_pairwise},
    {"require_par", &rights::Client::require_par},
    {"context_in_id_token", &rights::Client::context_in_id_token},
    {"require_auth_time", &rights::Client::require_auth_time},
    {"is_first_party", &rights::Client::is_first_party},
    {"is_dynamic", &rights::Client::is_dynamic},
}};

void write_protocol(const rights::Client& client, json::object& spec) {
  const rights::Client fresh;
  for (const auto& [name, member] : later_texts) {
    if (!(client.*member).empty()) spec[name] = client.*member;
  }
  for (const auto& [name, member] : later_flags) {
    if (client.*member != fresh.*member) spec[name] = client.*member;
  }
  if (client.default_max_age) spec["default_max_age"] = *client.default_max_age;
  if (!client.resources.empty()) spec["resources"] = to_array(client.resources);
  if (!client.contacts.empty()) spec["contacts"] = to_array(client.contacts);
  if (!client.registration_hash.empty()) spec["registration_hash"] = base::to_base64url(client.registration_hash);
}

// The fields that administrators edit are one JSON document, always read and written as a whole.
std::string spec_of(const rights::Client& client) {
  json::array secrets;
  for (const rights::ClientSecret& secret : client.secrets) {
    json::object entry{{"hash", base::to_base64url(secret.hash)}};
    if (secret.not_after) entry["not_after"] = base::to_ms(*secret.not_after);
    if (secret.made_at) entry["made_at"] = base::to_ms(*secret.made_at);
    secrets.push_back(std::move(entry));
  }
  json::object spec{
      {"name", client.name},
      {"description", client.description},
      {"auth", rights::name_of(client.auth)},
      {"secrets", std::move(secrets)},
      {"redirect_uris", to_array(client.redirect_uris)},
      {"post_logout_redirect_uris", to_array(client.post_logout_redirect_uris)},
      {"backchannel_logout_uri", client.backchannel_logout_uri},
      {"launch_uri", client.launch_uri},
      {"scopes", to_array(client.scopes)},
      {"grants", to_array(client.grants)},
      {"require_pkce", client.require_pkce},
      {"id_token_alg", client.id_token_alg},
      {"id_token_claims", to_array(client.id_token_claims)},
      {"level", client.level},
      {"enabled", client.enabled},
      {"kind", rights::name_of(client.kind)},
      {"writes_events", client.writes_events},
      {"for_tenants_below", client.for_tenants_below},
  };
  if (client.sends_messages) spec["sends_messages"] = true;
  if (!client.name_de.empty()) spec["name#de"] = client.name_de;
  if (!client.name_pl.empty()) spec["name#pl"] = client.name_pl;
  if (client.account_id) spec["account"] = client.account_id->to_string();
  write_protocol(client, spec);
  return json::serialize(spec);
}

std::string text_at(const json::object& spec, std::string_view key) {
  const json::string& text = spec.at(key).as_string();
  return {text.data(), text.size()};
}

std::vector<std::string> texts_at(const json::object& spec, std::string_view key) {
  std::vector<std::string> out;
  for (const json::value& entry : spec.at(key).as_array()) {
    const json::string& text = entry.as_string();
    out.emplace_back(text.data(), text.size());
  }
  return out;
}

void read_protocol(const json::object& spec, rights::Client& client) {
  for (const auto& [name, member] : later_texts) {
    if (spec.contains(name)) client.*member = text_at(spec, name);
  }
  for (const auto& [name, member] : later_flags) {
    if (const json::value* flag = spec.if_contains(name)) client.*member = flag->as_bool();
  }
  if (const json::value* age = spec.if_contains("default_max_age")) client.default_max_age = age->as_int64();
  if (spec.contains("resources")) client.resources = texts_at(spec, "resources");
  if (spec.contains("contacts")) client.contacts = texts_at(spec, "contacts");
  if (spec.contains("registration_hash")) {
    client.registration_hash = base::parse_base64url(text_at(spec, "registration_hash")).value_or("");
  }
}

// What clients that were stored by an older program do not have.
void read_later_fields(const json::object& spec, rights::Client& client) {
  if (spec.contains("id_token_claims")) client.id_token_claims = texts_at(spec, "id_token_claims");
  if (spec.contains("name#de")) client.name_de = text_at(spec, "name#de");
  if (spec.contains("name#pl")) client.name_pl = text_at(spec, "name#pl");
  client.kind = rights::guess_kind(client.auth, client.redirect_uris, client.grants);
  if (spec.contains("kind")) client.kind = rights::parse_client_kind(text_at(spec, "kind")).value_or(client.kind);
  if (spec.contains("account")) client.account_id = base::Id::parse(text_at(spec, "account")).value();
  if (const json::value* writes = spec.if_contains("writes_events")) client.writes_events = writes->as_bool();
  if (const json::value* sends = spec.if_contains("sends_messages")) client.sends_messages = sends->as_bool();
  if (const json::value* below = spec.if_contains("for_tenants_below")) client.for_tenants_below = below->as_bool();
}

// Throws an exception of Boost.JSON if the document is not one of ours.
void read_spec(std::string_view text, rights::Client& client) {
  const json::value document = json::parse(text);
  const json::object& spec = document.as_object();
  client.name = text_at(spec, "name");
  client.description = text_at(spec, "description");
  client.auth = rights::parse_client_auth(text_at(spec, "auth")).value();
  for (const json::value& entry : spec.at("secrets").as_array()) {
    rights::ClientSecret secret;
    secret.hash = base::parse_base64url(text_at(entry.as_object(), "hash")).value_or("");
    if (const json::value* until = entry.as_object().if_contains("not_after")) {
      secret.not_after = base::from_ms(until->as_int64());
    }
    if (const json::value* made = entry.as_object().if_contains("made_at")) {
      secret.made_at = base::from_ms(made->as_int64());
    }
    client.secrets.push_back(std::move(secret));
  }
  client.redirect_uris = texts_at(spec, "redirect_uris");
  client.post_logout_redirect_uris = texts_at(spec, "post_logout_redirect_uris");
  client.backchannel_logout_uri = text_at(spec, "backchannel_logout_uri");
  client.launch_uri = text_at(spec, "launch_uri");
  client.scopes = texts_at(spec, "scopes");
  client.grants = texts_at(spec, "grants");
  client.require_pkce = spec.at("require_pkce").as_bool();
  client.id_token_alg = text_at(spec, "id_token_alg");
  client.level = spec.at("level").as_int64();
  client.enabled = spec.at("enabled").as_bool();
  read_later_fields(spec, client);
  read_protocol(spec, client);
}

constexpr SqlPart columns = "id, tenant_id, client_id, spec, version, created_at, last_used_at";

// A parsed spec is cached by its text, so that a changed spec is never served from the cache. A client is read several
// times in each login. Each thread has its own cache, so that it needs no lock.
const rights::Client& remember_spec(std::string_view spec) {
  constexpr std::size_t most = 32;
  thread_local std::map<std::string, rights::Client, std::less<>> known;
  if (const auto found = known.find(spec); found != known.end()) return found->second;
  rights::Client client;
  read_spec(spec, client);
  if (known.size() >= most) known.clear();
  return known.emplace(std::string(spec), std::move(client)).first->second;
}

/// Errors: internal (the document is not one of ours).
base::Result<rights::Client> read_client(const Row& row) {
  Fields field(row);
  const base::Id id = field.id();
  const base::Id tenant_id = field.id();
  const std::string_view client_id = field.view();
  try {
    rights::Client client = remember_spec(field.view());
    client.id = id;
    client.tenant_id = tenant_id;
    client.client_id = client_id;
    client.version = field.integer();
    client.created_at = field.time();
    client.last_used_at = field.optional_time();
    return client;
  } catch (const std::exception& thrown) {
    return base::fail(base::Code::internal,
                      "the client " + std::string(client_id) + " cannot be read: " + thrown.what());
  }
}

base::Result<std::optional<rights::Client>> unwrap(std::optional<base::Result<rights::Client>> found) {
  if (!found) return std::nullopt;
  ASSIGN_OR_RETURN(rights::Client client, std::move(*found));
  return client;
}

}  // namespace

base::Result<std::optional<rights::Client>> find_client(Tx& tx, std::string_view client_id) {
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one(sql<"SELECT ", columns, " FROM client WHERE client_id = $1">, {client_id}, read_client));
  return unwrap(std::move(found));
}

base::Result<std::optional<rights::Client>> find_client(Tx& tx, const base::Id& id) {
  return tx.keep("client", id.bytes(), [&]() -> base::Result<std::optional<rights::Client>> {
    ASSIGN_OR_RETURN(auto found, tx.find_one(sql<"SELECT ", columns, " FROM client WHERE id = $1">, {id}, read_client));
    return unwrap(std::move(found));
  });
}

base::Result<std::vector<rights::Client>> list_clients(Tx& tx) {
  ASSIGN_OR_RETURN(auto all,
                   tx.find_all(sql<"SELECT ", columns, " FROM client WHERE client_id NOT LIKE 'deleted:%' ORDER BY id">,
                               {}, read_client));
  std::vector<rights::Client> clients;
  clients.reserve(all.size());
  for (base::Result<rights::Client>& read : all) {
    ASSIGN_OR_RETURN(rights::Client client, std::move(read));
    clients.push_back(std::move(client));
  }
  return clients;
}

base::Result<void> insert_client(Tx& tx, const rights::Client& client, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO client(id, tenant_id, client_id, spec, created_at, changed_at, version) "
                          "VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT DO NOTHING",
                          {client.id, client.tenant_id, client.client_id, spec_of(client), now, client.version}));
  if (added == 0) return base::fail(base::Code::already_exists, "the client " + client.client_id + " exists");
  return {};
}

base::Result<void> update_client(Tx& tx, const rights::Client& client, base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE client SET spec = $3, changed_at = $4, version = version + 1 WHERE id = $1 AND version = $2",
             {client.id, client.version, spec_of(client), now}));
  if (changed == 1) return {};
  ASSIGN_OR_RETURN(const auto stored, find_client(tx, client.id));
  if (!stored) return base::fail(base::Code::not_found, "the client does not exist");
  return base::fail(base::Code::conflict, "somebody else changed the client meanwhile");
}

base::Result<void> set_last_use(Tx& tx, const base::Id& id, base::Time now) {
  return expect_changed(tx.run("UPDATE client SET last_used_at = $2 WHERE id = $1", {id, now}), "the client");
}

base::Result<std::vector<base::Time>> list_ends_of_sessions(Tx& tx, const base::Id& client, std::int64_t most) {
  return tx.find_all(
      "SELECT s.ends_at FROM session_client c JOIN session s ON s.id = c.session_id WHERE c.client_id = $1 "
      "ORDER BY c.client_id DESC, c.session_id DESC LIMIT $2",
      {client, most}, read_time);
}

base::Result<void> delete_client(Tx& tx, const rights::Client& client, base::Time now) {
  rights::Client empty;
  empty.name = client.name;
  empty.name_de = client.name_de;
  empty.name_pl = client.name_pl;
  empty.enabled = false;
  empty.grants.clear();
  // No client_id has a colon (rights::is_client_id).
  return expect_changed(
      tx.run("UPDATE client SET client_id = $2, spec = $3, changed_at = $4, version = version + 1 WHERE id = $1",
             {client.id, "deleted:" + client.id.to_string(), spec_of(empty), now}),
      "the client");
}

base::Result<void> rewrap_client_secrets(Tx& tx, const crypto::MasterKey& next) {
  ASSIGN_OR_RETURN(auto rows, tx.find_all(sql<"SELECT ", columns, " FROM client">, {}, read_client));
  for (base::Result<rights::Client>& row : rows) {
    ASSIGN_OR_RETURN(rights::Client client, std::move(row));
    if (client.secrets.empty()) continue;
    for (rights::ClientSecret& secret : client.secrets) secret.hash = next.rewrap(secret.hash);
    RETURN_IF_ERROR(tx.run("UPDATE client SET spec = $2 WHERE id = $1", {client.id, spec_of(client)}));
  }
  return {};
}

}  // namespace store
