#include "flow/client/client_assertion.hpp"

#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "crypto/digest/digest.hpp"
#include "crypto/token/jwk_set.hpp"
#include "crypto/token/jwt.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/house/site_settings.hpp"
#include "store/oauth/revoked_tokens.hpp"

namespace flow {
namespace {

namespace json = boost::json;

constexpr base::Duration behind = std::chrono::seconds(10);  // that a clock may be
constexpr base::Duration ahead = std::chrono::seconds(60);
constexpr base::Duration longest_life = std::chrono::hours(1);
constexpr std::size_t longest_jti = 256;
constexpr std::size_t most_noted = 100;
constexpr std::string_view own_type = "client-authentication+jwt";  // RFC 7523bis §4

struct Parts {
  crypto::ObjectOutline header;
  crypto::ObjectOutline claims;
};

/// Reads the parts without verifying anything.
base::Result<Parts> read_parts(std::string_view assertion) {
  const auto bad = [] { return base::fail(base::Code::invalid_input, "not a JWT"); };
  if (assertion.size() > longest_assertion) return bad();
  const std::size_t first = assertion.find('.');
  const std::size_t second = first == std::string_view::npos ? first : assertion.find('.', first + 1);
  if (second == std::string_view::npos) return bad();
  Parts parts;
  ASSIGN_OR_RETURN(const base::Bytes header, base::parse_base64url(assertion.substr(0, first)));
  ASSIGN_OR_RETURN(parts.header, crypto::outline_object(header));
  ASSIGN_OR_RETURN(const base::Bytes claims, base::parse_base64url(assertion.substr(first + 1, second - first - 1)));
  ASSIGN_OR_RETURN(parts.claims, crypto::outline_object(claims));
  return parts;
}

// Keys are parsed once and kept by their text, as the store does with the client itself. Each thread has its own cache.
const std::vector<crypto::Jwk>& remember_keys(const std::string& jwks) {
  constexpr std::size_t most = 32;
  thread_local std::map<std::string, std::vector<crypto::Jwk>, std::less<>> known;
  if (const auto found = known.find(jwks); found != known.end()) return found->second;
  if (known.size() >= most) known.clear();
  auto keys = crypto::parse_jwk_set(jwks);
  return known.emplace(jwks, keys ? std::move(*keys) : std::vector<crypto::Jwk>()).first->second;
}

struct Noted {
  std::mutex mutex;
  std::set<base::Id> clients;
};
Noted& noted() {
  static Noted one;
  return one;
}

/// Whether the client may have a newer key at its jwks_uri than the ones that are known.
bool names_new_key(const std::vector<crypto::Jwk>& keys, const Parts& parts) {
  const std::string* const kid = parts.header.find_text("kid");
  for (const crypto::Jwk& key : keys) {
    if (kid == nullptr || key.kid == *kid) return false;
  }
  return true;
}

void note_new_key(const base::Id& client) {
  const std::lock_guard lock(noted().mutex);
  if (noted().clients.size() < most_noted) noted().clients.insert(client);
}

std::string_view text_of(const json::object& claims, std::string_view name) {
  const json::value* const value = claims.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

/// A time claim: a number of seconds (RFC 7519 §2, NumericDate), perhaps with a fraction.
std::optional<base::Time> time_of(const json::object& claims, std::string_view name) {
  constexpr double latest = 1e11;
  const json::value* const value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  if (!(seconds >= 0 && seconds <= latest)) return std::nullopt;
  return base::from_ms(static_cast<std::int64_t>(seconds * 1000));
}

audit::Code find_time_flaw(const json::object& claims, base::Time now) {
  const auto expires = time_of(claims, "exp");
  if (!expires) return "assertion_without_end";
  if (now >= *expires + behind) return "assertion_expired";
  // Longer ones would have to be remembered for as long.
  if (*expires > now + longest_life + ahead) return "assertion_long";
  for (const char* const name : {"iat", "nbf"}) {
    if (!claims.contains(name)) continue;
    const auto begins = time_of(claims, name);
    if (!begins || *begins > now + ahead) return "assertion_early";
  }
  return {};
}

audit::Code find_claim_flaw(const House& house, const rights::Client& client, const json::object& claims,
                            base::Time now) {
  if (text_of(claims, "iss") != client.client_id || text_of(claims, "sub") != client.client_id) {
    return "assertion_of_another";
  }
  // A list, or the address of an endpoint, could be what another server accepts as well (CVE-2025-27370, 27371).
  if (text_of(claims, "aud") != house.settings.site.issuer) return "assertion_for_another";
  const std::string_view jti = text_of(claims, "jti");
  if (jti.empty() || jti.size() > longest_jti) return "assertion_without_id";
  return find_time_flaw(claims, now);
}

}  // namespace

std::string find_asserted_client(std::string_view assertion) {
  const auto parts = read_parts(assertion);
  if (!parts) return {};
  const std::string* const subject = parts->claims.find_text("sub");
  return subject == nullptr ? std::string() : *subject;
}

base::Result<audit::Code> judge_client_assertion(const House& house, store::Tx& tx, const rights::Client& client,
                                                 std::string_view assertion, base::Time now) {
  const auto parts = read_parts(assertion);
  if (!parts) return audit::Code("assertion_unreadable");
  const auto& keys = remember_keys(client.jwks_uri.empty() ? client.jwks : client.fetched_jwks);
  const std::string* const type = parts->header.find_text("typ");
  const bool is_own_type = type != nullptr && *type == own_type;
  const auto text = crypto::verify_foreign_jwt(keys, is_own_type ? own_type : "JWT", assertion);
  if (!text) {
    if (!client.jwks_uri.empty() && names_new_key(keys, *parts)) note_new_key(client.id);
    return audit::Code("assertion_not_signed");
  }
  const json::value value = json::parse(json::string_view(text->data(), text->size()));
  const json::object& claims = value.as_object();
  if (const audit::Code flaw = find_claim_flaw(house, client, claims, now); !flaw.empty()) return flaw;
  const base::Bytes spent = crypto::sha256(std::string("client-assertion") + std::string(client.id.bytes()) +
                                           std::string(text_of(claims, "jti")));
  // Its hash is longer than the id of any token of our own, among which it stands.
  ASSIGN_OR_RETURN(const bool is_first, store::revoke_token(tx, spent, *time_of(claims, "exp") + behind + ahead));
  return is_first ? audit::Code() : audit::Code("assertion_used");
}

std::vector<base::Id> take_clients_with_new_keys() {
  const std::lock_guard lock(noted().mutex);
  std::vector<base::Id> taken(noted().clients.begin(), noted().clients.end());
  noted().clients.clear();
  return taken;
}

}  // namespace flow
