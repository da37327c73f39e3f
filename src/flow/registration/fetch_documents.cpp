#include "flow/registration/fetch_documents.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "audit/event.hpp"
#include "crypto/token/jwk_set.hpp"
#include "flow/client/client_assertion.hpp"
#include "flow/house/record.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

namespace json = boost::json;

constexpr base::Duration fetched_every = std::chrono::hours(1);
constexpr std::size_t longest_set = 20'000;
constexpr std::size_t most_at_once = 2;
constexpr std::size_t most_each_step = 4;
constexpr std::int64_t retry_after = 5;  // seconds
constexpr base::Duration rests_after_success = std::chrono::seconds(10);
constexpr base::Duration rests_after_failure = std::chrono::minutes(1);

RegistrationRefusal bad(std::string description) {
  return {OAuthError::invalid_client_metadata, std::move(description)};
}

bool has_fetched_keys(const rights::Client& client) {
  return client.auth == rights::ClientAuth::private_key_jwt && !client.jwks_uri.empty();
}

/// The set as it was published. Errors: those of `fetch`, invalid_input (no usable key, too long).
base::Result<std::string> fetch_keys(const FetchDocument& fetch, const std::string& url) {
  ASSIGN_OR_RETURN(std::string body, fetch(url));
  ASSIGN_OR_RETURN(const auto keys, crypto::parse_jwk_set(body));
  if (keys.empty() || body.size() > longest_set) {
    return base::fail(base::Code::invalid_input, "no usable key, or too many");
  }
  return body;
}

/// Whether the document is an array of strings in which all redirect URIs are ("MUST be included in the elements of
/// the array, or registration MUST fail", OpenID Connect Registration §5).
bool has_all(std::string_view document, const std::vector<std::string>& redirect_uris) {
  json::error_code error;
  const json::value value = json::parse(json::string_view(document.data(), document.size()), error);
  if (error || !value.is_array()) return false;
  const json::array& array = value.get_array();
  const auto is_text = [](const json::value& one) { return one.is_string(); };
  if (!std::all_of(array.begin(), array.end(), is_text)) return false;
  return std::all_of(redirect_uris.begin(), redirect_uris.end(), [&](const std::string& uri) {
    return std::any_of(array.begin(), array.end(), [&](const json::value& one) {
      return std::string_view(one.get_string().data(), one.get_string().size()) == uri;
    });
  });
}

std::string host_of(std::string_view uri) {
  std::string_view host = rights::find_origin(uri);
  host.remove_prefix(std::min(host.find("//") + 2, host.size()));
  if (host.starts_with('[')) return std::string(host.substr(0, host.find(']') + 1));
  return std::string(host.substr(0, host.find(':')));
}

base::Result<void> keep_keys(const House& house, const rights::Client& client, const std::string& keys,
                             base::Time now) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto there, store::find_client(tx, client.id));
    // It may have got other keys meanwhile, or have been deleted.
    if (!there || there->jwks_uri != client.jwks_uri || there->fetched_jwks == keys) return {};
    there->fetched_jwks = keys;
    RETURN_IF_ERROR(store::update_client(tx, *there, now));
    RequestFacts facts;
    facts.now = now;
    audit::Event event = make_event(audit::type::client_change, there->tenant_id, facts, {{"fields", "jwks"}});
    event.client = there->client_id;
    return store::append_event(tx, std::move(event));
  });
}

}  // namespace

FetchGate::Pass FetchGate::enter(const std::string& whose) {
  const std::lock_guard lock(mutex_);
  if (inside_.size() >= most_at_once || !inside_.insert(whose).second) return nullptr;
  return {this, [this, whose](void*) {
            const std::lock_guard leaving(mutex_);
            inside_.erase(whose);
          }};
}

std::optional<RegistrationRefusal> fetch_documents(const DocumentSource& documents, const std::string& whose,
                                                   rights::Client& client) {
  if (!has_fetched_keys(client) && client.sector_identifier_uri.empty()) return std::nullopt;
  const FetchGate::Pass pass = documents.gate.enter(whose);
  if (!pass) {
    return RegistrationRefusal{OAuthError::temporarily_unavailable, "documents of other clients are being fetched",
                               retry_after};
  }
  if (has_fetched_keys(client)) {
    auto keys = fetch_keys(documents.fetch, client.jwks_uri);
    if (!keys) return bad("jwks_uri gives no set with a public key of ES256, RS256 or PS256");
    client.fetched_jwks = std::move(*keys);
  }
  if (client.sector_identifier_uri.empty()) return std::nullopt;
  if (!client.sector_identifier_uri.starts_with("https://")) return bad("sector_identifier_uri is not https");
  const auto document = documents.fetch(client.sector_identifier_uri);
  if (!document || !has_all(*document, client.redirect_uris)) {
    return bad("sector_identifier_uri gives no array in which all redirect_uris are");
  }
  client.sector = host_of(client.sector_identifier_uri);
  return std::nullopt;
}

void KeyFetcher::note_wanted(base::Time now) {
  std::erase_if(resting_, [&](const auto& one) { return one.second <= now; });
  for (const base::Id& id : take_clients_with_new_keys()) {
    const bool is_known = std::find(wanted_.begin(), wanted_.end(), id) != wanted_.end();
    if (!is_known && !resting_.contains(id)) wanted_.push_back(id);
  }
}

std::optional<base::Id> KeyFetcher::take_next() {
  std::deque<base::Id>& from = wanted_.empty() ? due_ : wanted_;
  if (from.empty()) return std::nullopt;
  const base::Id id = from.front();
  from.pop_front();
  return id;
}

base::Result<bool> KeyFetcher::step(const House& house, const FetchDocument& fetch, base::Time now) {
  note_wanted(now);
  if (!all_fetched_at_ || now - *all_fetched_at_ >= fetched_every) {
    ASSIGN_OR_RETURN(const auto clients,
                     house.store.read_background([](store::Tx& tx) { return store::list_clients(tx); }));
    all_fetched_at_ = now;
    due_.clear();
    for (const rights::Client& client : clients) {
      if (client.enabled && has_fetched_keys(client)) due_.push_back(client.id);
    }
  }
  for (std::size_t done = 0; done < most_each_step; ++done) {
    const auto id = take_next();
    if (!id) return false;
    if (resting_.contains(*id)) continue;
    ASSIGN_OR_RETURN(const auto client,
                     house.store.read_background([&](store::Tx& tx) { return store::find_client(tx, *id); }));
    if (!client || !client->enabled || !has_fetched_keys(*client)) continue;
    const auto keys = fetch_keys(fetch, client->jwks_uri);
    resting_[*id] = now + (keys ? rests_after_success : rests_after_failure);
    if (keys && *keys != client->fetched_jwks) RETURN_IF_ERROR(keep_keys(house, *client, *keys, now));
  }
  return !wanted_.empty() || !due_.empty();
}

}  // namespace flow
