// The whole server inside the test's process, with a free port, an in-memory database, the smallest Argon2id
// parameters, and the accounts and clients of the demonstration (README).
//
//   door::App app;
//   door::Browser browser(app.port());
//   auto page = browser.follow(browser.get("/account"));
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/wiring.hpp"
#include "door/raw_client.hpp"
#include "flow/account/create_account.hpp"
#include "flow/audit/read_audit.hpp"
#include "rights/client.hpp"

namespace app {
struct Config;
}

namespace door {

class App {
 public:
  /// `change` alters the configuration before the start. Throws if the server does not start.
  explicit App(const std::function<void(app::Config&)>& change = {});
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server->port("http"); }
  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const flow::House& house() const { return server->house(); }

  void add_account(const flow::NewAccount& account) const;
  void add_client(rights::Client client, std::string_view secret) const;
  /// Audit events, the newest first.
  [[nodiscard]] std::vector<audit::Event> events(const std::string& type = "") const;

  /// Logs in through the pages and chooses the context ("" = the account has only one). Gives the last reply.
  static Reply log_in(Browser& browser, std::string_view login, std::string_view password,
                      std::string_view context = "", std::string_view start = "/account");

  std::unique_ptr<app::Server> server;

 private:
  std::string origin_;
};

/// Changes a setting by its key in the table of settings. An unknown key changes nothing.
void set(app::Config& config, std::string_view key, const std::string& value);

/// A port that was free a moment ago.
std::uint16_t find_free_port();

/// Log in people of the demonstration, in the context that most tests need.
inline void log_in_anna(Browser& browser) {
  App::log_in(browser, "anna.kowalska", "Meadow-Violet-2026", "administrator");
}
inline void log_in_jan(Browser& browser) {
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
}

}  // namespace door
