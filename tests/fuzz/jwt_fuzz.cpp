// Security tokens and keys from others: an id_token_hint, a JWK, a set of them. The input is a header up to the first
// line feed, then the payload, and once more the whole of it as a token and as keys. From the header and the payload a
// token is made with a valid signature of one of our keys; "KID" in the header is replaced by the name of that key. No
// token without our signature may be accepted, and with our signature only a token with a valid header and payload.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/token/jwk_set.hpp"
#include "crypto/token/jwt.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/house/read_claims.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

const std::vector<crypto::SigningKey>& keys() {
  static const std::vector<crypto::SigningKey> made = [] {
    std::vector<crypto::SigningKey> all;
    all.push_back(crypto::SigningKey::generate(crypto::Algorithm::es256).value());
    return all;
  }();
  return made;
}

std::string with_kid(std::string_view text) {
  std::string filled(text);
  if (const std::size_t at = filled.find("KID"); at != std::string::npos) filled.replace(at, 3, keys().front().kid());
  return filled;
}

std::string forge(std::string_view header, std::string_view payload) {
  const std::string input = base::to_base64url(header) + "." + base::to_base64url(payload);
  return input + "." + base::to_base64url(keys().front().sign(input).value());
}

void read_signed(const std::string& header, std::string_view payload) {
  const std::string token = forge(header, payload);
  for (const char* type : {"JWT", "at+jwt"}) {
    const auto verified = crypto::verify_jwt(keys(), type, token);
    if (!verified) {
      demand(verified.error().code == base::Code::invalid_input);
      continue;
    }
    demand(*verified == payload);
    const auto outline = crypto::outline_object(header);
    demand(outline && *outline->find_text("alg") == "ES256" && *outline->find_text("kid") == keys().front().kid());
    for (const char* refused : {"crit", "jwk", "jku", "x5u", "x5c", "b64"}) demand(!outline->has(refused));
    const auto of_payload = crypto::outline_object(payload);
    demand(of_payload.has_value());
    // Two parsers, one meaning.
    const auto claims = flow::Claims::parse(*verified);
    demand(claims.has_value());
    for (const auto& [name, member] : of_payload->members) {
      demand(claims->text(name) == (member.is_text ? member.text : std::string()));
    }
  }
  // One octet of the payload differs from what was signed.
  if (std::string other(payload); !other.empty()) {
    other.back() = static_cast<char>(other.back() ^ 1);
    const std::string signature = token.substr(token.rfind('.'));
    demand(
        !crypto::verify_jwt(keys(), "JWT", base::to_base64url(header) + "." + base::to_base64url(other) + signature));
  }
}

void read_keys(std::string_view octets) {
  if (const auto key = crypto::parse_jwk(octets)) {
    demand(!key->kid.empty());
    const auto again = crypto::parse_jwk(key->key.jwk());
    demand(again && again->key.kid() == key->key.kid());
  }
  if (const auto set = crypto::parse_jwk_set(octets)) demand(set->size() <= 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  demand(!crypto::verify_jwt(keys(), "JWT", octets));
  read_keys(octets);
  const std::size_t line = octets.find('\n');
  if (line != std::string_view::npos) read_signed(with_kid(octets.substr(0, line)), octets.substr(line + 1));
  return 0;
}
