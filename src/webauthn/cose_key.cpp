#include "webauthn/cose_key.hpp"

namespace webauthn {
namespace {

// Labels of RFC 9052 and RFC 9053.
constexpr std::int64_t label_type = 1;
constexpr std::int64_t label_algorithm = 3;
constexpr std::int64_t label_curve = -1;
constexpr std::int64_t label_x = -2;
constexpr std::int64_t label_y = -3;
// RFC 8230 §4.
constexpr std::int64_t label_n = -1;
constexpr std::int64_t label_e = -2;

constexpr std::int64_t type_okp = 1;
constexpr std::int64_t type_ec2 = 2;
constexpr std::int64_t type_rsa = 3;
constexpr std::int64_t curve_p256 = 1;
constexpr std::int64_t curve_ed25519 = 6;

tl::unexpected<base::Error> bad(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

bool has(const Cbor& key, std::int64_t label, std::int64_t value) {
  const Cbor* found = key.find(label);
  return found != nullptr && found->is(value);
}

// "" = it is not there or is no octets.
base::BytesView octets_of(const Cbor& key, std::int64_t label) {
  const Cbor* found = key.find(label);
  return found != nullptr && found->is(Cbor::Kind::octets) ? found->octets : base::BytesView();
}

}  // namespace

base::Result<crypto::AuthenticatorKey> read_cose_key(const Cbor& key) {
  using crypto::AuthenticatorKey;
  if (!key.is(Cbor::Kind::map)) return bad("COSE key: not a map");
  const std::size_t members = key.items.size() / 2;
  if (has(key, label_algorithm, number_of(crypto::CoseAlgorithm::es256))) {
    if (members != 5 || !has(key, label_type, type_ec2) || !has(key, label_curve, curve_p256)) {
      return bad("COSE key: not a key of ES256");
    }
    return AuthenticatorKey::from_point(octets_of(key, label_x), octets_of(key, label_y));
  }
  if (has(key, label_algorithm, number_of(crypto::CoseAlgorithm::eddsa))) {
    if (members != 4 || !has(key, label_type, type_okp) || !has(key, label_curve, curve_ed25519)) {
      return bad("COSE key: not a key of EdDSA");
    }
    return AuthenticatorKey::from_ed25519(octets_of(key, label_x));
  }
  if (has(key, label_algorithm, number_of(crypto::CoseAlgorithm::rs256))) {
    if (members != 4 || !has(key, label_type, type_rsa)) return bad("COSE key: not a key of RS256");
    return AuthenticatorKey::from_modulus(octets_of(key, label_n), octets_of(key, label_e));
  }
  return bad("COSE key: an algorithm that was not offered");
}

base::Result<crypto::AuthenticatorKey> parse_cose_key(base::BytesView octets) {
  ASSIGN_OR_RETURN(const Cbor key, parse_cbor(octets));
  return read_cose_key(key);
}

}  // namespace webauthn
