// A login that owes a second factor and has none sets one up, where the rule lets it (FactorPolicy::enrol_methods;
// S3.4, docs/decisions/0067). Nothing else opens before. During the days of grace the same page is an offer.
//
//   find_enrol_step ──> begin_login_totp / begin_login_passkey ──> enrol_totp / enrol_passkey
//                                                                    │ one transaction: judge again, the factor, its
//                                                                    │ recovery codes, the end of the login
//                                                                    └─ the new factor counts as proven
//
// Invariant: judged in the transaction of the effect, so that of two logins with one password only one sets up a
// factor; the other one is asked for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/factor/enrol_passkey.hpp"
#include "flow/factor/enrol_totp.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"
#include "flow/session/find_visitor.hpp"
#include "rights/proofs.hpp"

namespace flow {

struct EnrolStep {
  bool is_open = false;                      // otherwise the login goes on, or another step of it comes first
  bool is_owed = false;                      // nothing else opens before it
  std::vector<rights::ProofMethod> methods;  // totp, passkey
  std::optional<std::int64_t> days_left;     // of grace
};
/// Errors: login_failed (nobody is logged in), denied (acting for another person).
base::Result<EnrolStep> find_enrol_step(const House& house, const Visitor& visitor, const RequestFacts& facts);

/// Errors: those of find_enrol_step; conflict (nothing can be set up now: find_enrol_step says how it goes on).
base::Result<TotpOffer> begin_login_totp(const House& house, const Visitor& visitor, const RequestFacts& facts);
/// The same offer once more, after a wrong code. Errors: expired.
base::Result<TotpOffer> show_login_totp_again(const House& house, const Visitor& visitor, const base::Secret& ticket,
                                              base::Time now);
base::Result<PasskeyOffer> begin_login_passkey(const House& house, const Visitor& visitor, const RequestFacts& facts);

struct Enrolled {
  LoginDone done{};
  std::vector<base::Secret> recovery_codes;  // shown once; none if the rules do not count them
};
/// `client_id`: the application that asked for the login. Errors: login_failed (not a code of the app; nothing is
/// counted, because whoever has the offer has the secret), expired, invalid_input (the name), conflict (as above, or
/// the session has ended or was replaced meanwhile), those of find_enrol_step.
base::Result<Enrolled> enrol_totp(const House& house, const Visitor& visitor, const NewApp& app,
                                  std::string_view client_id, const RequestFacts& facts);
struct NewPasskey {
  const base::Secret& answer;
  std::string_view name;
};
/// The same; already_exists (the passkey belongs to an account).
base::Result<Enrolled> enrol_passkey(const House& house, const Visitor& visitor, const NewPasskey& made,
                                     std::string_view client_id, const RequestFacts& facts);

}  // namespace flow
