// Logins that were begun at a relying application, and its sessions. In memory, limited in number, thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "demo/login_steps.hpp"
#include "demo/token_check.hpp"

namespace demo {

/// A login that was sent to the server and for which no answer has come. It is bound to the browser that began it.
struct BegunLogin {
  std::string browser;  // value of that browser's cookie
  std::string nonce;
  std::string verifier;  // PKCE, RFC 7636 §4.1
  base::Time expires;
  bool silent = false;    // prompt=none: the person did not ask for it
  std::string request{};  // the authorization request, as the page of the session shows it
};

struct LocalSession {
  Person person;
  std::string id_token;  // hint for the logout
  std::string csrf;
  base::Time expires;
  std::vector<LoginStep> steps;  // how the login worked
};

class LocalSessions {
 public:
  void begin(const std::string& state, BegunLogin login, base::Time now);
  /// Removes the login, because an answer is valid once. nullopt if it is unknown, expired or of another browser.
  std::optional<BegunLogin> take(const std::string& state, const std::string& browser, base::Time now);

  /// Gives the new session's id.
  std::string add(LocalSession session, base::Time now);
  [[nodiscard]] std::optional<LocalSession> find(const std::string& id, base::Time now) const;
  void end(const std::string& id);
  /// Ends the sessions that the order names; false if this order was carried out before (replay).
  bool carry_out(const LogoutOrder& order, base::Time now);

 private:
  static constexpr std::size_t most_ = 10'000;
  void forget_old(base::Time now);

  mutable std::mutex mutex_;
  std::map<std::string, BegunLogin> begun_;       // by state
  std::map<std::string, LocalSession> sessions_;  // by id
  std::map<std::string, base::Time> orders_;      // jti → until when it must not come again
};

/// 32 random octets, base64url: states, nonces, verifiers, ids.
std::string make_token();

}  // namespace demo
