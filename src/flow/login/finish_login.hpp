// The end of a step of a login, whatever proved it (password, passkey, a remembered device, a second factor): what the
// login still owes is judged here, and only here a session is opened for it.
//
//   first step ─┬─ owes a second factor, has one ──> session without a context: only the second step is open
//               ├─ owes one, has none, and the rule lets it be set up (enrol_login) ──> session without a context
//               ├─ owes one, has none ─────────────> no session; the person is told to ask the administrator (S3.3)
//               └─ owes nothing ──> session: change of the password, or the only context, or none yet
//   second step ──────────────────> the same, in place of the session of the first one
//
// Statistics, the known device and the end of the failures come with the complete login only (S4.7, S4.18).
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/settle_proof.hpp"
#include "identity/password/password_state.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct LoginDone {
  base::Secret session_cookie{};                                // value of the session cookie
  bool owes_factor = false;                                     // the second step comes first
  bool offers_enrolment = false;                                // a day of grace: the person may set one up now
  bool code_refused = false;                                    // a limit of short messages kept the code back
  bool needs_context = false;                                   // several contexts are offered: the choice comes first
  base::Secret device_cookie{};                                 // value of the cookie of known devices; "" = as it was
  identity::MustChange must_change = identity::MustChange::no;  // otherwise only the change is possible
};

/// Reason of the one refusal that is told after a right first step (S3.3).
inline constexpr std::string_view no_factor = "no_factor";

/// What is remembered on the device after the second step (S3.2), if the policy allows it.
struct DeviceWish {
  bool first_step = false;
  bool second_step = false;
};

struct StepOfLogin {
  const Proving& proving;
  const Settled& settled;
  rights::Proofs proofs;  // of all steps so far
  identity::MustChange must_change = identity::MustChange::no;
  const rights::Session* first = nullptr;  // the session of the first step
  std::string_view replaced_cookie{};      // of a first step: the session that the browser had
  std::string_view client_id{};            // the application that asked; "" = the own pages
  std::string_view typed{};                // as the login
  DeviceWish remember{};
};
struct Finished {
  bool has_no_factor = false;  // the refusal is recorded: the transaction must commit; nothing else is set
  LoginDone done{};
};
/// In the transaction of the proof. Errors: conflict (the session of the first step has ended), unavailable.
base::Result<Finished> finish_step(const House& house, store::Tx& tx, const StepOfLogin& step,
                                   const RequestFacts& facts);
/// After the transaction. Errors: denied with the reason no_factor.
base::Result<LoginDone> tell_finished(Finished finished);

}  // namespace flow
