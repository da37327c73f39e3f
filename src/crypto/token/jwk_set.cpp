#include "crypto/token/jwk_set.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "crypto/token/strict_json.hpp"

namespace crypto {
namespace {

constexpr std::size_t most_keys = 64;

auto bad(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<base::Bytes> octets_of(const ObjectOutline& jwk, std::string_view name) {
  const std::string* const text = jwk.find_text(name);
  if (text == nullptr) return bad("the key lacks a parameter");
  return base::parse_base64url(*text);
}

/// `key_ops` (RFC 7517 §4.3), where it is given, must allow verification.
bool allows_verification(std::string_view json) {
  const boost::json::value value = boost::json::parse(boost::json::string_view(json.data(), json.size()));
  const auto* const operations = value.as_object().if_contains("key_ops");
  if (operations == nullptr) return true;
  const auto* const list = operations->if_array();
  return list != nullptr && std::find(list->begin(), list->end(), boost::json::value("verify")) != list->end();
}

base::Result<PublicKey> parse_key(const ObjectOutline& jwk) {
  const std::string* const kind = jwk.find_text("kty");
  if (kind != nullptr && *kind == "EC") {
    const std::string* const curve = jwk.find_text("crv");
    if (curve == nullptr || *curve != "P-256") return bad("the key's curve is not P-256");
    ASSIGN_OR_RETURN(const base::Bytes x, octets_of(jwk, "x"));
    ASSIGN_OR_RETURN(const base::Bytes y, octets_of(jwk, "y"));
    return PublicKey::from_point(x, y);
  }
  if (kind != nullptr && *kind == "RSA") {
    ASSIGN_OR_RETURN(const base::Bytes n, octets_of(jwk, "n"));
    ASSIGN_OR_RETURN(const base::Bytes e, octets_of(jwk, "e"));
    // RFC 8725 §3.1: a key has one algorithm. The one of RSA without `alg` is RS256.
    const std::string* const algorithm = jwk.find_text("alg");
    const bool is_pss = algorithm != nullptr && *algorithm == name_of(Algorithm::ps256);
    return PublicKey::from_modulus(n, e, is_pss ? Algorithm::ps256 : Algorithm::rs256);
  }
  return bad("the key is of a kind that is not used here");
}

}  // namespace

base::Result<Jwk> parse_jwk(std::string_view json) {
  ASSIGN_OR_RETURN(const ObjectOutline jwk, outline_object(json));
  for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
    if (jwk.has(secret)) return bad("the key has a private member");
  }
  if (const std::string* const use = jwk.find_text("use"); jwk.has("use") && (use == nullptr || *use != "sig")) {
    return bad("the key is not for signatures");
  }
  if (!allows_verification(json)) return bad("the key is not for verification");
  ASSIGN_OR_RETURN(PublicKey key, parse_key(jwk));
  if (const std::string* const algorithm = jwk.find_text("alg");
      jwk.has("alg") && (algorithm == nullptr || *algorithm != name_of(key.algorithm()))) {
    return bad("the key is for another algorithm");
  }
  const std::string* const kid = jwk.find_text("kid");
  if (jwk.has("kid") && (kid == nullptr || kid->empty() || kid->size() > 256))
    return bad("the key's kid is not a short text");
  std::string name = kid == nullptr ? key.kid() : *kid;
  return Jwk{std::move(name), std::move(key)};
}

base::Result<std::vector<Jwk>> parse_jwk_set(std::string_view json) {
  RETURN_IF_ERROR(outline_object(json));
  const boost::json::value set = boost::json::parse(boost::json::string_view(json.data(), json.size()));
  const auto* const member = set.as_object().if_contains("keys");
  const auto* const list = member == nullptr ? nullptr : member->if_array();
  if (list == nullptr || list->size() > most_keys) return bad("not a set of at most 64 keys");
  std::vector<Jwk> keys;
  for (const auto& entry : *list) {
    auto key = parse_jwk(boost::json::serialize(entry));
    if (!key) continue;
    for (const auto& other : keys) {
      if (other.kid == key->kid) return bad("two keys of the set have the same name");
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace crypto
