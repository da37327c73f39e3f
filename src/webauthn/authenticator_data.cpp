#include "webauthn/authenticator_data.hpp"

#include "webauthn/cbor.hpp"

namespace webauthn {
namespace {

constexpr std::size_t hash_size = 32;
constexpr std::size_t fixed_size = 37;
constexpr std::size_t aaguid_size = 16;

constexpr unsigned flag_present = 0x01;
constexpr unsigned flag_verified = 0x04;
constexpr unsigned flag_may_be_backed_up = 0x08;
constexpr unsigned flag_backed_up = 0x10;
constexpr unsigned flag_credential = 0x40;
constexpr unsigned flag_extensions = 0x80;

tl::unexpected<base::Error> bad(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

std::uint32_t number_of(base::BytesView octets) {
  std::uint32_t number = 0;
  for (const char octet : octets) number = number << 8 | static_cast<unsigned char>(octet);
  return number;
}

// §6.5.1. Takes its octets from the front.
base::Result<AttestedCredential> take_credential(base::BytesView& left) {
  if (left.size() < aaguid_size + 2) return bad("authenticator data: no room for a credential");
  AttestedCredential credential;
  credential.aaguid = left.substr(0, aaguid_size);
  const std::size_t size = number_of(left.substr(aaguid_size, 2));
  left.remove_prefix(aaguid_size + 2);
  if (size == 0 || size > longest_credential_id || left.size() < size) {
    return bad("authenticator data: a credential id without octets, or of too many");
  }
  credential.id = left.substr(0, size);
  left.remove_prefix(size);
  ASSIGN_OR_RETURN(const CborPrefix key, parse_cbor_prefix(left));
  credential.public_key = left.substr(0, key.size);
  left.remove_prefix(key.size);
  return credential;
}

}  // namespace

base::Result<AuthenticatorData> parse_authenticator_data(base::BytesView octets) {
  if (octets.size() < fixed_size || octets.size() > longest_authenticator_data) {
    return bad("authenticator data: too short or too long");
  }
  AuthenticatorData data;
  data.rp_id_hash = octets.substr(0, hash_size);
  const auto flags = static_cast<unsigned>(static_cast<unsigned char>(octets[hash_size]));
  data.sign_count = number_of(octets.substr(hash_size + 1, 4));
  data.is_present = (flags & flag_present) != 0;
  data.is_verified = (flags & flag_verified) != 0;
  data.may_be_backed_up = (flags & flag_may_be_backed_up) != 0;
  data.is_backed_up = (flags & flag_backed_up) != 0;
  // §7.1 step 16: "If the BE bit of the flags in authData is not set, verify that the BS bit is not set."
  if (data.is_backed_up && !data.may_be_backed_up) return bad("authenticator data: a backup of what has none");
  base::BytesView left = octets.substr(fixed_size);
  if ((flags & flag_credential) != 0) {
    ASSIGN_OR_RETURN(data.credential, take_credential(left));
  }
  if ((flags & flag_extensions) != 0) {
    ASSIGN_OR_RETURN(const CborPrefix extensions, parse_cbor_prefix(left));
    if (!extensions.value.is(Cbor::Kind::map)) return bad("authenticator data: extensions that are no map");
    left.remove_prefix(extensions.size);
  }
  if (!left.empty()) return bad("authenticator data: octets behind it");
  return data;
}

}  // namespace webauthn
