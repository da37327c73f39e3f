#include "flow/client/administer_clients.hpp"

#include <set>
#include <utility>

#include "audit/event.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "crypto/token/jwk_set.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::size_t made_secret_octets = 32;

base::Result<void> demand_sound(const rights::Client& client) {
  auto flaws = rights::find_flaws(client);
  if (!client.jwks.empty()) {
    const auto keys = crypto::parse_jwk_set(client.jwks);
    if (!keys) flaws.push_back("jwks: " + keys.error().reason);
    if (keys && keys->empty()) flaws.emplace_back("jwks: no key of ES256, RS256 or PS256 in it");
  }
  if (flaws.empty()) return {};
  return base::fail(base::Code::invalid_input, base::join(flaws, "; "));
}

// A secret of another's making is a machine's too: 32 hexadecimal digits are 128 bits, which nobody guesses. Ten
// different characters keep out what was typed to fill the length. What a demonstration protects is worth no secret.
constexpr std::size_t least_secret_length = 32;
constexpr std::size_t least_secret_characters = 10;

base::Result<void> check_given_secret(const House& house, const base::Secret& secret) {
  if (secret.empty() || house.settings.site.demo) return {};
  const std::string_view text = secret.reveal();
  const std::set<char> different(text.begin(), text.end());
  if (text.size() >= least_secret_length && different.size() >= least_secret_characters) return {};
  return base::fail(
      base::Code::invalid_input,
      "a secret needs at least 32 characters, 10 of them different; `openssl rand -hex 32` makes one, and "
      "without --secret-stdin the program does");
}

base::Result<rights::Client> find_own(store::Tx& tx, const rights::Actor& actor, std::string_view client_id) {
  ASSIGN_OR_RETURN(auto client, store::find_client(tx, client_id));
  const bool is_own = client && rights::is_client_id(client->client_id) && actor.reaches(client->tenant_id);
  if (!is_own) return base::fail(base::Code::not_found, "there is no client " + std::string(client_id));
  return *std::move(client);
}

/// The account to which a client of the tenant belongs: one record of a program, however it authenticates (S4.27).
base::Result<base::Id> find_system(store::Tx& tx, const rights::Actor& actor, const base::Id& tenant,
                                   std::string_view named, base::Time now) {
  ASSIGN_OR_RETURN(const identity::Account account, find_managed(tx, actor, named, now));
  if (account.tenant_id != tenant || account.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::not_found, "no account " + std::string(named));
  }
  if (account.kind != identity::AccountKind::client_system) {
    return base::fail(base::Code::invalid_input, "the account is none of kind client_system: " + std::string(named));
  }
  return account.id;
}

std::string yes_or_no(bool is_so) {
  return is_so ? "yes" : "no";
}

struct Field {
  audit::Code name;
  std::string value;
  bool is_prose = false;  // free text for people, which the audit log does not keep
};

/// All values that an administrator edits, as text.
std::vector<Field> fields_of(const rights::Client& client) {
  std::vector<Field> all{
      Field{"name", client.name}, Field{"name_de", client.name_de}, Field{"name_pl", client.name_pl},
      Field{"kind", std::string(rights::name_of(client.kind))}, Field{"description", client.description, true},
      Field{"redirect_uris", base::join(client.redirect_uris, " ")},
      Field{"post_logout_redirect_uris", base::join(client.post_logout_redirect_uris, " ")},
      Field{"backchannel_logout_uri", client.backchannel_logout_uri}, Field{"launch_uri", client.launch_uri},
      Field{"scopes", base::join(client.scopes, " ")}, Field{"grants", base::join(client.grants, " ")},
      Field{"require_pkce", yes_or_no(client.require_pkce)}, Field{"id_token_alg", client.id_token_alg},
      Field{"userinfo_alg", client.userinfo_alg}, Field{"id_token_claims", base::join(client.id_token_claims, " ")},
      Field{"level", std::to_string(client.level)}, Field{"writes_events", yes_or_no(client.writes_events)},
      Field{"sends_messages", yes_or_no(client.sends_messages)},
      Field{"for_tenants_below", yes_or_no(client.for_tenants_below)},
      Field{"account", client.account_id ? client.account_id->to_string() : std::string()},
      Field{"enabled", yes_or_no(client.enabled)}, Field{"auth", std::string(rights::auth_of(client))},
      // Keys are long: their thumb says which they are.
      Field{"jwks", client.jwks.empty() ? std::string() : base::to_base64url(crypto::sha256(client.jwks))},
      Field{"jwks_uri", client.jwks_uri}, Field{"client_uri", client.client_uri},
      Field{"policy_uri", client.policy_uri}, Field{"tos_uri", client.tos_uri},
      Field{"sector_identifier_uri", client.sector_identifier_uri},
      Field{"resources", base::join(client.resources, " ")}, Field{"require_par", yes_or_no(client.require_par)},
      Field{"opaque_tokens", yes_or_no(client.opaque_tokens)}, Field{"is_pairwise", yes_or_no(client.is_pairwise)},
      Field{"context_in_id_token", yes_or_no(client.context_in_id_token)},
      Field{"is_first_party", yes_or_no(client.is_first_party)},
      Field{"registration_token", yes_or_no(!client.registration_hash.empty())}};
  return all;
}

