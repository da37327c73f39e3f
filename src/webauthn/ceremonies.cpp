#include "webauthn/ceremonies.hpp"

#include "crypto/digest/digest.hpp"
#include "crypto/factor/authenticator_key.hpp"
#include "webauthn/authenticator_data.hpp"
#include "webauthn/cbor.hpp"
#include "webauthn/cose_key.hpp"

namespace webauthn {
namespace {

tl::unexpected<base::Error> bad(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<AuthenticatorData> read_data(const Expected& expected, base::BytesView octets) {
  ASSIGN_OR_RETURN(AuthenticatorData data, parse_authenticator_data(octets));
  if (data.rp_id_hash != crypto::sha256(expected.rp_id)) return bad("authenticator data: for another site");
  if (!data.is_present) return bad("authenticator data: nobody was there");
  if (expected.needs_verification && !data.is_verified) return bad("authenticator data: the person was not verified");
  return data;
}

/// An attestation statement and what it is about.
struct Statement {
  const Cbor& members;
  const AttestedCredential& credential;
  const crypto::AuthenticatorKey& key;
  base::Bytes signed_input;  // authenticator data ‖ SHA-256 of the client data
};

// §8.2. The certificates behind the first are not looked at, because there is no list of makers to trust.
base::Result<Attestation> verify_packed(const Statement& statement) {
  const Cbor* algorithm = statement.members.find("alg");
  const Cbor* signature = statement.members.find("sig");
  const Cbor* certificates = statement.members.find("x5c");
  const std::size_t members = statement.members.items.size() / 2;
  if (algorithm == nullptr || signature == nullptr || !signature->is(Cbor::Kind::octets) ||
      signature->octets.size() > longest_signature || members != (certificates == nullptr ? 2U : 3U)) {
    return bad("packed attestation: not of its form");
  }
  if (certificates == nullptr) {
    // "Validate that alg matches the algorithm of the credentialPublicKey."
    if (!algorithm->is(number_of(statement.key.algorithm()))) return bad("packed attestation: another algorithm");
    if (!statement.key.verify(statement.signed_input, signature->octets)) {
      return bad("packed attestation: a wrong signature");
    }
    return Attestation::self;
  }
  if (!certificates->is(Cbor::Kind::array) || certificates->items.empty())
    return bad("packed attestation: no certificate");
  for (const Cbor& one : certificates->items) {
    if (!one.is(Cbor::Kind::octets)) return bad("packed attestation: a certificate that is no octets");
  }
  for (const crypto::CoseAlgorithm one : crypto::all_cose_algorithms) {
    if (!algorithm->is(number_of(one))) continue;
    ASSIGN_OR_RETURN(const auto certificate,
                     crypto::read_attestation_certificate(certificates->items.front().octets, one,
                                                          statement.signed_input, signature->octets));
    if (!certificate.has_signed) return bad("packed attestation: a wrong signature");
    if (!certificate.has_right_form || certificate.is_aaguid_critical) {
      return bad("packed attestation: not a certificate for attestations");
    }
    if (certificate.aaguid && *certificate.aaguid != statement.credential.aaguid) {
      return bad("packed attestation: the certificate of another model");
    }
    return Attestation::certificate;
  }
  return bad("packed attestation: an algorithm of none of ours");
}

base::Result<Attestation> verify_attestation(const Cbor& object, const Statement& statement) {
  const Cbor* format = object.find("fmt");
  if (format == nullptr || !format->is(Cbor::Kind::text)) return bad("attestation: no format");
  if (format->octets == "packed") return verify_packed(statement);
  if (format->octets != "none") return bad("attestation: a format that was not asked for");
  // §8.7: "attStmt: an empty map".
  if (!statement.members.items.empty()) return bad("attestation: none, with something in it");
  return Attestation::none;
}

}  // namespace

base::Result<NewCredential> verify_registration(const Expected& expected, std::string_view client_data,
                                                base::BytesView attestation) {
  RETURN_IF_ERROR(check_client_data(client_data, Ceremony::registration, expected));
  if (attestation.size() > longest_attestation) return bad("attestation: too long");
  ASSIGN_OR_RETURN(const Cbor object, parse_cbor(attestation));
  const Cbor* octets = object.find("authData");
  const Cbor* members = object.find("attStmt");
  if (octets == nullptr || !octets->is(Cbor::Kind::octets) || members == nullptr || !members->is(Cbor::Kind::map) ||
      object.items.size() != 6) {
    return bad("attestation: not of its form");
  }
  ASSIGN_OR_RETURN(AuthenticatorData data, read_data(expected, octets->octets));
  if (!data.credential) return bad("attestation: without a credential");
  ASSIGN_OR_RETURN(const crypto::AuthenticatorKey key, parse_cose_key(data.credential->public_key));
  base::Bytes input(octets->octets);
  input.append(crypto::sha256(client_data));
  NewCredential made;
  ASSIGN_OR_RETURN(made.attestation, verify_attestation(object, {*members, *data.credential, key, std::move(input)}));
  made.id = std::move(data.credential->id);
  made.public_key = std::move(data.credential->public_key);
  made.aaguid = std::move(data.credential->aaguid);
  made.sign_count = data.sign_count;
  made.is_verified = data.is_verified;
  made.may_be_backed_up = data.may_be_backed_up;
  made.is_backed_up = data.is_backed_up;
  return made;
}

base::Result<Assertion> verify_assertion(const Expected& expected, base::BytesView public_key,
                                         std::string_view client_data, base::BytesView authenticator_data,
                                         base::BytesView signature) {
  RETURN_IF_ERROR(check_client_data(client_data, Ceremony::authentication, expected));
  if (signature.size() > longest_signature) return bad("assertion: a signature that is too long");
  ASSIGN_OR_RETURN(const AuthenticatorData data, read_data(expected, authenticator_data));
  if (data.credential) return bad("assertion: with a new credential");
  ASSIGN_OR_RETURN(const crypto::AuthenticatorKey key, parse_cose_key(public_key));
  base::Bytes input(authenticator_data);
  input.append(crypto::sha256(client_data));
  if (!key.verify(input, signature)) return bad("assertion: a wrong signature");
  return Assertion{data.sign_count, data.is_verified, data.may_be_backed_up, data.is_backed_up};
}

}  // namespace webauthn
