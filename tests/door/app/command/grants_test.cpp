// Every command of the program is in the table below: it grants something, takes it back, or does neither. A grant has
// an event that says what was granted, and a command that takes it back, with an event of its own.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"

namespace {

using door::has;
using door::Site;
using Words = std::vector<std::string>;

struct Step {
  Words command;
  std::string event;
  std::string told;  // what the data of the event must say
};
struct Grant {
  std::string command;
  Words before;  // a command that has to run first; empty = none
  Step grant;
  Step take_back;
};

const std::string uri = "https://portal.example.org/callback";
const std::string results = "https://results.example.org/";

std::vector<Grant> all_grants() {
  return {
      {"account create",
       {},
       {{"account", "create", "bea", "--email", "bea@clinic.example", "--context", "administrator", "--no-password"},
        "account_create",
        "administrator"},
       {{"account", "suspend", "bea"}, "account_suspend", ""}},
      {"account restore",
       {},
       {{"account", "restore", "bea"}, "account_restore", ""},
       {{"account", "suspend", "bea"}, "account_suspend", ""}},
      {"account context add",
       {},
       {{"account", "context", "add", "anna", "super_administrator"}, "context_change", "super_administrator user"},
       {{"account", "context", "remove", "anna", "super_administrator"}, "context_change", R"("new":"user")"}},
      {"account bulk",
       {},
       {{"account", "bulk", "give_context", "administrator", "--account", "anna"},
        "context_change",
        "administrator user"},
       {{"account", "bulk", "take_context", "administrator", "--account", "anna"},
        "context_change",
        R"("new":"user")"}},
      {"account set",
       {},
       {{"account", "set", "anna", "--email", "anna@clinic.example"}, "account_change", "email"},
       {{"account", "set", "anna", "--email", "", "--phone", "+48600100299"}, "account_change", "phone"}},
      {"account set-main",
       {},
       {{"account", "set-main", "anna"}, "account_change", "main"},
       {{"account", "unset-main", "anna"}, "account_change", "main"}},
      {"client create",
       {},
       {{"client", "create", "portal", "--name", "Portal", "--redirect-uri", uri}, "client_create", uri},
       {{"client", "disable", "portal"}, "client_change", "enabled=no"}},
      {"client enable",
       {},
       {{"client", "enable", "portal"}, "client_change", "enabled=yes"},
       {{"client", "disable", "portal"}, "client_change", "enabled=no"}},
      {"client set",
       {},
       {{"client", "set", "portal", "--scope", "openid", "--scope", "email"}, "client_change", "email"},
       {{"client", "set", "portal", "--scope", "openid"}, "client_change", "scopes=openid\""}},
      {"client rotate-secret",
       {},
       {{"client", "rotate-secret", "portal"}, "client_change", R"("fields":"secret")"},
       {{"client", "delete", "portal"}, "client_delete", uri}},
      {"group add",
       {"group", "create", "nurses"},
       {{"group", "add", "nurses", "anna"}, "group_change", "nurses"},
       {{"group", "remove", "nurses", "anna"}, "group_change", "nurses"}},
      {"resource item set",
       {"resource", "create", results, "--name", "Results"},
       {{"resource", "item", "set", results, "scope", "results:read", "--for", "all"},
        "resource_change",
        "results:read for all"},
       {{"resource", "item", "remove", results, "scope", "results:read"}, "resource_change", "results:read for all"}},
      {"resource set",
       {},
       {{"resource", "set", results, "--for-tenants-below"}, "resource_change", "for_tenants_below=yes"},
       {{"resource", "delete", results}, "resource_delete", results}},
      {"resource create",
       {},
       {{"resource", "create", results, "--name", "Results"}, "resource_create", results},
       {{"resource", "delete", results}, "resource_delete", results}},
      {"tenant create",
       {},
       {{"tenant", "create", "lab"}, "tenant_create", "lab"},
       {{"tenant", "delete", "lab"}, "tenant_delete", "lab"}},
      {"role create",
       {},
       {{"role", "create", "clerk", "--permission", "read_accounts"}, "role_change", "read_accounts"},
       {{"role", "set", "clerk", "--permission", "none"}, "role_change", "read_accounts"}},
      {"role set",
       {},
       {{"role", "set", "clerk", "--permission", "read_audit"}, "role_change", "read_audit"},
       {{"role", "delete", "clerk"}, "role_change", "removed"}},
      {"context create",
       {},
       {{"context", "create", "ward", "--role", "auditor"}, "context_change", "role=auditor"},
       {{"context", "delete", "ward"}, "context_change", "removed"}},
      {"policy bind",
       {"policy", "set", "mild", "--preset", "classic"},
       {{"policy", "bind", "mild", "--group", "nurses"}, "policy_change", "bound_to"},
       {{"policy", "unbind", "mild", "--group", "nurses"}, "policy_change", "unbound_from"}},
      {"tenant feature set",
       {"tenant", "feature", "set", "client_systems", "off"},
       {{"tenant", "feature", "set", "client_systems", "on"}, "tenant_change", "client_systems"},
       {{"tenant", "feature", "set", "client_systems", "off"}, "tenant_change", "client_systems"}},
      {"policy second-factor set",
       {},
       {{"policy", "second-factor", "set", "--nobody"}, "policy_change", "nobody"},
       {{"policy", "second-factor", "set", "--everybody"}, "policy_change", "everybody"}},
  };
}

// Grants whose way back is walked in rights_test.cpp, because it needs time or values of an answer.
const std::set<std::string> walked_elsewhere{
    "account certificate add",  // account certificate remove: command_test.cpp
    "key rotate",               // key revoke
    "account add-app",          // account reset-factors
    "account set-password",     // account set-password, account suspend
    "context set",              // context set: what a context lacks
    // system certificate revoke, account suspend: tests/door/connector/self_test.cpp
    "system certificate add",
    "system certificate import",
    "system set-password",
    // authority revoke, authority trust remove: tests/flow/certificate, tests/interop/authority.mjs
    // token revoke: tests/flow/registration/administer_tokens_test.cpp
    "token create",
    "authority create",
    "authority unlock",  // tests/flow/certificate/authority_token_test.cpp
    "authority rotate",
    "authority issue",
    "authority issue-server",
    "authority renew-servers",
    "authority trust add",
    // credential suspend, revoke, delete: credential_test.cpp, tests/flow/signing/credentials_test.cpp
    "credential create",
    "credential import",
    "credential take",
    "credential certify",
    "credential renew",
    "credential restore",
    "credential activate",
};
const std::set<std::string> takes_back{"account suspend",
                                       "account delete",
                                       "account context remove",
                                       "account unset-main",
                                       "account free",
                                       "account reset-factors",
                                       "account sessions end",
                                       "client disable",
                                       "client delete",
                                       "client end-secret",
                                       "key revoke",
                                       "group remove",
                                       "token revoke",
                                       "policy unbind",
                                       "group delete",
                                       "tenant delete",
                                       "account certificate remove",
                                       "role delete",
                                       "resource delete",
                                       "resource item remove",
                                       "system certificate revoke",
                                       "context delete",
                                       "authority revoke",
                                       "authority trust remove",
                                       "credential suspend",
                                       "credential revoke",
                                       "credential delete",
                                       "message drop"};
// They read, serve, or change nothing that anybody may do.
const std::set<std::string> grants_nothing{"serve",
                                           "check-config",
                                           "doctor",
                                           "top",
                                           "check-policy",
                                           "backup",
                                           "restore",
                                           "dump",
                                           "load",
                                           "sign",
                                           "verify",
                                           "migrate",
                                           "version",
                                           "help",
                                           "completion",
                                           "message list",
                                           "message retry",
                                           "account list",
                                           "account show",
                                           "account factors",
                                           "account invite",
                                           "account reset",
                                           "account unlock",
                                           "account context list",
                                           "account sessions list",
                                           "client list",
                                           "client show",
                                           "client snippet",
                                           "key list",
                                           "key replace-master",
                                           "audit verify",
                                           "audit export",
                                           "audit list",
                                           "mail test",
                                           "sms test",
                                           "sms send",
                                           "sms limits show",
                                           "sms limits set",
                                           "tenant feature list",
                                           "policy list",
                                           "policy second-factor show",
                                           "policy show",
                                           "policy set",
                                           "context list",
                                           "group create",
                                           "group rename",
                                           "context show",
                                           "resource list",
                                           "resource show",
                                           "role list",
                                           "role show",
                                           "group list",
                                           "group show",
                                           "system list",
                                           "system show",
                                           "system add",
                                           "system certificate list",
                                           "system settings show",
                                           "system settings set",
                                           "system settings confirm",
                                           "authority list",
                                           "authority show",
                                           "authority certificates",
                                           "authority crl",
                                           "authority export",
                                           "authority trust list",
                                           "credential list",
                                           "credential show",
                                           "credential request",
                                           "credential tokens",
                                           "credential keys",
                                           "timestamp authority create",
                                           "timestamp authority list",
                                           "timestamp status",
                                           "timestamp make",
                                           "timestamp show",
                                           "timestamp verify",
                                           "token list",
                                           "tenant list",
                                           "tenant show",
                                           "tenant set"};

// The names of the commands below `words`, as its help lists them.
void collect(const Words& words, std::set<std::string>& found) {
  Words asked = words;
  asked.emplace_back("--help");
  std::istringstream help(door::run_chancery(asked).out);
  bool is_listed = false;
  bool is_group = false;
  for (std::string line; std::getline(help, line);) {
    if (line.ends_with(':') && !line.starts_with(' ')) {
      is_listed = line == "Commands:";
    } else if (is_listed && line.starts_with("  ") && line.size() > 2 && line[2] != ' ') {
      is_group = true;
      Words below = words;
      below.push_back(line.substr(2, line.find(' ', 2) - 2));
      collect(below, found);
    }
  }
  if (is_group) return;
  std::string name;
  for (const std::string& word : words) name += (name.empty() ? "" : " ") + word;
  found.insert(name);
}

struct Told {
  std::string type;
  std::string data;
};

std::vector<Told> events_of(const Site& site) {
  const auto exported = site.run({"audit", "export"});
  REQUIRE(exported.status == 0);
  std::vector<Told> all;
  std::istringstream lines(exported.out);
  for (std::string line; std::getline(lines, line);) {
    const auto event = boost::json::parse(line).as_object();
    all.push_back({std::string(event.at("type").as_string()),
                   event.contains("data") ? boost::json::serialize(event.at("data")) : ""});
  }
  return all;
}

void walk(const Site& site, const Step& step) {
  CAPTURE(step.event);
  CAPTURE(step.told);
  const std::size_t before = events_of(site).size();
  const auto done = site.run(step.command);
  CAPTURE(done.err);
  REQUIRE(done.status == 0);
  const auto events = events_of(site);
  bool is_told = false;
  std::string seen;
  for (std::size_t i = before; i < events.size(); ++i) {
    seen += events[i].type + " " + events[i].data + "\n";
    is_told = is_told || (events[i].type == step.event && has(events[i].data, step.told));
  }
  CAPTURE(seen);
  CHECK(is_told);
}

}  // namespace

TEST_CASE("a new command must say whether it grants something, and what takes that back") {
  std::set<std::string> known = grants_nothing;
  known.insert(takes_back.begin(), takes_back.end());
  known.insert(walked_elsewhere.begin(), walked_elsewhere.end());
  for (const Grant& grant : all_grants()) known.insert(grant.command);
  std::set<std::string> found;
  collect({}, found);
  CHECK(found.size() > 30);
  for (const std::string& command : found) {
    CAPTURE(command);
    CHECK(known.contains(command));
  }
  for (const std::string& command : known) {
    CAPTURE(command);
    CHECK(found.contains(command));
  }
}

TEST_CASE("what is granted by command is told in an event and can be taken back, which is told as well") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  REQUIRE(site.run({"account", "create", "ada", "--email", "ada@clinic.example", "--context", "super_administrator",
                    "--no-password"})
              .status == 0);
  for (const Grant& grant : all_grants()) {
    CAPTURE(grant.command);
    if (!grant.before.empty()) REQUIRE(site.run(grant.before).status == 0);
    walk(site, grant.grant);
    walk(site, grant.take_back);
  }
}
