#include "flow/registration/register_client.hpp"

#include <algorithm>
#include <utility>

#include "audit/event.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/registration/api_token.hpp"
#include "flow/registration/fetch_documents.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/proof/throttling.hpp"

namespace flow {
namespace {

constexpr std::string_view usual_scopes = "openid profile email phone offline_access";
constexpr std::string_view management_prefix = "chy_rat_";
constexpr std::size_t id_octets = 16;
constexpr std::size_t secret_octets = 32;
constexpr std::size_t client_id_octets = 16;
constexpr std::int64_t most_updates_in_hour = 20;  // of one client: each has an event with the values
constexpr std::int64_t retry_after = 600;          // seconds

RegistrationRefusal bad_token() {
  return {OAuthError::invalid_token, "the token is unknown, used up, over or withdrawn"};
}

RegistrationRefusal too_many_updates() {
  return {OAuthError::temporarily_unavailable, "at most 20 updates in an hour", retry_after};
}

ClientInformation refuse(RegistrationRefusal refusal) {
  return {std::move(refusal), {}};
}

base::Result<ClientInformation> refuse_token(const House& house, store::Tx& tx, const rights::Client* client,
                                             audit::Code reason, const RequestFacts& facts) {
  RETURN_IF_ERROR(record_foreign_refusal(house, tx, {client, audit::type::token_refusal, reason}, facts));
  return refuse(bad_token());
}

// ---- the token of a registration ----

std::string print_management_token(const rights::Client& client, base::BytesView secret) {
  return std::string(management_prefix) + base::to_base64url(std::string(client.id.bytes()) + std::string(secret));
}

bool is_management_token(const rights::Client& client, std::string_view text) {
  if (!text.starts_with(management_prefix) || client.registration_hash.empty()) return false;
  const auto octets = base::parse_base64url(text.substr(management_prefix.size()));
  if (!octets || octets->size() != id_octets + secret_octets) return false;
  if (std::string_view(*octets).substr(0, id_octets) != client.id.bytes()) return false;
  return base::equal_in_constant_time(client.registration_hash,
                                      crypto::sha256(std::string_view(*octets).substr(id_octets)));
}

struct Managed {
  std::optional<rights::Client> client;
  audit::Code reason;  // "" = the token is the client's
};

base::Result<Managed> find_managed_client(store::Tx& tx, const ManagementCall& call, base::Time now) {
  Managed managed;
  ASSIGN_OR_RETURN(managed.client, store::find_client(tx, std::string_view(call.client_id)));
  audit::Code flaw;
  if (managed.client) {
    ASSIGN_OR_RETURN(flaw, find_flaw_of_client(tx, *managed.client, now));
  }
  if (!managed.client) {
    managed.reason = "unknown_client";
  } else if (!managed.client->is_dynamic) {
    managed.reason = "not_dynamic";
  } else if (!flaw.empty()) {
    managed.reason = flaw;
  } else if (!is_management_token(*managed.client, call.token)) {
    managed.reason = "unknown_token";
  }
  return managed;
}

/// Calls `body(tx, client)` for the client of the token; a refusal is recorded.
template <class F>
base::Result<ClientInformation> write_managed(const House& house, const ManagementCall& call, const RequestFacts& facts,
                                              F&& body) {
  return house.store.write([&](store::Tx& tx) -> base::Result<ClientInformation> {
    ASSIGN_OR_RETURN(Managed managed, find_managed_client(tx, call, facts.now));
    if (!managed.reason.empty()) {
      return refuse_token(house, tx, managed.client ? &*managed.client : nullptr, managed.reason, facts);
    }
    return body(tx, *std::move(managed.client));
  });
}

std::string answer_for(const House& house, const rights::Client& client, std::string secret, std::string token) {
  return print_metadata(client,
                        {std::move(secret), std::move(token), registration_address(house) + "/" + client.client_id});
}

/// A secret for a client that authenticates by one and has none; "" = it needs none.
std::string give_secret(const House& house, rights::Client& client, base::Time now) {
  if (client.auth != rights::ClientAuth::secret) client.secrets.clear();
  if (client.auth != rights::ClientAuth::secret || !client.secrets.empty()) return {};
  const base::Secret secret = make_client_secret();
  client.secrets = {{hash_client_secret(house, secret), std::nullopt, now}};
  return std::string(secret.reveal());
}

// ---- a new client ----

/// Reads what is registered, complete but for id, tenant and secrets.
base::Result<std::variant<rights::Client, RegistrationRefusal>> prepare(const Registrar& registrar,
                                                                        std::string_view json,
                                                                        const store::ApiToken& token) {
  using Prepared = std::variant<rights::Client, RegistrationRefusal>;
  auto read = read_metadata(json, token.scopes.empty() ? usual_scopes : std::string_view(token.scopes));
  if (auto* refusal = std::get_if<RegistrationRefusal>(&read)) return Prepared(std::move(*refusal));
  rights::Client client = std::get<ClientMetadata>(std::move(read)).client;
  client.client_id = "dyn-" + base::to_base64url(base::random_bytes(client_id_octets));
  if (client.name.empty()) client.name = client.client_id;
  if (auto flaw = find_metadata_flaw(client)) return Prepared(std::move(*flaw));
  if (auto flaw = fetch_documents(registrar.documents, "token:" + token.id.to_string(), client))
    return Prepared(std::move(*flaw));
  return Prepared(std::move(client));
}

base::Result<void> record_creation(store::Tx& tx, const rights::Client& client, const base::Id& token,
                                   const RequestFacts& facts) {
  audit::Event event = make_event(audit::type::client_create, client.tenant_id, facts,
                                  {{"new", audit::Value::registered(print_client(client))}, {"token", token}});
  event.client = client.client_id;
  return store::append_event(tx, std::move(event));
}

base::Result<ClientInformation> insert(const House& house, store::Tx& tx, rights::Client client,
                                       std::string_view initial_token, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const PresentedToken presented, find_token(tx, TokenKind::initial, initial_token, facts.now));
  if (!presented.reason.empty()) return refuse_token(house, tx, nullptr, presented.reason, facts);
  ASSIGN_OR_RETURN(const bool is_left, store::use_api_token(tx, presented.token->id, facts.now));
  if (!is_left) return refuse_token(house, tx, nullptr, "token_used_up", facts);
  const base::Bytes management = base::random_bytes(secret_octets);
  client.id = base::Id::make(facts.now);
  client.tenant_id = presented.token->tenant_id;
  client.created_at = facts.now;
  client.registration_hash = crypto::sha256(management);
  std::string secret = give_secret(house, client, facts.now);
  RETURN_IF_ERROR(store::insert_client(tx, client, facts.now));
  RETURN_IF_ERROR(record_creation(tx, client, presented.token->id, facts));
  return ClientInformation{std::nullopt,
                           answer_for(house, client, std::move(secret), print_management_token(client, management))};
}

// ---- an update ----

/// What administrators have set and the metadata does not know stays as it was, and what they have limited stays
/// limited: the token of a registration is worth less than they are.
rights::Client merge(const rights::Client& before, rights::Client wished) {
  rights::Client after = before;
  after.name = wished.name.empty() ? before.client_id : wished.name;
  after.name_de = wished.name_de;
  after.name_pl = wished.name_pl;
  after.auth = wished.auth;
  after.auth_method = wished.auth_method;
  after.redirect_uris = std::move(wished.redirect_uris);
  after.post_logout_redirect_uris = std::move(wished.post_logout_redirect_uris);
  after.backchannel_logout_uri = wished.backchannel_logout_uri;
  after.scopes = std::move(wished.scopes);
  after.grants = std::move(wished.grants);
  std::erase_if(after.grants, [&](const std::string& one) { return !rights::is_registered(before.grants, one); });
  // Without a refresh token it has no effect.
  if (!rights::is_registered(after.grants, "refresh_token")) std::erase(after.scopes, "offline_access");
  after.kind = wished.kind == rights::ClientKind::native
                   ? wished.kind
                   : rights::guess_kind(after.auth, after.redirect_uris, after.grants);
  after.require_pkce = before.require_pkce || wished.require_pkce;
  after.id_token_alg = wished.id_token_alg;
  after.userinfo_alg = wished.userinfo_alg;
  after.jwks = wished.jwks;
  after.jwks_uri = wished.jwks_uri;
  after.fetched_jwks.clear();
  after.is_pairwise = before.is_pairwise || wished.is_pairwise;
  after.sector.clear();
  after.sector_identifier_uri = wished.sector_identifier_uri;
  after.require_par = before.require_par || wished.require_par;
  after.default_max_age = wished.default_max_age;
  after.require_auth_time = wished.require_auth_time;
  after.client_uri = wished.client_uri;
  after.policy_uri = wished.policy_uri;
  after.tos_uri = wished.tos_uri;
  after.logo_uri = wished.logo_uri;
  after.contacts = std::move(wished.contacts);
  return after;
}

bool is_own_secret(const House& house, const rights::Client& client, const base::Secret& secret) {
  for (const base::Bytes& hash : hashes_of_client_secret(house, secret)) {
    for (const rights::ClientSecret& slot : client.secrets) {
      if (base::equal_in_constant_time(slot.hash, hash)) return true;
    }
  }
  return false;
}

/// What an update may not ask for, although a new registration might.
std::optional<RegistrationRefusal> find_widening(const rights::Client& before, const rights::Client& wished) {
  // In the order of their strength.
  static_assert(rights::ClientAuth::none < rights::ClientAuth::secret &&
                rights::ClientAuth::secret < rights::ClientAuth::private_key_jwt);
  if (wished.auth < before.auth) {
    return RegistrationRefusal{OAuthError::invalid_client_metadata,
                               "token_endpoint_auth_method is weaker than that of the registration"};
  }
  const bool has_any = std::any_of(wished.grants.begin(), wished.grants.end(),
                                   [&](const std::string& one) { return rights::is_registered(before.grants, one); });
  if (!wished.grants.empty() && !has_any) {
    return RegistrationRefusal{OAuthError::invalid_client_metadata, "grant_types has none of the registration"};
  }
  return std::nullopt;
}

/// The client as it would be, judged and with its documents.
std::variant<rights::Client, RegistrationRefusal> prepare_update(const Registrar& registrar,
                                                                 const rights::Client& before, std::string_view json) {
  auto read = read_metadata(json, base::join(before.scopes, " "));
  if (auto* refusal = std::get_if<RegistrationRefusal>(&read)) return std::move(*refusal);
  auto& metadata = std::get<ClientMetadata>(read);
  // RFC 7592 §2.2: both "MUST" be those that are in force.
  if (metadata.client_id != before.client_id) {
    return RegistrationRefusal{OAuthError::invalid_client_metadata, "client_id is not that of the registration"};
  }
  if (!metadata.client_secret.empty() && !is_own_secret(registrar.house, before, metadata.client_secret)) {
    return RegistrationRefusal{OAuthError::invalid_client_metadata, "client_secret is not that of the registration"};
  }
  if (auto flaw = find_widening(before, metadata.client)) return std::move(*flaw);
  rights::Client after = merge(before, std::move(metadata.client));
  if (after.auth != rights::ClientAuth::secret) after.secrets.clear();
  if (auto flaw = find_metadata_flaw(after)) return std::move(*flaw);
  if (auto flaw = fetch_documents(registrar.documents, before.client_id, after)) return std::move(*flaw);
  return after;
}

/// The client of an update that may be tried. Counted before anything is read or fetched.
base::Result<ClientInformation> admit_update(const House& house, const ManagementCall& call, const RequestFacts& facts,
                                             std::optional<rights::Client>& client) {
  return write_managed(house, call, facts, [&](store::Tx& tx, rights::Client found) -> base::Result<ClientInformation> {
    const base::Bytes bucket = house.master.authenticate("throttle", "registration|" + found.client_id);
    ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::hours(1), facts.now));
    if (count > most_updates_in_hour) return refuse(too_many_updates());
    client = std::move(found);
    return ClientInformation{};
  });
}

