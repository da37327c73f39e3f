// How a credential gets its certificate: a request (PKCS#10) that another authority answers, or the own authority at
// once; and a new certificate before the present one ends.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "crypto/signing/signing_request.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/signing/credential_act.hpp"
#include "rights/actor.hpp"

namespace flow {

struct RequestWish {
  crypto::RequestSubject subject{};  // without a common name that of the owner is taken
  base::Secret token_pin{};          // of a key on a token
};
/// A request for the present key, DER. A key on a token needs manage_credentials and its PIN. Errors: denied,
/// not_found, conflict (it is revoked), invalid_input (a name), and those of the token.
base::Result<base::Bytes> request_certificate(const House& house, const rights::Actor& actor, const base::Id& id,
                                              const RequestWish& wish, const RequestFacts& facts);
/// The answer: certificates in DER, PEM or one behind the other, of which one is of the key; the others above it are
/// its chain. Errors: denied, not_found, conflict (none is of this key, or the credential is revoked), invalid_input,
/// expired, already_exists.
base::Result<store::SigningCredential> import_certificate(const House& house, const rights::Actor& actor,
                                                          const base::Id& id, base::BytesView answer,
                                                          const RequestFacts& facts);

/// A certificate by the own authority instead of the present one; manage_credentials. A software key gets a new key
/// too; the certificate before it counts until its end, so that what was signed with it stays valid. Its owner may do
/// it without that permission for a software key if the own authority has issued the present one, or as
/// demand_own_certificate says, and at most most_own_certificates times in a day, together with what was issued to
/// them otherwise. Errors: denied, not_found, conflict (no own authority; revoked), too_many (that many today), and
/// those of the token.
base::Result<store::SigningCredential> renew_credential(const House& house, const rights::Actor& actor,
                                                        const base::Id& id, const base::Secret& token_pin,
                                                        const RequestFacts& facts);

inline constexpr std::int64_t most_own_certificates = 10;  // by themselves, of one account, in a day

/// Whether the own authority certifies a key of this owner for the actor: with manage_credentials, or for the own
/// account where the organisation has the feature own_certificates on. Errors: denied (also with the reason
/// feature_off), too_many (most_own_certificates).
base::Result<void> demand_own_certificate(store::Tx& tx, const rights::Actor& actor, const FoundOwner& owner,
                                          base::Time now);
/// The same for a choice on a page, without the count, and whether there is an own authority at all.
base::Result<bool> may_certify_self(const House& house, const rights::Actor& actor);

/// Inside the caller's transaction: the own authority certifies the key of the row. Errors: conflict (there is none),
/// invalid_input (a name that may not stand in a certificate).
base::Result<void> certify_by_own_authority(const CertificateAct& act, const FoundOwner& owner,
                                            store::SigningCredential& row);
/// The certificate of a row beside its key on the token; nothing for a software key. Best effort: the row has it too.
base::Result<void> put_on_token(const House& house, const store::SigningCredential& row, const base::Secret& token_pin);

}  // namespace flow
