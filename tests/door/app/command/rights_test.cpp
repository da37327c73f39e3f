// What is granted can be taken back by command: contexts of accounts, clients and their secrets, signing keys. Each
// change is recorded with what was before and after, and works with and without a running server.
#include <doctest/doctest.h>

#include <optional>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

/// An installation that has been started once, with an account.
struct Clinic : Site {
  Clinic() {
    const door::ServerProcess first(config, log);
    create("anna");
  }
};

/// The newest event of the type.
boost::json::object newest(const Site& site, const std::string& type) {
  const auto exported = site.run({"audit", "export"});
  INFO(exported.err);
  REQUIRE(exported.status == 0);
  std::istringstream lines(exported.out);
  std::string line;
  boost::json::object last;
  while (std::getline(lines, line)) {
    auto event = boost::json::parse(line).as_object();
    if (event.at("type").as_string() == type) last = std::move(event);
  }
  REQUIRE_FALSE(last.empty());
  return last;
}

std::string detail(const boost::json::object& event, const char* name) {
  const auto& data = event.at("data").as_object();
  return data.contains(name) ? std::string(data.at(name).as_string()) : std::string();
}

/// Runs `act` without a server, then through the socket of one that runs.
template <class F>
void both_ways(F&& act) {
  for (const bool is_running : {false, true}) {
    INFO((is_running ? "a server runs" : "no server runs"));
    const Clinic site;
    std::optional<door::ServerProcess> server;
    if (is_running) server.emplace(site.config, site.log);
    act(site);
  }
}

}  // namespace

TEST_CASE("the commands that take back have help, and a wrong use of them ends with status 2") {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"account", "context", "add"},
                                                                                     {"account", "context", "remove"},
                                                                                     {"account", "context", "list"},
                                                                                     {"client", "show"},
                                                                                     {"client", "set"},
                                                                                     {"client", "enable"},
                                                                                     {"client", "disable"},
                                                                                     {"client", "delete"},
                                                                                     {"client", "rotate-secret"},
                                                                                     {"client", "end-secret"},
                                                                                     {"client", "snippet"},
                                                                                     {"key", "list"},
                                                                                     {"key", "rotate"},
                                                                                     {"key", "revoke"}}) {
    INFO(words.front(), " ", words.back());
    auto asked = words;
    asked.emplace_back("--help");
    CHECK(door::run_chancery(asked).status == 0);
    asked.back() = "--no-such-option";
    CHECK(door::run_chancery(asked).status == 2);
  }
  CHECK(door::run_chancery({"account", "context", "add", "anna"}).status == 2);
  CHECK(door::run_chancery({"client", "rotate-secret", "portal", "--secret", "x"}).status == 2);
  CHECK(door::run_chancery({"client", "rotate-secret", "portal", "--old-hours", "-1"}).status == 2);
}

TEST_CASE("a context is given and taken back by command") {
  both_ways([](const Site& site) {
    const auto added = site.run({"account", "context", "add", "anna", "administrator"});
    CHECK(added.status == 0);
    CHECK(added.out == "account anna has the context administrator now\n");
    CHECK(site.run({"account", "context", "add", "anna", "administrator"}).out ==
          "account anna has the context administrator already\n");
    CHECK(detail(newest(site, "context_change"), "old") == "user");
    CHECK(detail(newest(site, "context_change"), "new") == "administrator user");
    CHECK(site.read({"account", "context", "list", "anna"}).as_array().size() == 2);
    CHECK(site.run({"account", "context", "remove", "anna", "administrator"}).out ==
          "account anna is without the context administrator now\n");
    CHECK(site.run({"account", "context", "list", "anna"}).out.starts_with("key\trole\tfrom\tuntil\nuser\tuser\t"));
    CHECK(detail(newest(site, "context_change"), "new") == "user");
  });
}

TEST_CASE("what cannot be given or taken is refused with a sentence") {
  const Clinic site;
  const auto no_context = site.run({"account", "context", "add", "anna", "emperor"});
  CHECK(no_context.status == 1);
  CHECK(no_context.err == "chancery: there is no context emperor\n");
  CHECK(site.run({"account", "context", "remove", "nobody", "user"}).status == 1);
  REQUIRE(site.run({"account", "context", "add", "anna", "super_administrator"}).status == 0);
  const auto last = site.run({"account", "context", "remove", "anna", "super_administrator"});
  CHECK(last.status == 1);
  CHECK(last.err == "chancery: the last super administrator stays\n");
}