base::Result<void> record_update(store::Tx& tx, const rights::Client& before, const rights::Client& after,
                                 const RequestFacts& facts) {
  const ClientDifference difference = compare_clients(before, after);
  if (difference.fields.empty()) return {};
  audit::Event event = make_event(audit::type::client_change, before.tenant_id, facts,
                                  {{"fields", difference.fields},
                                   {"old", audit::Value::registered(difference.before)},
                                   {"new", audit::Value::registered(difference.after)}});
  event.client = before.client_id;
  return store::append_event(tx, std::move(event));
}

}  // namespace

std::string registration_address(const House& house) {
  return house.settings.site.issuer + "/oauth2/register";
}

base::Result<ClientInformation> register_client(const Registrar& registrar, std::string_view initial_token,
                                                std::string_view json, const RequestFacts& facts) {
  const House& house = registrar.house;
  // The token is judged first, so that nobody else makes this server read metadata or fetch a document.
  ASSIGN_OR_RETURN(const PresentedToken presented, house.store.read([&](store::Tx& tx) {
    return find_token(tx, TokenKind::initial, initial_token, facts.now);
  }));
  if (!presented.reason.empty()) {
    return house.store.write([&](store::Tx& tx) { return refuse_token(house, tx, nullptr, presented.reason, facts); });
  }
  ASSIGN_OR_RETURN(auto prepared, prepare(registrar, json, *presented.token));
  if (auto* refusal = std::get_if<RegistrationRefusal>(&prepared)) return refuse(std::move(*refusal));
  return house.store.write(
      [&](store::Tx& tx) { return insert(house, tx, std::get<rights::Client>(prepared), initial_token, facts); });
}

