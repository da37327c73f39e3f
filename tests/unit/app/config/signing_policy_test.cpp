#include "app/config/signing_policy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/config/config.hpp"
#include "base/bytes.hpp"

namespace {

const std::string digest(64, 'a');

app::ConfigReading read(const std::string& text) {
  return app::parse_config("issuer = \"https://login.example.org\"\n" + text, "chancery.toml", "/etc/chancery", {});
}
bool complains(const app::ConfigReading& reading, std::string_view what) {
  return std::any_of(reading.mistakes.begin(), reading.mistakes.end(),
                     [&](const app::Mistake& mistake) { return mistake.what.find(what) != std::string::npos; });
}

}  // namespace

TEST_CASE("a signature policy is a name, an id, a digest and perhaps an address") {
  const auto read =
      app::parse_signing_policy("clinic 1.2.616.1.113725.1 sha256:" + digest + " https://a.example/p.pdf");
  REQUIRE(read);
  CHECK(read->first == "clinic");
  CHECK(read->second.oid_or_uri == "1.2.616.1.113725.1");
  CHECK(read->second.digest == base::Bytes(32, '\xaa'));
  CHECK(read->second.url == "https://a.example/p.pdf");
  CHECK(app::parse_signing_policy("clinic urn:clinic:policy sha256:" + digest));
  for (const std::string& wrong :
       {std::string(), std::string("clinic 1.2.3"), "Clinic 1.2.3 sha256:" + digest, "clinic x sha256:" + digest,
        "clinic 1.2.3 sha1:" + std::string(40, 'a'), "clinic 1.2.3 sha512:" + digest, "clinic 1.2.3 " + digest,
        "clinic 1.2.3 sha256:" + digest + " file:///etc/passwd", "clinic 1.2.3 sha256:" + digest + " https://a b"}) {
    CAPTURE(wrong);
    CHECK_FALSE(app::parse_signing_policy(wrong));
  }
}

TEST_CASE("the configuration knows its signature policies, and says what is wrong with one") {
  const std::string one = "\"clinic 1.2.3 sha256:" + digest + "\"";
  const auto good = read("[signing]\npolicies = [" + one + "]\npolicy = \"clinic\"\n");
  REQUIRE(good.mistakes.empty());
  CHECK(good.config.signing.policies.at("clinic").oid_or_uri == "1.2.3");
  CHECK(good.config.signing.policy == "clinic");
  CHECK(complains(read("[signing]\npolicies = [\"clinic\"]\n"), "NAME ID sha256:HEX"));
  CHECK(complains(read("[signing]\npolicies = [" + one + ", " + one + "]\n"), "twice"));
  CHECK(complains(read("[signing]\npolicy = \"clinic\"\n"), "names none of signing.policies"));
}

TEST_CASE("the PIN of a token comes from a file, and a file that is not there stops the start") {
  const std::string file =
      std::filesystem::temp_directory_path() / ("chancery-pin-" + base::to_hex(base::random_bytes(8)));
  std::ofstream(file) << "274831\n";
  const std::string token = "[[token]]\nname = \"hsm\"\nmodule = \"/usr/lib/x.so\"\nlabel = \"HSM\"\npin_file = \"";
  const auto good = read(token + file + "\"\n");
  REQUIRE(good.mistakes.empty());
  CHECK(good.config.tokens.front().pin.reveal() == "274831");
  CHECK(complains(read(token + file + "-missing\"\n"), "cannot be read"));
  std::filesystem::remove(file);
}
