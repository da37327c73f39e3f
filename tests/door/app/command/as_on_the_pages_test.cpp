// What the pages of administrators do and commands do as well: an account in a tenant below, its certificate, a group's
// new name.
#include <doctest/doctest.h>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "door/raw_client.hpp"
#include "flow/certificate_pem.hpp"

namespace {

using door::has;
using door::Site;

}  // namespace

TEST_CASE("an account is made in the tenant that is named, and keeps it from being deleted") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  REQUIRE(site.run({"tenant", "create", "lab", "--name", "Laboratory"}).status == 0);
  const auto create = [&](const std::string& tenant) {
    return site.run(
        {"account", "create", "ola.chief", "--given", "Ola", "--family", "Chief", "--email", "ola@lab.example",
         "--tenant", tenant, "--context", "administrator", "--epuap-profile", "ola-profile", "--password-stdin"},
        "Meadow-Violet-2026\n");
  };
  const auto unknown = create("labb");
  CHECK(unknown.status == 1);
  CHECK(has(unknown.err, "labb"));
  const auto made = create("lab");
  CHECK_MESSAGE(made.status == 0, made.err);
  CHECK(has(site.run({"account", "show", "ola.chief", "--json"}).out, "ola-profile"));
  const auto refused = site.run({"tenant", "delete", "lab"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "account ola.chief"));
  CHECK(site.run({"account", "delete", "ola.chief"}).status == 0);
  CHECK(site.run({"tenant", "delete", "lab"}).status == 0);
}

TEST_CASE("a certificate is given to an account and taken from it by command") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  site.create("jan");
  const std::string file = site.folder.write("anna.pem", certificate_pem);
  const auto added = site.run({"account", "certificate", "add", "anna", file});
  CHECK_MESSAGE(added.status == 0, added.err);
  const auto shown = site.read({"account", "show", "anna"}).as_object();
  std::string fingerprint;
  for (const auto& one : shown.at("identifiers").as_array()) {
    if (one.at("type").as_string() == "certificate") fingerprint = one.at("value").as_string().c_str();
  }
  REQUIRE(fingerprint.size() == 64);
  // It is another account's already, it is none, and it is not there.
  CHECK(site.run({"account", "certificate", "add", "jan", file}).status == 1);
  const auto none = site.run({"account", "certificate", "add", "jan", site.folder.write("none.pem", "hello")});
  CHECK(none.status == 1);
  CHECK_FALSE(has(none.err, "own.flaw"));
  CHECK(site.run({"account", "certificate", "remove", "jan", fingerprint}).status == 1);
  CHECK(site.run({"account", "certificate", "remove", "anna", fingerprint}).status == 0);
  CHECK(site.run({"account", "certificate", "remove", "anna", fingerprint}).status == 1);
}

TEST_CASE("a group is renamed and keeps its members") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  REQUIRE(site.run({"group", "create", "nurses"}).status == 0);
  REQUIRE(site.run({"group", "create", "porters"}).status == 0);
  REQUIRE(site.run({"group", "add", "nurses", "anna"}).status == 0);
  CHECK(site.run({"group", "rename", "nurses", "porters"}).status == 1);
  CHECK(has(site.run({"group", "rename", "nursse", "carers"}).err, "nurses"));
  CHECK(site.read({"group", "rename", "nurses", "carers"}).at("changed").as_bool());
  CHECK_FALSE(site.read({"group", "rename", "carers", "carers"}).at("changed").as_bool());
  CHECK(has(site.run({"group", "show", "carers"}).out, "anna"));
  CHECK(site.run({"group", "show", "nurses"}).status == 1);
}
