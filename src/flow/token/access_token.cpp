#include "flow/token/access_token.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "crypto/key/master_key.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/site_settings.hpp"

namespace flow {
namespace {

namespace json = boost::json;

constexpr std::string_view purpose = "access-token";
constexpr std::string_view sealed_prefix = "chy_at_";
constexpr std::size_t longest_token = 8192;
constexpr std::size_t id_size = 16;
constexpr std::size_t grant_jti_size = id_size + 8;

std::optional<std::string> open_claims(const House& house, std::string_view token, base::Time now) {
  if (token.size() > longest_token) return std::nullopt;
  if (!token.starts_with(sealed_prefix)) {
    auto claims = house.keys.verify("at+jwt", token, now);
    return claims ? std::optional(std::move(*claims)) : std::nullopt;
  }
  const auto sealed = base::parse_base64url(token.substr(sealed_prefix.size()));
  if (!sealed) return std::nullopt;
  const auto plain = house.master.open(purpose, *sealed, {});
  return plain ? std::optional(std::string(plain->reveal())) : std::nullopt;
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<base::Time> time_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? std::optional(base::from_seconds(value->get_int64())) : std::nullopt;
}

std::vector<std::string> audience_of(const json::object& object) {
  const json::value* value = object.if_contains("aud");
  std::vector<std::string> all;
  if (value != nullptr && value->is_string()) all.emplace_back(value->get_string());
  if (value != nullptr && value->is_array()) {
    for (const json::value& one : value->get_array()) {
      if (one.is_string()) all.emplace_back(one.get_string());
    }
  }
  return all;
}

}  // namespace

std::optional<AccessToken> read_access_token(const House& house, std::string_view token, base::Time now) {
  const auto text = open_claims(house, token, now);
  if (!text) return std::nullopt;
  json::error_code error;
  const json::value value = json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& claims = value.get_object();
  if (text_at(claims, "iss") != house.settings.site.issuer) return std::nullopt;
  const auto issued_at = time_at(claims, "iat");
  const auto expires_at = time_at(claims, "exp");
  auto jti = base::parse_base64url(text_at(claims, "jti"));
  if (!issued_at || !expires_at || now >= *expires_at || !jti) return std::nullopt;
  AccessToken read;
  if (jti->size() == grant_jti_size) {
    const auto grant_id = base::Id::from_bytes(std::string_view(*jti).substr(0, id_size));
    if (!grant_id) return std::nullopt;
    read.grant_id = *grant_id;
  } else if (jti->size() != id_size) {
    return std::nullopt;
  }
  read.jti = std::move(*jti);
  read.client_id = text_at(claims, "client_id");
  read.subject = text_at(claims, "sub");
  read.scope = text_at(claims, "scope");
  read.audience = audience_of(claims);
  if (const json::value* context = claims.if_contains("context"); context != nullptr && context->is_object()) {
    read.context = text_at(context->get_object(), "id");
  }
  read.issued_at = *issued_at;
  read.expires_at = *expires_at;
  return read;
}

bool is_for(const AccessToken& token, std::string_view audience) {
  return std::find(token.audience.begin(), token.audience.end(), audience) != token.audience.end();
}

std::string seal_access_token(const House& house, std::string_view claims) {
  return std::string(sealed_prefix) + base::to_base64url(house.master.seal(purpose, claims, {}));
}

base::Bytes make_jti(const base::Id& grant_id) {
  return std::string(grant_id.bytes()) + base::random_bytes(grant_jti_size - id_size);
}
base::Bytes make_jti() {
  return base::random_bytes(id_size);
}

}  // namespace flow
