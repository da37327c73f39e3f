// The SMS gateways of the configuration.
#include "app/config/sms_config.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/config/config.hpp"

namespace {

app::ConfigReading read(const std::string& text, const std::string& folder = "/etc/chancery") {
  return app::parse_config("issuer = \"https://login.clinic.example\"\n" + text, "chancery.toml", folder, {});
}

bool complains(const app::ConfigReading& reading, const std::string& where, const std::string& what) {
  for (const auto& mistake : reading.mistakes) {
    if (mistake.where == where && mistake.what.find(what) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("gateways are tried in the order of the file, that of [sms] first") {
  const auto reading = read(
      "[sms]\nurl = \"https://a.example/\"\nid = \"clinic\"\npassword = \"p\"\n"
      "[[gateway]]\nname = \"b\"\npreset = \"seven\"\npassword = \"key\"\n"
      "[[gateway]]\nname = \"c\"\npreset = \"twilio\"\nid = \"AC1\"\npassword = \"token\"\nsender = \"Clinic\"\n");
  for (const auto& mistake : reading.mistakes) FAIL_CHECK(mistake.to_text());
  const auto all = app::list_gateways(reading.config);
  REQUIRE(all.size() == 3);
  CHECK(all[0].name == "sms");
  CHECK(all[1].name == "b");
  CHECK(all[1].url == "https://gateway.seven.io/api/sms");
  CHECK(all[2].form.login == "basic");
  CHECK(all[2].sender == "Clinic");
}

TEST_CASE("what an entry says counts before its preset, wherever the preset stands in it") {
  const auto reading = read(
      "[[gateway]]\nname = \"town\"\nfields = [\"dnr={number}\", \"pw={password}\"]\nnumbers = \"zeros\"\n"
      "accepted = [\"200 text +*\"]\nurl = \"https://sms.town.example/\"\npreset = \"generic\"\n");
  for (const auto& mistake : reading.mistakes) FAIL_CHECK(mistake.to_text());
  const auto gateway = app::list_gateways(reading.config).front();
  CHECK(gateway.form.fields == std::vector<std::string>{"dnr={number}", "pw={password}"});
  CHECK(gateway.form.numbers == "zeros");
  CHECK(gateway.form.refused == courier::generic_form().refused);
}

TEST_CASE("every mistake at a gateway is said with its line") {
  CHECK(complains(read("[[gateway]]\npreset = \"seven\"\n"), "chancery.toml:2", "needs a name"));
  CHECK(complains(read("[[gateway]]\nname = \"A b\"\n"), "chancery.toml:2", "needs a name"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\n"), "chancery.toml:2", "no web address"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"nobody\"\n"), "chancery.toml:4", "must be one of"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\nsender = \"1abc\"\n"), "chancery.toml:2",
                  "sender"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\nsignature = \"seven\"\n"), "chancery.toml:2",
                  "needs signing_key"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"twilio\"\nsigning_key = \"secret-key\"\n"),
                  "chancery.toml:2", "for signature = \"seven\" only"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\nfields = [\"to={numbr}\"]\n"), "chancery.toml:2",
                  "placeholder"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\nreport_key = \"short\"\n"), "chancery.toml:2",
                  "16 characters"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"sipgate\"\nreport_key = \"0123456789abcdef\"\n"),
                  "chancery.toml:2", "report_id"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\nsendr = \"x\"\n"), "chancery.toml:5",
                  "did you mean \"gateway.sender\"?"));
  CHECK(complains(read("gateway.name = \"a\"\n"), "chancery.toml:2", "belongs into a [[gateway]]"));
  CHECK(
      complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\n[[gateway]]\nname = \"a\"\npreset = \"seven\"\n"),
                "chancery.toml", "two SMS gateways"));
  CHECK(complains(read("sms.countries = [\"48\"]\n"), "chancery.toml:2", "calling code"));
  CHECK(complains(read("[[gateway]]\nname = \"a\"\npreset = \"seven\"\npassword_file = \"missing.key\"\n"),
                  "chancery.toml:2", "cannot be read"));
}

TEST_CASE("a password may be in a file, without the line end behind it, and reports have an address of their own") {
  std::string folder = (std::filesystem::temp_directory_path() / "chancery-test-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  std::ofstream(folder + "/seven.key") << "the-key\n";
  const auto reading = read(
      "[[gateway]]\nname = \"a\"\npreset = \"seven\"\npassword_file = \"seven.key\"\nreport_key = "
      "\"0123456789abcdef\"\n",
      folder);
  std::filesystem::remove_all(folder);
  for (const auto& mistake : reading.mistakes) FAIL_CHECK(mistake.to_text());
  const auto gateway = app::list_gateways(reading.config).front();
  CHECK(gateway.password.reveal() == "the-key");
  CHECK(gateway.report_url == "https://login.clinic.example/hooks/sms/a?key=0123456789abcdef");
}
