#include "demo/seeding.hpp"

#include "demo/process.hpp"

namespace demo {

namespace {

void add(std::vector<std::string>& command, const char* option, const std::string& value) {
  if (!value.empty()) command.insert(command.end(), {option, value});
}
void add_each(std::vector<std::string>& command, const char* option, const std::vector<std::string>& values) {
  for (const auto& value : values) add(command, option, value);
}

base::Result<void> run_or_fail(const std::vector<std::string>& command, const std::string& secret) {
  ASSIGN_OR_RETURN(const Finished finished, run(command, secret.empty() ? "" : secret + "\n"));
  if (finished.status == 0) return {};
  return base::fail(base::Code::unavailable, "The demonstration's data could not be made (" + command[1] + " " +
                                                 command[2] + " " + command[3] + "): " + finished.output);
}

}  // namespace

// Anna's authenticator app, so that its codes can be made anywhere: oathtool --totp --base32 JBSWY3DPEHPK3PXP
constexpr const char* anna_app_secret = "JBSWY3DPEHPK3PXP";

const std::vector<DemoAccount>& demo_accounts() {
  static const std::vector<DemoAccount> accounts{
      {"admin",
       "Lantern-Harbour-2026",
       "Ada",
       "Minster",
       "employee",
       "admin@clinic.example",
       "",
       {"super_administrator"},
       "super administrator"},
      {"anna.kowalska",
       "Meadow-Violet-2026",
       "Anna",
       "Kowalska",
       "employee",
       "anna.kowalska@clinic.example",
       "+48600100201",
       {"user", "administrator"},
       "employee, two contexts",
       true},
      {"jan.nowak",
       "River-Copper-2026",
       "Jan",
       "Nowak",
       "recipient",
       "jan.nowak@mail.example",
       "+48600100202",
       {"user"},
       "patient"},
      {"piotr.wisniewski",
       "Forest-Amber-2026",
       "Piotr",
       "Wiśniewski",
       "employee",
       "piotr.wisniewski@clinic.example",
       "+48600100203",
       {"user"},
       "employee, code by SMS as well"},
  };
  return accounts;
}

// The client demo-machine is added together with the grant client_credentials.
std::vector<DemoClient> demo_clients(const Options& options) {
  const std::string portal = options.portal();
  const std::string laboratory = options.laboratory();
  return {
      {"demo-portal",
       "demo-portal-secret",
       "Clinic portal",
       "Klinikportal",
       "Portal kliniki",
       {portal + "/callback", "http://127.0.0.1:9191/callback"},
       {portal + "/", "http://127.0.0.1:9191/bye"},
       portal + "/backchannel-logout",
       portal + "/login",
       {"openid", "profile", "email", "phone", "address", "offline_access"},
       true},
      {"demo-lab",
       "demo-lab-secret",
       "Laboratory",
       "Labor",
       "Laboratorium",
       {laboratory + "/callback"},
       {laboratory + "/"},
       laboratory + "/backchannel-logout",
       laboratory + "/login",
       {"openid", "profile"}},
      {"demo-spa",
       "",
       "Patient app",
       "Patienten-App",
       "Aplikacja pacjenta",
       {"http://127.0.0.1:9191/callback"},
       {},
       "",
       "",
       {"openid", "profile"}},
  };
}

/// Piotr is in a group that must use the second factor. What an administrator changed later stays.
base::Result<void> seed_second_factor(const std::string& chancery, const std::string& configuration) {
  const auto command = [&](std::vector<std::string> words) {
    words.insert(words.begin(), chancery);
    words.insert(words.end(), {"--config", configuration});
    return run_or_fail(words, "");
  };
  ASSIGN_OR_RETURN(const Finished groups, run({chancery, "group", "list", "--json", "--config", configuration}, ""));
  if (groups.output.find("\"two-steps\"") != std::string::npos) return {};
  RETURN_IF_ERROR(command({"group", "create", "two-steps"}));
  RETURN_IF_ERROR(command({"group", "add", "two-steps", "piotr.wisniewski"}));
  return command(
      {"policy", "second-factor", "set", "first_step_days=30", "second_step_days=0", "--group", "two-steps"});
}

base::Result<void> seed(const std::string& chancery, const std::string& configuration, const Options& options) {
  for (const auto& account : demo_accounts()) {
    std::vector<std::string> command{chancery,           "account",     "create",       account.login,
                                     "--config",         configuration, "--if-missing", "--password-stdin",
                                     "--no-must-change", "--verified"};
    add(command, "--given-name", account.given_name);
    add(command, "--family-name", account.family_name);
    add(command, "--kind", account.kind);
    add(command, "--email", account.email);
    add(command, "--phone", account.phone);
    if (account.is_main) command.emplace_back("--as-main");
    add_each(command, "--context", account.contexts);
    RETURN_IF_ERROR(run_or_fail(command, account.password));
  }
  RETURN_IF_ERROR(run_or_fail(
      {chancery, "account", "add-app", "anna.kowalska", "--config", configuration, "--if-missing", "--secret-stdin"},
      anna_app_secret));
  for (const auto& client : demo_clients(options)) {
    std::vector<std::string> command{
        chancery,   "client",      "create",       client.client_id,
        "--config", configuration, "--if-missing", client.secret.empty() ? "--public" : "--secret-stdin"};
    add(command, "--name", client.name);
    add(command, "--name-de", client.name_de);
    add(command, "--name-pl", client.name_pl);
    add_each(command, "--redirect-uri", client.redirect_uris);
    add_each(command, "--post-logout-redirect-uri", client.post_logout_redirect_uris);
    add(command, "--backchannel-logout-uri", client.backchannel_logout_uri);
    add(command, "--launch-uri", client.launch_uri);
    add_each(command, "--scope", client.scopes);
    if (client.writes_events) command.emplace_back("--may-write-events");
    // The demonstration says who is logged in without asking userinfo.
    add(command, "--id-token-claim", "preferred_username");
    RETURN_IF_ERROR(run_or_fail(command, client.secret));
  }
  return seed_second_factor(chancery, configuration);
}

}  // namespace demo
