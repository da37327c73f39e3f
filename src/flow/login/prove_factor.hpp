// The second step of a login (S3.1), and one more proof in an open session when an application or a context asks for a
// stronger login (step-up).
//
//   a login that owes a factor ──> proof ──> finish_step: the session of the first step becomes that of the login
//   an open session ──> proof ──> the same session under a new id, with one proof more; the context stays
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"
#include "flow/proof/login_code.hpp"
#include "flow/session/find_visitor.hpp"
#include "rights/proofs.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// What the page of the second step shows.
struct FactorStep {
  bool is_due = false;                       // otherwise the login goes on
  std::vector<rights::ProofMethod> methods;  // that the account has and that count, from the strongest
  std::optional<SentCode> code;
  std::int64_t remember_second_days = 0;
  std::int64_t remember_first_days = 0;
};
/// `level`: what the application or the context asks for; 0 = nothing. Errors: login_failed (nobody is logged in).
base::Result<FactorStep> find_factor_step(const House& house, const Visitor& visitor, std::int64_t level,
                                          const RequestFacts& facts);

struct GivenFactor {
  rights::ProofMethod method = rights::ProofMethod::sms;
  const base::Secret& secret;
  std::string_view client_id{};  // the application that asked for the login
  DeviceWish remember{};
};
/// Errors: login_failed (one for all reasons), too_many (begin_proof), denied (acting for another person; no_factor),
/// conflict (the session has ended or was replaced meanwhile), invalid_input (no such method).
base::Result<LoginDone> prove_factor(const House& house, const Visitor& visitor, const GivenFactor& given,
                                     const RequestFacts& facts);

/// Sends a code for the second step. Errors: login_failed (nobody is logged in), denied, not_found (no address),
/// too_many (a moment ago, or a limit), conflict (as above).
base::Result<void> send_code(const House& house, const Visitor& visitor, rights::ProofMethod method,
                             const RequestFacts& facts);

/// The visitor's session and its account as they are now.
struct CurrentLogin {
  rights::Session session;
  identity::Account account;
};
/// Errors: conflict (the session has ended or was replaced meanwhile).
base::Result<CurrentLogin> find_current_login(store::Tx& tx, const Visitor& visitor, base::Time now);
/// An open session gets one proof more, in the transaction of that proof.
base::Result<LoginDone> strengthen(store::Tx& tx, const Visitor& visitor, const CurrentLogin& current,
                                   const rights::Proofs& proofs, const RequestFacts& facts);

}  // namespace flow
