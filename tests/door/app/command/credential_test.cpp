// Keys that sign documents, by command: in software and on a token of SoftHSM.
#include <doctest/doctest.h>

#include <filesystem>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"
#include "softhsm.hpp"

namespace {

using door::has;
using door::Site;
using Words = std::vector<std::string>;

std::string member(const boost::json::value& object, const char* name) {
  return std::string(object.as_object().at(name).as_string());
}

boost::json::value read(const Site& site, Words command, const std::string& input = "") {
  command.emplace_back("--json");
  const auto finished = site.run(std::move(command), input);
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  return boost::json::parse(finished.out);
}

}  // namespace

TEST_CASE("a credential is made, shown, suspended, restored, renewed and revoked") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  site.create("anna");
  REQUIRE(site.run({"authority", "create", "--name", "Clinic"}).status == 0);
  const auto made = read(
      site, {"credential", "create", "--account", "anna", "--label", "Anna", "--issue", "--pin-stdin"}, "274831\n");
  const std::string id = member(made, "id");
  CHECK(member(made, "state") == "active");
  CHECK(member(made, "subject").find("CN=A B") != std::string::npos);
  const auto shown = read(site, {"credential", "show", id});
  CHECK(has(member(shown, "certificates"), "BEGIN CERTIFICATE"));
  CHECK_FALSE(has(boost::json::serialize(shown), "PRIVATE"));
  CHECK(has(site.run({"credential", "list", "--account", "anna"}).out, id));
  CHECK(has(site.run({"credential", "request", id, "--country", "PL"}).out, "BEGIN CERTIFICATE REQUEST"));
  CHECK(site.run({"credential", "suspend", id}).status == 0);
  CHECK(member(read(site, {"credential", "show", id}), "state") == "suspended");
  CHECK(site.run({"credential", "suspend", id}).status == 1);
  CHECK(site.run({"credential", "restore", id}).status == 0);
  CHECK(member(read(site, {"credential", "renew", id}), "sha256") != member(made, "sha256"));
  CHECK(site.run({"credential", "revoke", id, "--reason", "key_compromise"}).status == 0);
  CHECK(site.run({"credential", "revoke", id}).status == 1);
  CHECK(site.run({"credential", "delete", id}).status == 0);
  CHECK(site.run({"credential", "list", "--json"}).out == "[]\n");
}

TEST_CASE(
    "what cannot be meant is refused with a sentence: no owner, a weak PIN, an unknown word, no such credential") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  site.create("anna");
  const auto refused = [&](Words command, const std::string& input = "") {
    const auto finished = site.run(std::move(command), input);
    CHECK(finished.out.empty());
    CHECK(finished.err.starts_with("chancery"));
    return finished.status;
  };
  CHECK(refused({"credential", "create", "--label", "x", "--pin-stdin"}, "274831\n") == 1);
  CHECK(refused({"credential", "create", "--account", "anna", "--label", "x", "--pin-stdin"}, "1234\n") == 1);
  CHECK(refused({"credential", "create", "--account", "anna", "--label", "x", "--key", "rsa-1024"}) == 1);
  CHECK(refused({"credential", "create", "--account", "anna", "--label", "x", "--activation", "none"}) == 1);
  CHECK(refused({"credential", "create", "--account", "nobody", "--label", "x", "--activation", "password"}) == 1);
  CHECK(refused({"credential", "create", "--account", "anna", "--label", "x", "--token", "none", "--pin-stdin"},
                "123456\n") == 1);
  CHECK(refused({"credential", "show", "x"}) == 1);
  CHECK(refused({"credential", "keys", "none"}) == 1);
  CHECK(site.run({"credential", "create", "--account", "anna", "--label", "x", "--pin", "274831"}).status == 2);
}

