// Who must give a second factor at a login, and which counts (S3.2, S3.4, S3.5): the rules of a policy of second
// factors, what several of them demand together, and whether a login meets it. It is judged again whenever a context is
// opened and a code or a token is issued; nothing remembers that it was met.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"
#include "base/result.hpp"
#include "rights/proofs.hpp"

namespace rights {

/// Every method that can be a second step, from the strongest to the weakest.
const std::vector<ProofMethod>& second_step_methods();

/// What a policy demands of the accounts that it is bound to.
struct FactorPolicy {
  static constexpr std::int64_t most_days = 90;  // of first_step_days and second_step_days
  static constexpr std::int64_t most_grace_days = 90;
  static constexpr std::size_t most_networks = 100;

  std::string name;
  std::int64_t version = 1;
  std::vector<ProofMethod> methods{ProofMethod::passkey, ProofMethod::totp, ProofMethod::sms, ProofMethod::recovery};
  std::vector<std::string> whole_logins{"passkey", "certificate"};  // first steps that count as two factors
  bool exempts_internal = false;                                    // logins from `internal` need none (S3.5)
  std::vector<base::IpNetwork> internal;                            // kept while the exemption is off
  std::int64_t first_step_days = 0;   // how long a device may do without the password; 0 = never
  std::int64_t second_step_days = 0;  // how long a device may do without the second factor; 0 = never
  std::int64_t grace_days = 0;        // in which an account without a factor may still log in
  /// What an account without a factor may set up during the login: totp, passkey. None: the administrator helps.
  std::vector<ProofMethod> enrol_methods{};

  friend bool operator==(const FactorPolicy&, const FactorPolicy&) = default;
};

/// Rule name → value, lists separated by spaces. Rules: name, methods, whole_logins, exempts_internal, internal,
/// first_step_days, second_step_days, grace_days, enrol_methods (may be empty).
std::map<std::string, std::string> to_map(const FactorPolicy& policy);
/// Rules that are missing keep the value of `before`. Errors: invalid_input (the names of every unknown rule and of
/// each value out of its limits, separated by spaces; a network that cannot be read as "internal").
base::Result<FactorPolicy> change_policy(FactorPolicy before, const std::map<std::string, std::string>& rules);

/// What an account owes at a login.
struct FactorDemand {
  bool is_on = false;  // a policy or the person's own switch asks for a second factor
  FactorPolicy rules;  // the strictest of each rule
};
/// The strictest of each: the methods that all of them count (none, if they have none in common: then no login is
/// possible, security rule 9), the fewest days, and an exemption only for addresses that all of them exempt.
FactorDemand combine(const std::vector<FactorPolicy>& policies);
/// The same for an account whose owner wants to be asked always: nothing is exempt any more.
FactorDemand with_own_switch(FactorDemand demand);

/// Whether no place, device or time is exempt, and nobody sets up a factor by the password, so that a password alone
/// never opens anything.
bool is_always_asked(const FactorDemand& demand);

/// What may be set up at a login that owes a factor: the methods for which the rules allow it and which count.
std::vector<ProofMethod> enrolled_at_login(const FactorDemand& demand);

/// Whether the method is one of `counted`; a security key is counted as a passkey.
bool counts_as_second(const std::vector<ProofMethod>& counted, ProofMethod method);

struct FactorSituation {
  const Proofs& proofs;
  std::string_view login_ip;       // of the session
  std::string_view request_ip;     // now
  bool is_device_trusted = false;  // the second step of an earlier login is remembered on it
};
/// Whether a login owes nothing more: nothing is demanded, its first step counts as two, a counted second step was
/// given, or the place or the device is exempt.
bool is_met(const FactorDemand& demand, const FactorSituation& situation);

}  // namespace rights
