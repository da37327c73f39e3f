// How a client is made that proves itself by a key, and what is said about secrets and about scopes of the same name.
#include <doctest/doctest.h>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

// RFC 7517, appendix A.1.
constexpr const char* keys =
    R"({"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]})";

}  // namespace

TEST_CASE("a client that proves itself by a key is made with its keys and without a secret") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  const auto made =
      site.read({"client", "create", "robot", "--kind", "machine", "--auth", "private_key_jwt", "--jwks", keys});
  CHECK(made.as_object().at("created").as_bool());
  CHECK_FALSE(made.as_object().contains("client_secret"));
  const auto shown = site.read({"client", "show", "robot"});
  CHECK(shown.as_object().at("auth").as_string() == "private_key_jwt");
  CHECK(shown.as_object().at("secrets").as_array().empty());
}

TEST_CASE("a way to prove itself that does not fit to the other options makes no client") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
           {"--auth", "private_key_jwt"},
           {"--auth", "private_key_jwt", "--jwks", "nonsense"},
           {"--auth", "private_key_jwt", "--jwks", keys, "--secret-stdin"},
           {"--auth", "private_key_jwt", "--jwks", keys, "--jwks-uri", "https://a.b/"},
           {"--auth", "private_key_jwt", "--jwks", keys, "--public"},
           {"--auth", "private_key_jwt", "--jwks", keys, "--kind", "spa"},
           {"--auth", "nonsense"}}) {
    std::vector<std::string> command{"client", "create", "robot", "--redirect-uri",
                                     "https://robot.example.org/callback"};
    command.insert(command.end(), more.begin(), more.end());
    CHECK_MESSAGE(site.run(command).status != 0, more.back());
  }
  CHECK(site.run({"client", "show", "robot"}).status != 0);
}

TEST_CASE("people read that a secret has no end, and programs null") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(site.run({"client", "create", "portal", "--redirect-uri", "https://portal.example.org/callback"}).status ==
          0);
  CHECK(has(site.run({"client", "show", "portal"}).out, "no end"));
  CHECK(site.read({"client", "show", "portal"}).as_object().at("secrets").as_array().at(0).is_null());
}

TEST_CASE("a scope that is given to another machine says who has lost it and who has it now") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(site.run({"resource", "create", "urn:images", "--name", "Images"}).status == 0);
  for (const char* const machine : {"night-run", "day-run"}) {
    REQUIRE(site.run({"client", "create", machine, "--kind", "machine"}).status == 0);
  }
  const auto give = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"resource", "item", "set", "urn:images", "scope", "images:read"});
    return site.run(more).out;
  };
  give({"--for", "client:night-run"});
  CHECK(has(give({"--for", "client:day-run"}),
            "the scope images:read was changed; no longer for client:night-run; now for client:day-run"));
  const std::string both = give({"--for", "client:day-run", "--for", "client:night-run"});
  CHECK_FALSE(has(both, "no longer"));
  CHECK(has(both, "client:day-run"));
  CHECK(has(both, "client:night-run"));
  CHECK(has(give({"--for", "client:day-run", "--for", "client:night-run"}), "is so already"));
  const auto answer = boost::json::parse(give({"--for", "client:night-run", "--json"})).as_object();
  CHECK(answer.at("changed").as_bool());
  CHECK(answer.at("no_longer_for") == boost::json::array{"client:day-run"});
  CHECK(answer.at("for") == boost::json::array{"client:night-run"});
  CHECK(has(give({"--for", ""}), "no longer for client:night-run; now for nobody"));
}

TEST_CASE("a scope that another resource server in reach has is added with a warning that names the server") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  const auto add = [&](const std::string& identifier, const std::string& scope) {
    return site.run({"resource", "item", "set", identifier, "scope", scope, "--for", "all"});
  };
  REQUIRE(site.run({"resource", "create", "urn:first", "--name", "First"}).status == 0);
  REQUIRE(site.run({"resource", "create", "urn:second", "--name", "Second"}).status == 0);
  CHECK_FALSE(has(add("urn:first", "results:read").err, "warning"));
  CHECK_FALSE(has(add("urn:second", "images:read").err, "warning"));
  const auto twin = add("urn:second", "results:read");
  CHECK(twin.status == 0);
  CHECK(has(twin.err, "warning: urn:first has the scope results:read too"));
}