void append_field(std::string& all, const Field& field) {
  all.append(all.empty() ? "" : "; ").append(field.name.view()).append("=");
  all.append(field.is_prose && !field.value.empty() ? "(not kept)" : field.value);
}

template <class T>
void put(const std::optional<T>& wished, T& value) {
  if (wished) value = *wished;
}

void apply(const ClientWish& wish, rights::Client& client) {
  put(wish.name, client.name);
  put(wish.name_de, client.name_de);
  put(wish.name_pl, client.name_pl);
  put(wish.description, client.description);
  put(wish.redirect_uris, client.redirect_uris);
  put(wish.post_logout_redirect_uris, client.post_logout_redirect_uris);
  put(wish.backchannel_logout_uri, client.backchannel_logout_uri);
  put(wish.launch_uri, client.launch_uri);
  put(wish.scopes, client.scopes);
  put(wish.resources, client.resources);
  put(wish.grants, client.grants);
  put(wish.require_pkce, client.require_pkce);
  put(wish.id_token_alg, client.id_token_alg);
  put(wish.id_token_claims, client.id_token_claims);
  put(wish.level, client.level);
  put(wish.writes_events, client.writes_events);
  put(wish.sends_messages, client.sends_messages);
  put(wish.for_tenants_below, client.for_tenants_below);
  put(wish.enabled, client.enabled);
  put(wish.jwks, client.jwks);
  if (wish.ends_registration) client.registration_hash.clear();
  // What was fetched names the sector of the address before.
  const std::string old_address = client.sector_identifier_uri;
  for (const auto& [member, value] : wish.texts) client.*member = value;
  if (client.sector_identifier_uri != old_address) client.sector.clear();
  for (const auto& [member, value] : wish.switches) client.*member = value;
}

base::Result<void> apply_auth(const ClientWish& wish, rights::Client& client) {
  return wish.auth ? rights::set_auth(client, *wish.auth) : base::Result<void>{};
}

base::Result<void> record(store::Tx& tx, audit::Event event, const rights::Client& client) {
  event.client = client.client_id;
  return store::append_event(tx, std::move(event));
}

}  // namespace

std::string print_client(const rights::Client& client) {
  std::string all;
  for (const Field& field : fields_of(client)) append_field(all, field);
  return all;
}

ClientDifference compare_clients(const rights::Client& before, const rights::Client& after) {
  ClientDifference difference;
  const auto old_fields = fields_of(before);
  const auto new_fields = fields_of(after);
  for (std::size_t i = 0; i < old_fields.size(); ++i) {
    if (old_fields.at(i).value == new_fields.at(i).value) continue;
    difference.fields.add(old_fields.at(i).name);
    append_field(difference.before, old_fields.at(i));
    append_field(difference.after, new_fields.at(i));
  }
  return difference;
}

base::Secret make_client_secret() {
  return base::Secret(base::to_base64url(base::random_bytes(made_secret_octets)));
}

base::Bytes hash_client_secret(const House& house, const base::Secret& secret) {
  return house.master.authenticate("client-secret", secret.reveal());
}

std::vector<base::Bytes> hashes_of_client_secret(const House& house, const base::Secret& secret) {
  std::vector<base::Bytes> all;
  for (std::size_t generation = 0; generation < house.master.generations(); ++generation) {
    all.push_back(house.master.stored_form(generation,
                                           house.master.authenticate_in(generation, "client-secret", secret.reveal())));
  }
  return all;
}

base::Result<base::Secret> create_client(const House& house, const rights::Actor& actor, rights::Client client,
                                         const base::Secret& secret, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  RETURN_IF_ERROR(demand_sound(client));
  RETURN_IF_ERROR(check_given_secret(house, secret));
  base::Secret given = secret;
  if (client.auth == rights::ClientAuth::secret) {
    if (given.empty()) given = make_client_secret();
    client.secrets = {{hash_client_secret(house, given), std::nullopt, facts.now}};
  } else if (!given.empty()) {
    return base::fail(base::Code::invalid_input, "a public client has no secret");
  }
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Secret> {
    client.id = base::Id::make(facts.now);
    const std::string named = client.tenant_id.is_none() ? std::string() : client.tenant_id.to_string();
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, named));
    client.tenant_id = tenant.id;
    if (client.account_id) {
      RETURN_IF_ERROR(find_system(tx, actor, client.tenant_id, client.account_id->to_string(), facts.now));
    }
    RETURN_IF_ERROR(store::insert_client(tx, client, facts.now));
    const std::string made = print_client(client);
    RETURN_IF_ERROR(record(tx,
                           make_event(audit::type::client_create, actor, client.tenant_id, facts,
                                      {{"new", audit::Value::registered(made)}}),
                           client));
    return given;
  });
}

