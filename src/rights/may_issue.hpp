// The one function that decides before anything is issued: a session, a code, a token, later a SAML answer and a
// signature (security rule 8). It judges the proofs that were given; what cannot be evaluated is refused (rule 9). Each
// function that makes one of these takes a Clearance, and only judge_issuance makes a Clearance.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/client.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"

namespace rights {

enum class Issued : std::uint8_t {
  session,    // for the own pages, perhaps before a context is chosen
  grant,      // a code or a token, for a client
  machine,    // a token for a client that acts for itself, without a person (RFC 6749 §4.4)
  signature,  // a value by a credential: for a session, or for a program with a token of the account or the client
};

struct IssuanceFacts {
  Issued what = Issued::grant;
  const identity::Account* account = nullptr;
  const Client* client = nullptr;          // of a grant
  const Session* session = nullptr;        // with its proofs; nullptr: it has ended. A machine has none
  const ActingContext* context = nullptr;  // nullptr: none chosen, or it was taken from the account
  base::Time now;
  bool is_below_client = false;  // the tenant of the account stands below that of the client
  /// Whether the demand of second factors that is in force is met (factor_policy.hpp); what was not judged is not met.
  bool owes_no_factor = false;
  std::string_view ip{};                            // of a machine's request
  std::optional<Permission> permission{};           // that the context must give for a signature
  const identity::Account* client_owner = nullptr;  // of a grant's client that belongs to an account
  // What a grant stood on when it was made, and has lost.
  bool lost_consent = false;  // the person's, which the client needs
  bool lost_offline = false;  // the client's right to what outlives the session
};

enum class Refusal : std::uint8_t {
  account_unknown,
  account_not_active,
  account_locked,
  session_ended,
  no_proof,
  no_context,
  client_unknown,
  client_disabled,
  other_tenant,
  level_too_low,
  outside_network,  // the login was made outside of the networks of the context
  factor_missing,   // a second factor is demanded and was not given
  not_permitted,    // the context does not allow it
  consent_missing,
  scope_not_registered,  // the grant outlives its session by a scope that the client has not any more
};
std::string_view name_of(Refusal refusal);

/// The approval of judge_issuance for one session. It is valid in the transaction in which its facts were read.
class Clearance {
 public:
  [[nodiscard]] const base::Id& account_id() const { return account_id_; }
  [[nodiscard]] const base::Id& session_id() const { return session_id_; }
  [[nodiscard]] Issued what() const { return what_; }

 private:
  friend std::variant<Clearance, Refusal> judge_issuance(const IssuanceFacts& facts);
  Clearance() = default;
  base::Id account_id_;
  base::Id session_id_;
  Issued what_ = Issued::session;
};

std::variant<Clearance, Refusal> judge_issuance(const IssuanceFacts& facts);
/// The reason against issuing; nullopt = it may be issued.
std::optional<Refusal> find_refusal(const IssuanceFacts& facts);
inline bool may_issue(const IssuanceFacts& facts) {
  return !find_refusal(facts);
}

}  // namespace rights
