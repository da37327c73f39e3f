// What validations of this node share: the policies, the guarded client that fetches lists and answers about
// revocation, and the count of anonymous validations of each network. Made once by app; flow/house refers to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "flow/proof/network_gate.hpp"
#include "flow/validation/validation_settings.hpp"
#include "remote/http_client.hpp"

namespace flow {

class ValidationDesk {
 public:
  /// `client`: nullopt = nothing is fetched.
  ValidationDesk(ValidationSettings settings, std::optional<remote::HttpClient> client);

  /// Its policies are those of the start; find_policy has those in force.
  [[nodiscard]] const ValidationSettings& settings() const { return settings_; }
  using Policies = std::map<std::string, ValidationPolicy, std::less<>>;
  /// `name`: "" = the one of the settings. nullptr: there is none of the name. It outlives a change of the policies, so
  /// that one validation has one policy.
  [[nodiscard]] std::shared_ptr<const ValidationPolicy> find_policy(std::string_view name) const;
  /// Others hold from now on. Errors: invalid_input (the one of the settings is not among them; those before stay).
  base::Result<void> use_policies(Policies policies);
  /// nullptr: nothing is fetched.
  [[nodiscard]] const remote::HttpClient* client() const { return client_ ? &*client_ : nullptr; }
  /// Whether one more anonymous validation of the network is allowed now; it counts.
  bool take_anonymous(std::string_view ip, base::Time now);

 private:
  ValidationSettings settings_;
  mutable std::mutex policies_mutex_;
  std::shared_ptr<const Policies> policies_;
  std::optional<remote::HttpClient> client_;
  NetworkGate gate_;
};

}  // namespace flow
