// Tokens with which applications register themselves, by command.
#include <doctest/doctest.h>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

}  // namespace

TEST_CASE("a token is made, listed without itself, and revoked once") {
  const Site site;
  const door::ServerProcess first(site.config, site.log);
  const auto made = site.read({"token", "create", "initial", "--name", "portal", "--uses", "0", "--hours", "48"});
  const std::string id(made.as_object().at("id").as_string());
  const std::string token(made.as_object().at("token").as_string());
  CHECK(token.starts_with("chy_iat_"));
  const auto listed = site.run({"token", "list", "--json"});
  CHECK(has(listed.out, id));
  CHECK(has(listed.out, R"("status":"valid")"));
  CHECK(has(listed.out, R"("uses_left":null)"));
  CHECK_FALSE(has(listed.out, token.substr(8)));
  CHECK(site.run({"token", "revoke", id}).status == 0);
  CHECK(has(site.run({"token", "list"}).out, "revoked"));
  CHECK(has(site.run({"token", "revoke", id}).out, "was revoked already"));
}

TEST_CASE("a token that could not be meant so is refused") {
  const Site site;
  const door::ServerProcess first(site.config, site.log);
  CHECK(site.run({"token", "create"}).status != 0);
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--name", ""},
                                             {"--name", "a", "--uses", "-1"},
                                             {"--name", "a", "--hours", "0"},
                                             {"--name", "a", "--hours", "9000"},
                                             {"--name", "a", "--scope", "nonsense"},
                                             {"--name", "a", "--tenant", "x"}}) {
    std::vector<std::string> command{"token", "create", "initial"};
    command.insert(command.end(), more.begin(), more.end());
    CHECK_MESSAGE(site.run(command).status != 0, more.back());
  }
  CHECK(site.run({"token", "create", "personal", "--name", "a"}).status != 0);
  CHECK(site.run({"token", "revoke", "x"}).status != 0);
  CHECK(site.run({"token", "list", "--json"}).out == "[]\n");
}