TEST_CASE("the record of a super administrator that is made says so") {
  const Clinic site;
  REQUIRE(site.run({"account", "create", "ada", "--email", "ada@clinic.example", "--context", "super_administrator",
                    "--no-password"})
              .status == 0);
  CHECK(detail(newest(site, "account_create"), "contexts") == "super_administrator");
}

TEST_CASE("a client is shown, changed, switched off and on, and deleted by command") {
  both_ways([](const Site& site) {
    const std::string uri = "https://portal.example.org/callback";
    REQUIRE(site.run({"client", "create", "portal", "--redirect-uri", uri}).status == 0);
    CHECK(has(site.run({"client", "show", "portal"}).out, "redirect_uris: [\"" + uri + "\"]\n"));
    CHECK(has(site.run({"client", "show", "portal"}).out, "scopes: [\"openid\"]\n"));
    REQUIRE(site.run({"client", "set", "portal", "--scope", "openid", "--scope", "email"}).status == 0);
    REQUIRE(
        site.run({"client", "set", "portal", "--name-de", "Tor", "--name-pl", "Brama", "--may-write-events"}).status ==
        0);
    CHECK(detail(newest(site, "client_change"), "fields") == "name_de name_pl writes_events");
    CHECK(site.read({"client", "show", "portal"}).as_object().at("name#de").as_string() == "Tor");
    REQUIRE(site.run({"client", "set", "portal", "--name-de", "", "--may-not-write-events"}).status == 0);
    CHECK_FALSE(site.read({"client", "show", "portal"}).as_object().contains("name#de"));
    CHECK_FALSE(site.read({"client", "show", "portal"}).as_object().at("writes_events").as_bool());
    CHECK(has(site.run({"client", "set", "portal", "--account", "nobody"}).err, "no account nobody"));
    CHECK(site.run({"client", "set", "portal", "--name", "Gate", "--scope", "openid", "--launch-uri",
                    "https://portal.example.org/"})
              .out == "client portal was changed\n");
    auto shown = site.read({"client", "show", "portal"}).as_object();
    CHECK(shown.at("name").as_string() == "Gate");
    CHECK(shown.at("scopes").as_array().size() == 1);
    CHECK(shown.at("redirect_uris").as_array().size() == 1);
    CHECK(site.run({"client", "set", "portal", "--launch-uri", ""}).status == 0);
    CHECK(site.read({"client", "show", "portal"}).as_object().at("launch_uri").as_string().empty());
    CHECK(detail(newest(site, "client_change"), "old") == "launch_uri=https://portal.example.org/");
    CHECK(site.run({"client", "set", "portal", "--name", "Gate"}).out == "client portal is so already\n");
    const auto bad = site.run({"client", "set", "portal", "--redirect-uri", "http://elsewhere.example/"});
    CHECK(bad.status == 1);
    CHECK(has(bad.err, "http to another host"));

    CHECK(site.run({"client", "disable", "portal"}).status == 0);
    CHECK(has(site.run({"client", "list"}).out, "portal\tconfidential\tdisabled\tGate"));
    CHECK(detail(newest(site, "client_change"), "new") == "enabled=no");
    CHECK(site.run({"client", "enable", "portal"}).status == 0);
    CHECK(site.read({"client", "show", "portal"}).as_object().at("enabled").as_bool());

    CHECK(site.run({"client", "delete", "portal"}).out == "client portal was deleted\n");
    CHECK(site.run({"client", "list", "--no-header"}).out.empty());
    const auto gone = site.run({"client", "show", "portal"});
    CHECK(gone.status == 1);
    CHECK(gone.err == "chancery: there is no client portal\n");
    CHECK(has(detail(newest(site, "client_delete"), "old"), "name=Gate; "));
    CHECK(site.run({"client", "create", "portal", "--redirect-uri", uri, "--if-missing"}).status == 0);
    CHECK(has(site.run({"client", "list"}).out, "portal\tconfidential\tenabled\tportal"));
  });
}

