// The actor adds a passkey (WebAuthn level 3 §7.1).
//
// A login that owes a factor takes the same steps without an actor (flow/login/enrol_login): offer_passkey,
// confirm_passkey, add_passkey.
//
//   begin_passkey   fresh proof → what the browser is asked for, with a challenge that is bound to this session
//   finish_passkey  the answer → the passkey is there; the challenge is used up
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "webauthn/ceremonies.hpp"

namespace flow {

/// WebAuthn level 3 §5.4. The algorithms are crypto::all_cose_algorithms.
struct PasskeyOffer {
  base::Bytes challenge;
  base::Secret ticket;
  RelyingParty party;
  std::string party_name;    // of the installation
  base::Bytes user_handle;   // 32 random octets, the same for all passkeys of the account, and used nowhere else
  std::string user_name;     // the login
  std::string display_name;  // of the person
  std::vector<KnownPasskey> excluded;
};
/// Needs a fresh proof. Errors: denied, conflict (the account has identity::most_passkeys of them), unavailable.
base::Result<PasskeyOffer> begin_passkey(const House& house, const rights::Actor& actor, const RequestFacts& facts);
/// `answer`: JSON with ticket, user, client_data and attestation (base64url) and transports ("internal hybrid"). `name`
/// may be "". Errors: login_failed (the answer does not verify; the reason is in the error), expired (the challenge is
/// of another session, too old, or was used), already_exists (the passkey belongs to an account), invalid_input
/// (identity::parse_device_name), conflict (as begin_passkey), denied.
base::Result<void> finish_passkey(const House& house, const rights::Actor& actor, const base::Secret& answer,
                                  std::string_view name, const RequestFacts& facts);

/// The steps without the judgement whether the holder may take them. Errors: as above, without denied.
base::Result<PasskeyOffer> offer_passkey(const House& house, const FactorHolder& holder, base::Time now);
struct ConfirmedPasskey {
  webauthn::NewCredential credential;
  base::Bytes challenge;
  base::Bytes user_handle;
  std::string transports;
  std::string label;
};
/// Errors: login_failed, expired, invalid_input.
base::Result<ConfirmedPasskey> confirm_passkey(const House& house, const FactorHolder& holder,
                                               const base::Secret& answer, std::string_view name, base::Time now);
/// Inside the transaction. Errors: expired (used), already_exists, conflict.
base::Result<void> add_passkey(const House& house, store::Tx& tx, const FactorHolder& holder,
                               const ConfirmedPasskey& made, const RequestFacts& facts);

}  // namespace flow
