// The actor adds an authenticator app: a secret is shown as a QR code and as text, and counts only after the app has
// given one right code (RFC 6238; the form of the address: Google's "Key URI Format", which every app reads).
//
// A login that owes a factor takes the same steps without an actor (flow/login/enrol_login): offer_totp, confirm_totp,
// add_totp.
//
//   begin_totp   fresh proof → secret, sealed in a ticket for this session and ten minutes; nothing is stored
//   finish_totp  ticket and code → the app is there; the step of the code is used up
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct TotpOffer {
  std::string secret;   // base32 in groups of four letters, for typing
  std::string address;  // "otpauth://totp/…"
  base::Secret ticket;
};
/// Needs a fresh proof. Errors: denied, conflict (the account has identity::most_totp of them).
base::Result<TotpOffer> begin_totp(const House& house, const rights::Actor& actor, const RequestFacts& facts);
/// The same offer once more, after a wrong code. Errors: expired.
base::Result<TotpOffer> show_totp_again(const House& house, const rights::Actor& actor, const base::Secret& ticket,
                                        base::Time now);
/// What confirms an offer.
struct NewApp {
  const base::Secret& ticket;
  const base::Secret& code;
  std::string_view name;  // may be ""
};
/// Errors: login_failed (not a code of the app), expired (the ticket is of another session, too old, or was used),
/// invalid_input (identity::parse_device_name), conflict (as begin_totp), denied.
base::Result<void> finish_totp(const House& house, const rights::Actor& actor, const NewApp& app,
                               const RequestFacts& facts);

/// The steps without the judgement whether the holder may take them. Errors: as above, without denied.
base::Result<TotpOffer> offer_totp(const House& house, const FactorHolder& holder, base::Time now);
base::Result<TotpOffer> offer_totp_again(const House& house, const FactorHolder& holder, const base::Secret& ticket,
                                         base::Time now);
struct ConfirmedApp {
  base::Id id;
  std::string label;
  base::Secret secret;
  std::int64_t step = 0;  // of the code
};
/// Errors: login_failed, expired, invalid_input.
base::Result<ConfirmedApp> confirm_totp(const House& house, const FactorHolder& holder, const NewApp& app,
                                        base::Time now);
/// Inside the transaction. Errors: expired (used), conflict.
base::Result<void> add_totp(const House& house, store::Tx& tx, const FactorHolder& holder, const ConfirmedApp& app,
                            const RequestFacts& facts);

}  // namespace flow
