// An application sends a short message over HTTP (S3.10): what is refused before any gateway is asked.
#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

const std::string portal = "Basic " + base::to_base64("demo-portal:demo-portal-secret");

struct Site {
  Site() {
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
      client->sends_messages = true;
      return store::update_client(tx, *client, base::now());
    }));
  }
  [[nodiscard]] Reply send(const std::string& body, const std::string& authorization = portal,
                           Browser::Headers more = {{"Content-Type", "application/json"}}) const {
    Browser program(app.port());
    if (!authorization.empty()) more.emplace_back("Authorization", authorization);
    return program.request("POST", "/api/v1/messages", more, body);
  }
  App app;
};

constexpr const char* good = R"({"to":"+48600100201","text":"Closed today"})";

}  // namespace

TEST_CASE("what is no message is refused member by member") {
  const Site site;
  const auto errors = [&](const char* body) {
    const Reply reply = site.send(body);
    CHECK(reply.status == 400);
    return reply.body;
  };
  CHECK(has(errors("{}"), R"("field":"to","code":"missing")"));
  CHECK(has(errors(R"({"to":"12"})"), R"("field":"to","code":"bad_form")"));
  CHECK(has(errors(R"({"to":"+48600100201","kind":"song"})"), R"("field":"kind","code":"not_a_choice")"));
  CHECK(has(errors(R"({"to":"+48600100201","cc":"x"})"), R"("field":"cc","code":"unknown_field")"));
  CHECK(has(errors(R"({"to":"+48600100201","text":7})"), R"("field":"text","code":"not_text")"));
  CHECK(has(errors(R"({"to":"+48600100201"})"), R"("field":"message")"));
  CHECK(has(errors(R"({"to":"+48600100201","kind":"binary","data":"zz"})"), R"("field":"message")"));
  CHECK(has(errors(R"({"to":"+48600100201","kind":"service","text":"x","link":"javascript:1"})"), R"("message")"));
}

TEST_CASE("without a client, with a wrong one, as a form and twice a key it is refused, and without a gateway too") {
  const Site site;
  CHECK(site.send(good, "").status == 401);
  CHECK(site.send(good, "Basic " + base::to_base64("demo-portal:wrong")).status == 401);
  CHECK(site.send(good, portal, {{"Content-Type", "text/plain"}}).status == 400);
  CHECK(site.send("[]").status == 400);
  CHECK(site.send(good, portal,
                  {{"Content-Type", "application/json"}, {"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}})
            .status == 400);
  CHECK(site.send(good, portal, {{"Content-Type", "application/json"}, {"Idempotency-Key", std::string(256, 'k')}})
            .status == 400);
  const Reply none = site.send(good);
  CHECK(none.status == 409);
  CHECK(has(none.body, "urn:chancery:problem:no-gateway"));
  const Reply lab = site.send(good, "Basic " + base::to_base64("demo-lab:demo-lab-secret"));
  CHECK(lab.status >= 401);
  CHECK(lab.status <= 403);
}
