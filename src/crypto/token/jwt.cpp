#include "crypto/token/jwt.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <type_traits>
#include <vector>

#include "base/json.hpp"
#include "crypto/token/strict_json.hpp"

namespace crypto {
namespace {

constexpr std::size_t most_token_size = std::size_t{16} * 1024;
constexpr std::size_t most_header_size = 2048;

// RFC 7515 §4.1.9: "application/" may be left out when nothing else has a slash; media types are case-insensitive.
std::string canonical_type(std::string_view type) {
  std::string out(type);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  });
  constexpr std::string_view prefix = "application/";
  if (out.starts_with(prefix) && out.find('/', prefix.size()) == std::string::npos) out.erase(0, prefix.size());
  return out;
}

bool is_type(std::string_view type) {
  return !type.empty() && type.size() <= 64 && std::all_of(type.begin(), type.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '.' || c == '-' || c == '/';
  });
}

const std::string& kid_of(const SigningKey& key) {
  return key.kid();
}
const std::string& kid_of(const Jwk& key) {
  return key.kid;
}
const SigningKey& key_of(const SigningKey& key) {
  return key;
}
const PublicKey& key_of(const Jwk& key) {
  return key.key;
}

template <class Key>
base::Result<const Key*> find_key(std::span<const Key> keys, std::string_view type, const ObjectOutline& header) {
  const auto bad = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  // Members that name a key by reference or value, or change what is signed (RFC 7515 §4.1, RFC 7797).
  for (const char* refused : {"crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc"}) {
    if (header.has(refused)) return bad("the token's header has a member that is refused");
  }
  const std::string* const algorithm = header.find_text("alg");
  const std::string* const kid = header.find_text("kid");
  if (algorithm == nullptr) return bad("the token's header has no alg");
  if (header.has("typ") || type != "JWT") {
    const std::string* const typ = header.find_text("typ");
    if (typ == nullptr || canonical_type(*typ) != canonical_type(type)) return bad("the token is of another type");
  }
  const auto is_named = [&](const Key& k) {
    return kid == nullptr ? name_of(key_of(k).algorithm()) == *algorithm : kid_of(k) == *kid;
  };
  const auto key = std::find_if(keys.begin(), keys.end(), is_named);
  if (key == keys.end()) return bad("the token's key is unknown");
  if (kid == nullptr && (std::is_same_v<Key, SigningKey> || std::count_if(keys.begin(), keys.end(), is_named) > 1)) {
    return bad("the token's header has no kid");
  }
  // RFC 8725 §3.1: "ensure that each key is used with exactly one algorithm".
  if (*algorithm != name_of(key_of(*key).algorithm())) return bad("the token's algorithm is not that of its key");
  return &*key;
}

template <class Key>
base::Result<std::string> verify_with(std::span<const Key> keys, std::string_view type, std::string_view token) {
  const auto bad = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  if (token.size() > most_token_size) return bad("the token is too long");
  if (std::count(token.begin(), token.end(), '.') != 2) return bad("a token has three parts");
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (first > most_header_size) return bad("the token's header is too long");
  ASSIGN_OR_RETURN(const base::Bytes header_text, base::parse_base64url(token.substr(0, first)));
  ASSIGN_OR_RETURN(const ObjectOutline header, outline_object(header_text));
  ASSIGN_OR_RETURN(const Key* const key, find_key(keys, type, header));
  ASSIGN_OR_RETURN(const base::Bytes signature, base::parse_base64url(token.substr(second + 1)));
  if (!key_of(*key).verify(token.substr(0, second), signature)) return bad("the token's signature is wrong");
  // Claims are parsed after the signature has been verified.
  ASSIGN_OR_RETURN(base::Bytes claims, base::parse_base64url(token.substr(first + 1, second - first - 1)));
  RETURN_IF_ERROR(outline_object(claims));
  return claims;
}

/// The first part of a token, which all tokens of a key and a type have in common. Made once in each thread.
const std::string& find_head(const SigningKey& key, std::string_view type) {
  struct Head {
    std::string kid;  // the thumbprint of the key, and so of one algorithm
    std::string type;
    std::string text;
  };
  constexpr std::size_t most = 16;
  thread_local std::vector<Head> known;
  for (const Head& head : known) {
    if (head.type == type && head.kid == key.kid()) return head.text;
  }
  if (known.size() >= most) known.clear();
  base::JsonObject header;
  header.text("alg", name_of(key.algorithm())).text("kid", key.kid()).text("typ", type);
  return known.emplace_back(Head{key.kid(), std::string(type), base::to_base64url(header.finish())}).text;
}

}  // namespace

base::Result<std::string> sign_jwt(const SigningKey& key, std::string_view type, std::string_view claims) {
  if (!is_type(type)) return base::fail(base::Code::internal, "not a token type");
  if (claims.size() < 2 || claims.front() != '{' || claims.back() != '}') {
    return base::fail(base::Code::internal, "claims are not a JSON object");
  }
  constexpr std::size_t room_for_signature = 700;  // of RSA with 4,096 bits
  const std::string& head = find_head(key, type);
  std::string token;
  token.reserve(head.size() + claims.size() * 4 / 3 + room_for_signature);
  token.append(head).append(1, '.').append(base::to_base64url(claims));
  ASSIGN_OR_RETURN(const base::Bytes signature, key.sign(token));
  token.append(1, '.').append(base::to_base64url(signature));
  return token;
}

base::Result<std::string> verify_jwt(std::span<const SigningKey> keys, std::string_view type, std::string_view token) {
  return verify_with(keys, type, token);
}

base::Result<std::string> verify_foreign_jwt(std::span<const Jwk> keys, std::string_view type, std::string_view token) {
  return verify_with(keys, type, token);
}

}  // namespace crypto