TEST_CASE("a key is made on a token, gets its certificate there, and is found again by its keys") {
  const testing::SoftHsm hsm;
  hsm.add_token("HBA-anna");
  const Site site;
  site.folder.write("chancery.toml", door::config_text() + "[[token]]\nname = \"hba-anna\"\nmodule = \"" +
                                         testing::SoftHsm::module() + "\"\nlabel = \"HBA-anna\"\n");
  const door::ServerProcess server(site.config, site.log);
  site.create("anna");
  REQUIRE(site.run({"authority", "create", "--name", "Clinic"}).status == 0);
  const auto tokens = read(site, {"credential", "tokens"});
  CHECK(member(tokens.as_array().at(0), "label") == "HBA-anna");
  CHECK(member(tokens.as_array().at(0), "pin") == "fine");
  const Words create{"credential", "create", "--account",        "anna",    "--label",    "Anna, HBA", "--token",
                     "hba-anna",   "--key",  "brainpool-p256r1", "--issue", "--pin-stdin"};
  CHECK(site.run(create, "999999\n").status == 1);
  const auto made = read(site, create, "123456\n");
  CHECK(member(made, "backend") == "token");
  CHECK(member(made, "state") == "active");
  const auto keys = read(site, {"credential", "keys", "hba-anna", "--pin-stdin"}, "123456\n");
  REQUIRE(keys.as_array().size() == 1);
  CHECK(member(keys.as_array().at(0), "sha256") == member(made, "sha256"));
  CHECK(keys.as_array().at(0).as_object().at("private").as_bool());
  // The same key once more, by its card.
  CHECK(site.run({"credential", "take", "hba-anna", "--account", "anna", "--label", "again", "--pin-stdin"}, "123456\n")
            .status == 1);
  REQUIRE(site.run({"credential", "delete", member(made, "id")}).status == 0);
  const auto taken = read(
      site, {"credential", "take", "hba-anna", "--account", "anna", "--label", "again", "--pin-stdin"}, "123456\n");
  CHECK(member(taken, "sha256") == member(made, "sha256"));
}

TEST_CASE("what only a running server can keep is refused without one, and counts with one") {
  const testing::SoftHsm hsm;
  hsm.add_token("HSM");
  const Site site;
  site.folder.write("chancery.toml", door::config_text() + "[[token]]\nname = \"hsm\"\nmodule = \"" +
                                         testing::SoftHsm::module() + "\"\nlabel = \"HSM\"\n");
  const std::string pin = std::string(testing::SoftHsm::pin) + "\n";
  for (const Words& command :
       {Words{"authority", "unlock", "hsm", "--pin-stdin"}, Words{"authority", "unlock", "hsm", "--end"},
        Words{"credential", "activate", "0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55", "--pin-stdin"}}) {
    const auto refused = site.run(command, pin);
    CHECK(refused.status == 1);
    CHECK(refused.out.empty());
    CHECK(has(refused.err, "no server runs"));
  }
  const door::ServerProcess server(site.config, site.log);
  site.create("anna");
  REQUIRE(site.run({"authority", "create", "--name", "Clinic", "--token", "hsm", "--pin-stdin"}, pin).status == 0);
  const Words issue{"authority", "issue-server", "id.clinic.example"};
  CHECK(site.run(issue).status == 0);
  CHECK(site.run({"authority", "unlock", "hsm", "--end"}).status == 0);
  CHECK(has(site.run(issue).err, "waits for its PIN"));
  CHECK(site.run({"authority", "unlock", "hsm", "--pin-stdin"}, pin).status == 0);
  const auto issued = site.run(issue);
  CHECK(issued.status == 0);

  const auto is_shared = [&] { return has(site.run({"doctor", "--quick", "--json"}).out, "token.hsm.shared"); };
  CHECK_FALSE(is_shared());
  REQUIRE(
      site.run({"credential", "create", "--account", "anna", "--label", "Anna", "--token", "hsm", "--pin-stdin"}, pin)
          .status == 0);
  CHECK(is_shared());
}

TEST_CASE("the revocation of a listener's certificate says whether its key goes on") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(site.run({"authority", "create", "--name", "Clinic"}).status == 0);
  const auto issue = [&] { return member(read(site, {"authority", "issue-server", "id.clinic.example"}), "sha256"); };
  const auto said = [&](const std::string& sha256, const std::string& reason) {
    return site.run({"authority", "revoke", sha256, "--reason", reason}).out;
  };
  CHECK(has(said(issue(), "superseded"), "a new certificate for the same key"));
  CHECK(has(said(issue(), "key_compromise"), "needs a new key"));
  const auto person = read(site, {"authority", "issue", "client_system", "--name", "Z1"});
  CHECK_FALSE(has(said(member(person, "sha256"), "superseded"), "listener"));
}

TEST_CASE("a token that the authority and the time stamps share is a warning of check-config") {
  const Site site;
  const std::string pin_file = site.folder.write("pin", "123456\n");
  std::filesystem::permissions(pin_file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string token = "[[token]]\nname = \"hsm\"\nmodule = \"" + testing::SoftHsm::module() +
                            "\"\nlabel = \"HSM\"\npin_file = \"" + pin_file + "\"\n";
  site.folder.write("chancery.toml", door::config_text() + token);
  CHECK_FALSE(has(door::run_chancery({"check-config", site.config}).err, "locks it for both"));
  site.folder.write("chancery.toml",
                    door::config_text() + token + "[timestamp]\ntoken = \"hsm\"\ntoken_pin = \"123456\"\n");
  CHECK(has(door::run_chancery({"check-config", site.config}).err, "locks it for both"));
}
