// What validations of this node share: the policies, the guarded client that fetches lists and answers about
// revocation, and the count of anonymous validations of each network. Made once by app; flow/house refers to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flow/proof/network_gate.hpp"
#include "flow/validation/validation_settings.hpp"
#include "remote/http_client.hpp"

namespace flow {

class ValidationDesk {
 public:
  /// `client`: nullopt = nothing is fetched.
  ValidationDesk(ValidationSettings settings, std::optional<remote::HttpClient> client);

  [[nodiscard]] const ValidationSettings& settings() const { return settings_; }
  /// `name`: "" = the one of the settings. nullptr: there is none of the name.
  [[nodiscard]] const ValidationPolicy* find_policy(std::string_view name) const;
  /// nullptr: nothing is fetched.
  [[nodiscard]] const remote::HttpClient* client() const { return client_ ? &*client_ : nullptr; }
  /// Whether one more anonymous validation of the network is allowed now; it counts.
  bool take_anonymous(std::string_view ip, base::Time now);

 private:
  ValidationSettings settings_;
  std::optional<remote::HttpClient> client_;
  NetworkGate gate_;
};

}  // namespace flow
