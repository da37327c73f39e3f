// What an administrator does in the first quarter of an hour, on the command line alone: name the house, make a group
// with a stricter policy, three colleagues and an application; then one of them logs in, and the log says who did what.
#include <doctest/doctest.h>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

}  // namespace

TEST_CASE(
    "a house, a group, three colleagues and an application are set up by commands alone, and a colleague logs in") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const auto does = [&](const std::vector<std::string>& command, const std::string& input = "") {
    const auto finished = site.run(command, input);
    INFO(command.front(), " ", command[1], ": ", finished.err);
    CHECK(finished.status == 0);
    // The first line is a sentence about what was done.
    CHECK(finished.out.find('\n') > 10);
    return finished.out;
  };
  does({"tenant", "set", "--name", "Klinika nad Rzeką", "--accent", "#0b5cad"});
  does({"group", "create", "nurses"});
  does({"policy", "set", "strict", "--preset", "nist-800-63b"});
  does({"policy", "bind", "strict", "--group", "nurses"});
  for (const std::string login : {"anna.kowalska", "jan.nowak", "ewa.zielinska"}) {
    does({"account", "create", login, "--given", "Given", "--family", "Family", "--email", login + "@clinic.example",
          "--password-stdin", "--no-must-change"},
         "Meadow-Violet-River-2026\n");
    does({"group", "add", "nurses", login});
  }
  does({"account", "context", "add", "ewa.zielinska", "administrator"});
  const std::string made = does({"client", "create", "portal", "--name", "Portal", "--redirect-uri",
                                 "https://portal.example.org/callback", "--scope", "openid", "--scope", "profile"});
  CHECK(has(made, "secret, shown this once: "));

  does({"tenant", "create", "lab", "--name", "Laboratory"});
  CHECK(site.read({"tenant", "list"}).as_array().size() == 2);

  const auto groups = site.read({"group", "list"}).as_array();
  REQUIRE(groups.size() == 1);
  CHECK(groups.front().at("members").as_int64() == 3);
  CHECK(site.read({"account", "list"}).as_array().size() == 3);
  CHECK(site.read({"client", "show", "portal"}).at("enabled").as_bool());
  door::Browser browser(server.port());
  CHECK(has(browser.get("/").body, "Klinika nad Rzeką</title>"));
  CHECK(door::App::log_in(browser, "anna.kowalska", "Meadow-Violet-River-2026").status == 200);
  CHECK(site.read({"account", "sessions", "list", "anna.kowalska"}).as_array().size() == 1);

  // A mistake is answered with what was probably meant.
  CHECK(has(site.run({"group", "add", "nurse", "jan.nowak"}).err, "did you mean nurses?"));
  const std::string log = site.run({"audit", "export"}).out;
  for (const char* event : {"tenant_change", "tenant_create", "group_create", "policy_change", "account_create",
                            "group_change", "context_change", "client_create", "\"login\""}) {
    CAPTURE(event);
    CHECK(has(log, event));
  }
  CHECK_FALSE(has(log, "Meadow-Violet"));
  CHECK(site.read({"audit", "verify"}).at("intact").as_bool());
}
