// Challenges of passkeys: 32 random octets that a browser gets with a sealed ticket, which names the use, what it is
// bound to (a session, or a login in progress) and its end. Nothing is stored until the answer comes; then the
// challenge is noted as used, in the transaction of its effect, so that it counts once on all nodes together (security
// rule 3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "webauthn/client_data.hpp"

namespace flow {

/// What a challenge is for; a ticket of another use does not open.
namespace passkey_use {
inline constexpr std::string_view enrolment = "enrolment";  // bound to a session
inline constexpr std::string_view proof = "proof";          // bound to a session: prove it again, or a second step
inline constexpr std::string_view login = "login";          // bound to an attempt
}  // namespace passkey_use

/// Whom the authenticators know this server as: host and origin of the issuer.
struct RelyingParty {
  std::string id;            // "login.clinic.example"
  std::string origin;        // "https://login.clinic.example:8443"
  bool is_possible = false;  // no browser makes passkeys for an address of numbers, or without TLS except on localhost
};
RelyingParty find_relying_party(const House& house);

struct PasskeyChallenge {
  base::Bytes challenge;
  base::Secret ticket;
};
PasskeyChallenge make_passkey_challenge(const House& house, std::string_view use, base::BytesView bound_to,
                                        base::Time now);
/// The challenge of a ticket. Errors: expired (another use, bound to something else, older than five minutes).
base::Result<base::Bytes> open_passkey_ticket(const House& house, std::string_view use, base::BytesView bound_to,
                                              const base::Secret& ticket, base::Time now);
/// Inside the transaction of the effect: true exactly once for a challenge.
base::Result<bool> spend_passkey_challenge(store::Tx& tx, const identity::Account& account, base::BytesView challenge,
                                           base::Time now);

/// A passkey as a browser is told of it.
struct KnownPasskey {
  base::Bytes id;
  std::string transports;  // "internal hybrid"; "" = not told
};
/// What the browser is asked for (WebAuthn level 3 §5.5).
struct PasskeyRequest {
  base::Bytes challenge;
  base::Secret ticket;
  RelyingParty party;
  std::vector<KnownPasskey> allowed;  // of the account; empty: any that the person chooses
  bool needs_verification = false;
};
/// Of the account, for the session. Errors: unavailable.
base::Result<PasskeyRequest> begin_passkey_proof(const House& house, const base::Id& account_id,
                                                 const base::Id& session_id, base::Time now);
/// For a login without a name and a password: any passkey, and the device must verify the person. `bound_to`: the login
/// in progress. Reads nothing.
PasskeyRequest begin_passkey_login(const House& house, base::BytesView bound_to, base::Time now);

}  // namespace flow
