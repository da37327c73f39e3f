// Endpoints of the server from discovery (OIDC Discovery §4) and its keys, for the relying applications. They are
// fetched when needed and kept. For an unknown key the set is fetched again, at most every few seconds.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/token/jwk_set.hpp"
#include "remote/http_client.hpp"

namespace demo {

struct Endpoints {
  std::string authorization;
  std::string token;
  std::string jwks;
  std::string end_session;
};

class Issuer {
 public:
  Issuer(std::string name, remote::HttpClient client) : name_(std::move(name)), client_(std::move(client)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const remote::HttpClient& client() const { return client_; }
  /// Errors: unavailable (no answer), invalid_input (a document of another issuer, or with endpoints elsewhere).
  base::Result<Endpoints> endpoints();
  /// The keys; fetched again if `token` names an unknown one. Errors: as endpoints().
  base::Result<std::vector<crypto::Jwk>> keys_for(const std::string& token, base::Time now);

 private:
  base::Result<void> discover();
  base::Result<void> fetch_keys();

  const std::string name_;
  const remote::HttpClient client_;
  std::mutex mutex_;
  bool known_ = false;
  Endpoints endpoints_;
  std::vector<crypto::Jwk> keys_;
  base::Time fetched_at_{};
};

}  // namespace demo
