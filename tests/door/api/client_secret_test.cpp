// An application changes its own secret over HTTP: the present secret is the proof, and both count for a day.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

struct Site {
  Reply change(const std::string& secret, const std::string& body = "{}", const std::string& client = "demo-portal") {
    Browser program(app.port());
    Browser::Headers headers{{"Content-Type", "application/json"}};
    if (!secret.empty()) headers.emplace_back("Authorization", "Basic " + base::to_base64(client + ":" + secret));
    return program.request("POST", "/api/v1/clients/self/secret", headers, body);
  }
  /// Whether the token endpoint knows the secret: then it looks at the code.
  bool counts(const std::string& secret) {
    Browser program(app.port());
    const Reply reply = program.request("POST", "/oauth2/token",
                                        {{"Content-Type", "application/x-www-form-urlencoded"},
                                         {"Authorization", "Basic " + base::to_base64("demo-portal:" + secret)}},
                                        "grant_type=authorization_code&code=x");
    return has(reply.body, "invalid_grant");
  }
  static std::string secret_of(const Reply& reply) {
    REQUIRE(reply.status == 200);
    return std::string(boost::json::parse(reply.body).as_object().at("client_secret").as_string());
  }
  App app;
};

}  // namespace

TEST_CASE("an application changes its secret without an outage, and the event has no part of it") {
  Site site;
  const Reply changed = site.change("demo-portal-secret");
  const std::string fresh = site.secret_of(changed);
  CHECK(changed.header("cache-control") == "no-store");
  CHECK(fresh.size() == 43);
  CHECK(has(changed.body, "old_until"));
  CHECK(site.counts(fresh));
  CHECK(site.counts("demo-portal-secret"));
  const auto event = site.app.events("client_change").front();
  CHECK(event.client == "demo-portal");
  CHECK(has(event.data, R"("fields":"secret")"));
  CHECK_FALSE(has(event.data, fresh));
}

TEST_CASE("a third secret ends the first one, and without keep_old the present one ends at once") {
  Site site;
  const std::string second = site.secret_of(site.change("demo-portal-secret"));
  const std::string third = site.secret_of(site.change(second));
  CHECK_FALSE(site.counts("demo-portal-secret"));
  CHECK(site.counts(second));
  const Reply last = site.change(third, R"({"keep_old":false})");
  CHECK_FALSE(has(last.body, "old_until"));
  CHECK_FALSE(site.counts(third));
  CHECK(site.counts(site.secret_of(last)));
}

TEST_CASE("who does not prove the secret changes nothing") {
  Site site;
  CHECK(site.change("wrong").status == 401);
  CHECK(site.change("").status == 401);
  CHECK(site.change("x", "{}", "demo-spa").status == 401);
  CHECK(site.change("x", "{}", "nobody").status == 401);
  for (const char* body : {"", "[]", "{", R"({"keep_old":1})", R"({"keep_old":"no"})", R"({"secret":"mine"})"}) {
    CHECK_MESSAGE(site.change("demo-portal-secret", body).status == 400, body);
  }
  Browser program(site.app.port());
  CHECK(program
            .request("POST", "/api/v1/clients/self/secret",
                     {{"Content-Type", "application/json"}, {"Authorization", "Bearer x"}}, "{}")
            .status == 401);
  CHECK(site.counts("demo-portal-secret"));
  CHECK(site.app.events("client_change").empty());
}
