#include "demo/seeding.hpp"

#include <algorithm>
#include <filesystem>

#include "demo/certificates.hpp"
#include "demo/process.hpp"
#include "demo/tokens.hpp"

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
       {"openid", "profile", "results:read"}},
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
      {"demo-machine",
       "demo-machine-secret",
       "Analyser of the laboratory",
       "Analysegerät des Labors",
       "Analizator laboratorium",
       {},
       {},
       "",
       "",
       {"results:read"},
       false,
       "machine"},
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
  if (groups.output.find("\"second-factor\"") != std::string::npos) return {};
  // Its name in data that were made earlier.
  if (groups.output.find("\"two-steps\"") != std::string::npos)
    return command({"group", "rename", "two-steps", "second-factor"});
  RETURN_IF_ERROR(command({"group", "create", "second-factor"}));
  RETURN_IF_ERROR(command({"group", "add", "second-factor", "piotr.wisniewski"}));
  return command(
      {"policy", "second-factor", "set", "first_step_days=30", "second_step_days=0", "--group", "second-factor"});
}

/// The authority that makes the access certificates of client systems.
base::Result<void> seed_authority(const std::string& chancery, const std::string& configuration) {
  ASSIGN_OR_RETURN(const Finished list, run({chancery, "authority", "list", "--json", "--config", configuration}, ""));
  if (list.status != 0 || list.output.find("\"id\"") != std::string::npos) return {};
  return run_or_fail({chancery, "authority", "create", "--config", configuration}, "");
}

/// The authority that stamps times at /timestamp.
base::Result<void> seed_timestamps(const std::string& chancery, const std::string& configuration) {
  const std::vector<std::string> list_command{chancery, "timestamp", "authority",  "list",
                                              "--json", "--config",  configuration};
  ASSIGN_OR_RETURN(const Finished list, run(list_command, ""));
  if (list.status != 0 || list.output.find("\"id\"") != std::string::npos) return {};
  return run_or_fail({chancery, "timestamp", "authority", "create", "--config", configuration}, "");
}

/// The results of the laboratory, a system of its own: an access token of demo-lab says what its person may do there,
/// and as administrator Anna may do more than as ordinary user. What an administrator changed later stays.
base::Result<void> seed_results(const std::string& chancery, const std::string& configuration) {
  const std::string identifier = "urn:chancery:demo-results";
  const auto command = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {chancery, "resource"});
    words.insert(words.end(), {"--config", configuration});
    return run_or_fail(words, "");
  };
  ASSIGN_OR_RETURN(const Finished list, run({chancery, "resource", "list", "--json", "--config", configuration}, ""));
  if (list.output.find(identifier) != std::string::npos) return {};
  RETURN_IF_ERROR(command({"create", identifier, "--name", "demo-results", "--name-de", "Befunde des Labors",
                           "--name-pl", "Wyniki laboratorium"}));
  RETURN_IF_ERROR(command({"item", "set", identifier, "scope", "results:read", "--title", "Read laboratory results",
                           "--title-de", "Laborbefunde lesen", "--title-pl", "Odczyt wyników laboratoryjnych", "--for",
                           "client:demo-lab", "--for", "client:demo-machine"}));
  RETURN_IF_ERROR(command({"item", "set", identifier, "permission", "results.see_own", "--scope", "results:read",
                           "--for", "context:user"}));
  RETURN_IF_ERROR(command({"item", "set", identifier, "permission", "results.see_all", "--scope", "results:read"}));
  return command({"item", "set", identifier, "role", "laboratory-head", "--permission", "results.see_all", "--for",
                  "kind:employee", "--for", "context:administrator"});
}

/// A certificate with which Anna logs in, for browsers.
base::Result<void> seed_certificate(const std::string& chancery, const std::string& configuration,
                                    const Options& options) {
  const std::string file = options.data + "/demo-anna.p12";
  if (std::filesystem::exists(file)) return {};
  ASSIGN_OR_RETURN(const Finished issued,
                   run({chancery, "authority", "issue", "person_login", "--account", "anna.kowalska", "--name",
                        "Anna Kowalska", "--key", "rsa-2048", "--config", configuration},
                       ""));
  if (issued.status != 0) {
    return base::fail(base::Code::unavailable, "Anna's certificate could not be made: " + issued.output);
  }
  return write_pkcs12(file, issued.output, "Anna Kowalska", "demo");
}

/// Keys that sign documents: on Anna's card and the clinic's, and in software for Jan. What was changed later stays.
base::Result<void> seed_credentials(const std::string& chancery, const std::string& configuration, bool has_tokens) {
  const std::vector<std::string> command{chancery, "credential", "create", "--issue", "--config", configuration};
  ASSIGN_OR_RETURN(const Finished list, run({chancery, "credential", "list", "--json", "--config", configuration}, ""));
  if (list.output.find("\"id\"") != std::string::npos) return {};
  std::vector<std::string> of_jan = command;
  of_jan.insert(of_jan.end(), {"--account", "jan.nowak", "--label", "Jan Nowak", "--activation", "password"});
  RETURN_IF_ERROR(run_or_fail(of_jan, ""));
  if (!has_tokens) return {};
  const DemoToken& card = demo_tokens().at(0);
  std::vector<std::string> of_anna = command;
  of_anna.insert(of_anna.end(), {"--account", "anna.kowalska", "--label", "Anna Kowalska, " + card.label, "--token",
                                 card.name, "--key", "brainpool-p256r1", "--pin-stdin"});
  RETURN_IF_ERROR(run_or_fail(of_anna, card.pin));
  const DemoToken& of_house = demo_tokens().at(1);
  std::vector<std::string> seal = command;
  seal.insert(seal.end(), {"--seal", "--label", "Seal of the clinic, " + of_house.label, "--token", of_house.name,
                           "--key", "brainpool-p256r1", "--pin-stdin"});
  return run_or_fail(seal, of_house.pin);
}

base::Result<void> seed(const std::string& chancery, const std::string& configuration, const Options& options,
                        bool has_tokens) {
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
    // Who may ask for lasting access may have it.
    const bool lasts = std::find(client.scopes.begin(), client.scopes.end(), "offline_access") != client.scopes.end();
    if (lasts) add_each(command, "--grant", {"authorization_code", "refresh_token"});
    if (client.writes_events) command.emplace_back("--may-write-events");
    add(command, "--kind", client.kind);
    // The demonstration says who is logged in without asking userinfo.
    if (client.kind != "machine") add(command, "--id-token-claim", "preferred_username");
    RETURN_IF_ERROR(run_or_fail(command, client.secret));
  }
  RETURN_IF_ERROR(seed_results(chancery, configuration));
  RETURN_IF_ERROR(seed_authority(chancery, configuration));
  RETURN_IF_ERROR(seed_timestamps(chancery, configuration));
  RETURN_IF_ERROR(seed_certificate(chancery, configuration, options));
  RETURN_IF_ERROR(seed_credentials(chancery, configuration, has_tokens));
  return seed_second_factor(chancery, configuration);
}

}  // namespace demo
