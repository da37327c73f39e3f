// audit list: the filters of the page on the command line.
#include <doctest/doctest.h>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

}  // namespace

TEST_CASE("why a login was refused is in the list of events, without a look into the details") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  door::Browser browser(server.port());
  const door::PageForm form = browser.follow(browser.get("/login")).form("/login/password");
  (void)browser.submit(form, {{"login", "anna"}, {"password", "Meadow-Violet-2027"}});
  const std::string refused = site.run({"audit", "list", "--type", "login", "--outcome", "failure"}).out;
  CHECK(has(refused, "\treason\n"));
  CHECK(has(refused, "\twrong_password\n"));
  const auto rows = site.read({"audit", "list", "--type", "login"});
  REQUIRE(rows.as_array().size() == 1);
  CHECK(rows.at(0).at("reason").as_string() == "wrong_password");
  CHECK(has(site.run({"audit", "list", "--type", "account_create"}).out, "\t\n"));  // nothing to explain
}

TEST_CASE("the newest events are listed, also those of one source, and a wrong filter is named") {
  const Site site;
  {
    const door::ServerProcess first(site.config, site.log);
    REQUIRE(first.is_ready());
  }
  site.create("anna");
  REQUIRE(site.run({"group", "create", "doctors"}).status == 0);
  const auto all = site.run({"audit", "list"});
  CHECK(all.status == 0);
  CHECK(has(all.out, "account_create"));
  CHECK(has(all.out, "group_create"));
  const auto of_anna = site.run({"audit", "list", "--account", "anna"});
  CHECK(has(of_anna.out, "account_create"));
  CHECK_FALSE(has(of_anna.out, "group_create"));
  CHECK(site.read({"audit", "list", "--type", "group_create"}).as_array().size() == 1);
  CHECK(site.read({"audit", "list", "--source", "own", "--type", "group_create"}).as_array().size() == 1);
  CHECK(site.read({"audit", "list", "--source", "applications"}).as_array().empty());
  CHECK(site.read({"audit", "list", "--source", "portal"}).as_array().empty());
  CHECK(site.read({"audit", "list", "--most", "1"}).as_array().size() == 1);
  CHECK(has(site.run({"audit", "list", "--most", "1"}).err, "--before"));
  CHECK(site.run({"audit", "list", "--type", "no_such_kind"}).status == 1);
  CHECK(has(site.run({"audit", "list", "--from", "yesterday"}).err, "YYYY-MM-DD"));
  CHECK(has(site.run({"audit", "list", "--account", "nobody"}).err, "no account"));
  CHECK(has(site.run({"audit", "list", "--source", "portal", "--client", "other"}).err, "different applications"));
}