TEST_CASE("a client's secret is given anew; it is shown once, or read from standard input and never shown") {
  const Clinic site;
  REQUIRE(site.run({"client", "create", "portal", "--redirect-uri", "https://portal.example.org/callback"}).status ==
          0);
  const auto made = site.run({"client", "rotate-secret", "portal"});
  CHECK(made.status == 0);
  CHECK(has(made.out, "the old one may be used for 24 more hours\nsecret, shown this once: "));
  auto secrets = site.read({"client", "show", "portal"}).as_object().at("secrets").as_array();
  REQUIRE(secrets.size() == 2);
  CHECK(secrets[0].is_null());
  CHECK(secrets[1].is_string());
  const auto given =
      site.run({"client", "rotate-secret", "portal", "--secret-stdin", "--old-hours", "0"}, "Meadow-Violet-2026\n");
  CHECK(given.out == "client portal has a new secret; the old one may be used no longer\n");
  CHECK(site.read({"client", "show", "portal"}).as_object().at("secrets").as_array().size() == 1);
  const auto event = newest(site, "client_change");
  CHECK(detail(event, "fields") == "secret");
  CHECK_FALSE(has(boost::json::serialize(event), "Meadow-Violet-2026"));
  CHECK(site.run({"client", "rotate-secret", "nobody"}).status == 1);
  CHECK(site.run({"client", "end-secret", "portal"}).err == "chancery: there is no older secret\n");
  REQUIRE(site.run({"client", "rotate-secret", "portal"}).status == 0);
  CHECK(site.run({"client", "end-secret", "portal"}).out == "client portal has one secret\n");
  CHECK(site.read({"client", "show", "portal"}).as_object().at("secrets").as_array().size() == 1);
}

TEST_CASE("a client is made from what it is, and what its developer copies is printed without a secret") {
  const Clinic site;
  const std::string uri = "https://portal.example.org/callback";
  REQUIRE(site.run({"client", "create", "app", "--kind", "native", "--redirect-uri", "org.example.app:/back"}).status ==
          0);
  CHECK(site.read({"client", "show", "app"}).as_object().at("public").as_bool());
  REQUIRE(site.run({"client", "create", "nightly", "--kind", "machine"}).status == 0);
  const auto machine = site.read({"client", "show", "nightly"}).as_object();
  CHECK(machine.at("grants").as_array().at(0).as_string() == "client_credentials");
  CHECK(machine.at("last_used").is_null());
  CHECK(machine.at("weaknesses").as_array().empty());
  REQUIRE(site.run({"client", "create", "portal", "--kind", "web", "--redirect-uri", uri}).status == 0);
  const auto node = site.run({"client", "snippet", "portal", "node"});
  CHECK(has(node.out, "const redirectUri = '" + uri + "';"));
  CHECK(has(node.out, "process.env.CLIENT_SECRET"));
  CHECK(site.read({"client", "snippet", "portal"}).as_object().size() == 9);
  // Without a name a person reads all of them as they are copied, with their ends of lines.
  const std::string all = site.run({"client", "snippet", "portal"}).out;
  CHECK(all.find(node.out) != std::string::npos);
  CHECK(all.find("\n--- apache --- Apache") != std::string::npos);
  const auto cobol = site.run({"client", "snippet", "portal", "cobol"});
  CHECK(cobol.status == 1);
  CHECK(cobol.err.find("it has node, python, spring, php, dotnet, apache") != std::string::npos);
  CHECK(site.run({"client", "snippet", "nobody"}).status == 1);
  CHECK(site.run({"client", "create", "x", "--kind", "robot", "--redirect-uri", uri}).err ==
        "chancery: no such kind of client: robot; there are web, spa, native, machine, resource\n");
  CHECK(site.run({"client", "create", "x", "--kind", "web", "--public", "--redirect-uri", uri}).status == 2);
}

TEST_CASE("signing keys are listed and revoked by command; the next one signs only after every node publishes it") {
  both_ways([](const Site& site) {
    const auto state_of = [&](const std::string& kid) {
      const auto keys = site.read({"key", "list"});
      for (const auto& key : keys.as_array()) {
        if (key.as_object().at("kid").as_string() == kid) return std::string(key.as_object().at("state").as_string());
      }
      return std::string();
    };
    const auto keys = site.read({"key", "list"});
    REQUIRE(keys.as_array().size() >= 2);
    const std::string first(keys.as_array()[0].as_object().at("kid").as_string());
    CHECK(state_of(first) == "active");
    const auto early = site.run({"key", "rotate"});
    CHECK(early.status == 1);
    CHECK(early.err == "chancery: the next key is not published by every node yet; try again in two minutes\n");
    CHECK(state_of(first) == "active");
    CHECK(site.run({"key", "revoke", "--kid=" + first}).status == 0);
    CHECK(state_of(first) == "revoked");
    CHECK(detail(newest(site, "key_change"), "old") == "pending");
    CHECK(detail(newest(site, "key_change"), "new") == "active");
    CHECK(has(site.run({"key", "revoke", "--kid=" + first}).out, "was revoked already"));
    CHECK(site.run({"key", "rotate", "HS256"}).status == 1);
    const auto unknown = site.run({"key", "revoke", "nothing"});
    CHECK(unknown.status == 1);
    CHECK(unknown.err == "chancery: there is no key nothing\n");
  });
}