base::Result<std::vector<rights::Client>> list_clients(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_clients, rights::Permission::read_settings}));
  ASSIGN_OR_RETURN(auto clients, house.store.read([](store::Tx& tx) { return store::list_clients(tx); }));
  std::erase_if(clients, [&](const rights::Client& client) { return !actor.reaches(client.tenant_id); });
  return clients;
}

base::Result<rights::Client> find_named_client(const House& house, const rights::Actor& actor,
                                               std::string_view client_id) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_clients, rights::Permission::read_settings}));
  return house.store.read([&](store::Tx& tx) { return find_own(tx, actor, client_id); });
}

base::Result<bool> change_client(const House& house, const rights::Actor& actor, std::string_view client_id,
                                 const ClientWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const rights::Client before, find_own(tx, actor, client_id));
    if (wish.version && *wish.version != before.version) {
      return base::fail(base::Code::conflict, "somebody else changed the client meanwhile");
    }
    rights::Client after = before;
    apply(wish, after);
    RETURN_IF_ERROR(apply_auth(wish, after));
    if (after.sends_messages != before.sends_messages) {
      RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
    }
    if (wish.account) {
      after.account_id.reset();
      if (!wish.account->empty()) {
        ASSIGN_OR_RETURN(after.account_id, find_system(tx, actor, before.tenant_id, *wish.account, facts.now));
      }
    }
    RETURN_IF_ERROR(demand_sound(after));
    const ClientDifference difference = compare_clients(before, after);
    if (difference.fields.empty()) return false;
    RETURN_IF_ERROR(store::update_client(tx, after, facts.now));
    RETURN_IF_ERROR(record(tx,
                           make_event(audit::type::client_change, actor, before.tenant_id, facts,
                                      {{"fields", difference.fields},
                                       {"old", audit::Value::registered(difference.before)},
                                       {"new", audit::Value::registered(difference.after)}}),
                           before));
    return true;
  });
}

base::Result<std::vector<rights::ClientFlaw>> judge_change(const House& house, const rights::Actor& actor,
                                                           std::string_view client_id, const ClientWish& wish) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_clients));
  ASSIGN_OR_RETURN(rights::Client client, find_named_client(house, actor, client_id));
  apply(wish, client);
  const bool can_be = apply_auth(wish, client).has_value();
  auto flaws = rights::judge_client(client);
  if (!can_be) flaws.push_back({"auth", "auth_method", {}});
  if (!client.jwks.empty() && crypto::parse_jwk_set(client.jwks).value_or(std::vector<crypto::Jwk>()).empty()) {
    flaws.push_back({"jwks", "keys_bad", {}});
  }
  return flaws;
}

base::Result<void> delete_client(const House& house, const rights::Actor& actor, std::string_view client_id,
                                 const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const rights::Client client, find_own(tx, actor, client_id));
    RETURN_IF_ERROR(store::delete_client(tx, client, facts.now));
    const std::string before = print_client(client);
    return record(tx,
                  make_event(audit::type::client_delete, actor, client.tenant_id, facts,
                             {{"old", audit::Value::registered(before)}}),
                  client);
  });
}

base::Result<base::Secret> rotate_client_secret(const House& house, const rights::Actor& actor,
                                                std::string_view client_id, const Rotation& rotation,
                                                const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  RETURN_IF_ERROR(check_given_secret(house, rotation.secret));
  const base::Secret given = rotation.secret.empty() ? make_client_secret() : rotation.secret;
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Secret> {
    ASSIGN_OR_RETURN(rights::Client client, find_own(tx, actor, client_id));
    if (client.auth != rights::ClientAuth::secret) {
      return base::fail(base::Code::invalid_input, "a public client has no secret");
    }
    const base::Time old_until = facts.now + rotation.old_lasts;
    std::vector<rights::ClientSecret> secrets{{hash_client_secret(house, given), std::nullopt, facts.now}};
    // The newest stands first.
    if (rotation.old_lasts > base::Duration(0) && !client.secrets.empty()) {
      rights::ClientSecret old = client.secrets.front();
      if (!old.not_after || *old.not_after > old_until) old.not_after = old_until;
      secrets.push_back(std::move(old));
    }
    client.secrets = std::move(secrets);
    RETURN_IF_ERROR(store::update_client(tx, client, facts.now));
    RETURN_IF_ERROR(record(tx,
                           make_event(audit::type::client_change, actor, client.tenant_id, facts,
                                      {{"fields", "secret"}, {"old_until", old_until}}),
                           client));
    return given;
  });
}

base::Result<void> end_old_secret(const House& house, const rights::Actor& actor, std::string_view client_id,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(rights::Client client, find_own(tx, actor, client_id));
    const bool has_old = client.secrets.size() > 1 && client.secrets.at(1).not_after > facts.now;
    if (!has_old) return base::fail(base::Code::conflict, "there is no older secret");
    client.secrets.resize(1);
    RETURN_IF_ERROR(store::update_client(tx, client, facts.now));
    return record(tx,
                  make_event(audit::type::client_change, actor, client.tenant_id, facts,
                             {{"fields", "secret"}, {"old_until", facts.now}}),
                  client);
  });
}

}  // namespace flow
