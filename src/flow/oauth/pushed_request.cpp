#include "flow/oauth/pushed_request.hpp"

#include "crypto/digest/digest.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/admit_client.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/pushed_requests.hpp"

namespace flow {
namespace {

constexpr base::Duration pushed_request_lasts = std::chrono::seconds(90);
constexpr std::size_t id_octets = 16;
constexpr std::size_t secret_octets = 32;
constexpr std::size_t longest_request = 8000;  // octets of the query
constexpr std::int64_t most_in_minute = 600;   // of one client from one network

struct Reference {
  base::Id id;
  base::Bytes secret_hash;
};

std::optional<Reference> parse_reference(std::string_view request_uri) {
  if (!request_uri.starts_with(pushed_prefix)) return std::nullopt;
  const auto octets = base::parse_base64url(request_uri.substr(pushed_prefix.size()));
  if (!octets || octets->size() != id_octets + secret_octets) return std::nullopt;
  const auto id = base::Id::from_bytes(std::string_view(*octets).substr(0, id_octets));
  if (!id) return std::nullopt;
  return Reference{*id, crypto::sha256(std::string_view(*octets).substr(id_octets))};
}

base::Result<bool> has_too_many(const House& house, store::Tx& tx, const rights::Client& client,
                                const RequestFacts& facts) {
  const std::string what = "push|" + client.client_id;
  ASSIGN_OR_RETURN(const std::int64_t over,
                   count_for_networks(house, tx, {what, most_in_minute, std::chrono::minutes(1)}, facts));
  return over > 0;
}

/// What the authorization endpoint would answer to the request; nullopt = it is valid.
std::optional<OAuthRefusal> find_flaw(const House& house, const rights::Client& client, const PushWish& wished) {
  if (!wished.request.request_uri.empty()) {
    // RFC 9126 §2.1: "The request_uri authorization request parameter MUST NOT be provided".
    return OAuthRefusal{OAuthError::invalid_request, "request_uri cannot be pushed"};
  }
  if (wished.request.client_id != client.client_id) {
    return OAuthRefusal{OAuthError::invalid_request, "client_id is not the client that has authenticated"};
  }
  if (wished.query.size() > longest_request)
    return OAuthRefusal{OAuthError::invalid_request, "the request is too large"};
  AuthorizationRequest request = wished.request;
  request.is_pushed = true;
  const RequestJudgement judgement = validate_request(request, &client, house.settings.site.issuer);
  if (const auto* refusal = std::get_if<OAuthRefusal>(&judgement)) return *refusal;
  if (std::holds_alternative<PageRefusal>(judgement)) {
    return OAuthRefusal{OAuthError::invalid_request, "redirect_uri is missing or not registered"};
  }
  return std::nullopt;
}

base::Result<Pushed> decide(const House& house, store::Tx& tx, const PushWish& wished, const RequestFacts& facts) {
  Pushed done;
  ASSIGN_OR_RETURN(AdmittedClient caller, admit_client(house, tx, wished.client, facts));
  done.client = std::move(caller.client);
  done.refusal = caller.refusal;
  if (done.refusal) return done;
  const rights::Client& client = *done.client;
  ASSIGN_OR_RETURN(const bool is_flood, has_too_many(house, tx, client, facts));
  if (is_flood) {
    done.refusal = OAuthRefusal{OAuthError::temporarily_unavailable, "too many requests of this client"};
    return done;
  }
  done.refusal = find_flaw(house, client, wished);
  if (done.refusal) return done;
  const base::Secret secret(base::random_bytes(secret_octets));
  store::PushedRequest pushed;
  pushed.id = base::Id::make(facts.now);
  pushed.client_id = client.id;
  pushed.secret_hash = crypto::sha256(secret.reveal());
  pushed.request = wished.query;
  pushed.created_at = facts.now;
  pushed.expires_at = facts.now + pushed_request_lasts;
  RETURN_IF_ERROR(store::insert_pushed_request(tx, pushed));
  RETURN_IF_ERROR(note_use(tx, client, facts.now));
  done.request_uri =
      std::string(pushed_prefix) + base::to_base64url(std::string(pushed.id.bytes()) + std::string(secret.reveal()));
  done.expires_in = std::chrono::duration_cast<std::chrono::seconds>(pushed_request_lasts).count();
  return done;
}

}  // namespace

base::Result<Pushed> push_request(const House& house, const PushWish& wished, const RequestFacts& facts) {
  return house.store.write([&](store::Tx& tx) { return decide(house, tx, wished, facts); });
}

bool is_pushed_uri(std::string_view request_uri) {
  return parse_reference(request_uri).has_value();
}

base::Result<std::optional<std::string>> open_pushed_request(const House& house, std::string_view client_id,
                                                             std::string_view request_uri, PushedTurn turn,
                                                             base::Time now) {
  using Opened = std::optional<std::string>;
  const auto reference = parse_reference(request_uri);
  if (!reference) return Opened();
  return house.store.read([&](store::Tx& tx) -> base::Result<Opened> {
    ASSIGN_OR_RETURN(const auto pushed, store::find_pushed_request(tx, reference->id));
    if (!pushed || !base::equal_in_constant_time(pushed->secret_hash, reference->secret_hash)) return Opened();
    if (pushed->used_at || (turn == PushedTurn::arrival && now >= pushed->expires_at)) return Opened();
    // RFC 9126 §4: "client_id … MUST" be that of the client that pushed the request.
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, client_id));
    if (!client || !client->enabled || client->id != pushed->client_id) return Opened();
    return Opened(pushed->request);
  });
}

base::Result<bool> use_pushed_request(store::Tx& tx, std::string_view request_uri, base::Time now) {
  const auto reference = parse_reference(request_uri);
  if (!reference) return false;
  return store::use_pushed_request(tx, reference->id, reference->secret_hash, now);
}

}  // namespace flow