base::Result<ClientInformation> read_registration(const House& house, const ManagementCall& call,
                                                  const RequestFacts& facts) {
  return write_managed(house, call, facts, [&](store::Tx&, rights::Client client) -> base::Result<ClientInformation> {
    return ClientInformation{std::nullopt, answer_for(house, client, {}, call.token)};
  });
}

base::Result<ClientInformation> update_registration(const Registrar& registrar, const ManagementCall& call,
                                                    std::string_view json, const RequestFacts& facts) {
  const House& house = registrar.house;
  std::optional<rights::Client> before;
  ASSIGN_OR_RETURN(ClientInformation admitted, admit_update(house, call, facts, before));
  if (admitted.refusal) return admitted;
  auto prepared = prepare_update(registrar, *before, json);
  if (auto* refusal = std::get_if<RegistrationRefusal>(&prepared)) return refuse(std::move(*refusal));
  return write_managed(
      house, call, facts, [&](store::Tx& tx, const rights::Client& now_there) -> base::Result<ClientInformation> {
        rights::Client after = std::get<rights::Client>(prepared);
        std::string secret = give_secret(house, after, facts.now);
        // A conflict, if somebody changed it since it was read.
        RETURN_IF_ERROR(store::update_client(tx, after, facts.now));
        RETURN_IF_ERROR(record_update(tx, now_there, after, facts));
        return ClientInformation{std::nullopt, answer_for(house, after, std::move(secret), call.token)};
      });
}

base::Result<ClientInformation> delete_registration(const House& house, const ManagementCall& call,
                                                    const RequestFacts& facts) {
  return write_managed(house, call, facts,
                       [&](store::Tx& tx, const rights::Client& client) -> base::Result<ClientInformation> {
                         RETURN_IF_ERROR(store::delete_client(tx, client, facts.now));
                         audit::Event event = make_event(audit::type::client_delete, client.tenant_id, facts,
                                                         {{"old", audit::Value::registered(print_client(client))}});
                         event.client = client.client_id;
                         RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
                         return ClientInformation{};
                       });
}

}  // namespace flow
