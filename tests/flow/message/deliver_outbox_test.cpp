#include "flow/message/deliver_outbox.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "flow/house/key_ring.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/session/logout.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

void put(OidcFixture& f, const std::string& kind, int count = 1) {
  for (int i = 0; i < count; ++i) {
    store::OutboxItem item;
    item.id = base::Id::make(f.now);
    item.tenant_id = f.find_client("portal").tenant_id;
    item.kind = kind;
    item.payload = "{}";
    item.next_at = item.created_at = f.now;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_outbox(tx, item); }));
  }
}

flow::DeliveryRound deliver(OidcFixture& f, const flow::Deliverers& deliverers) {
  auto round = flow::deliver_outbox(*f.house, deliverers, f.now);
  REQUIRE_MESSAGE(round, base::describe(round.error()));
  return *round;
}

}  // namespace

TEST_CASE("what is due is delivered once and is then gone") {
  OidcFixture f;
  std::atomic<int> sent{0};
  const flow::Deliverers deliverers{{"logout", [&](const store::OutboxItem&, base::Time) {
                                       ++sent;
                                       return courier::delivered();
                                     }}};
  put(f, "logout", 10);
  CHECK(deliver(f, deliverers).delivered == 10);
  const auto round = deliver(f, deliverers);
  CHECK(round.taken == 0);
  CHECK_FALSE(round.next_due);
  CHECK(sent == 10);
}

TEST_CASE("what fails is tried again later, for a day, and then given up on record") {
  OidcFixture f;
  int tries = 0;
  const flow::Deliverers deliverers{{"logout", [&](const store::OutboxItem&, base::Time) {
                                       ++tries;
                                       return courier::retry("no answer");
                                     }}};
  put(f, "logout");
  const base::Time start = f.now;
  std::size_t given_up = 0;
  while (given_up == 0) {
    const auto round = deliver(f, deliverers);
    given_up = round.given_up;
    if (given_up == 0) {
      REQUIRE(round.next_due);
      REQUIRE(*round.next_due > f.now);
      f.now = *round.next_due;
    }
    REQUIRE(tries < 100);
  }
  CHECK(f.now - start <= 24h);
  CHECK(f.now - start > 20h);
  CHECK(tries > 10);
  CHECK_FALSE(deliver(f, deliverers).next_due);
  const auto events = f.events("delivery_failure");
  REQUIRE(events.size() == 1);
  CHECK(events[0].data.find("no answer") != std::string::npos);
}

TEST_CASE("a final no is not asked again") {
  OidcFixture f;
  const flow::Deliverers deliverers{
      {"logout", [&](const store::OutboxItem&, base::Time) { return courier::give_up("http 400"); }}};
  put(f, "logout");
  CHECK(deliver(f, deliverers).given_up == 1);
  CHECK(f.events("delivery_failure").size() == 1);
}

TEST_CASE("the event of a logout that could not be delivered names the application") {
  OidcFixture f;
  const flow::Deliverers deliverers{
      {"logout", [&](const store::OutboxItem&, base::Time) { return courier::give_up("http 400"); }}};
  const std::string cookie = f.log_in();
  f.get_code(cookie);
  REQUIRE(flow::logout(*f.house, *flow::find_visitor(*f.house, cookie, f.facts()), audit::why::logout, f.facts()));
  CHECK(deliver(f, deliverers).given_up == 1);
  REQUIRE(f.events("delivery_failure").size() == 1);
  CHECK(f.events("delivery_failure")[0].client == "portal");
}

TEST_CASE("an item of a kind that nobody delivers here waits") {
  OidcFixture f;
  put(f, "pigeon");
  const auto round = deliver(f, {});
  CHECK(round.taken == 0);
  CHECK(round.given_up == 0);
  CHECK(round.next_due);
}

TEST_CASE("a logout token says who and which session, is typed, short-lived and never an ID token") {
  OidcFixture f;
  const auto token = flow::make_logout_token(*f.house, f.find_client("portal"), "someone", "sid-1", f.now);
  REQUIRE(token);
  const auto text = f.keys->verify("logout+jwt", *token, f.now);
  REQUIRE(text);
  CHECK(text->find(R"("events":{"http://schemas.openid.net/event/backchannel-logout":{}})") != std::string::npos);
  CHECK(text->find("nonce") == std::string::npos);
  const auto claims = flow::Claims::parse(*text).value();
  CHECK(claims.text("aud") == "portal");
  CHECK(claims.text("sub") == "someone");
  CHECK(claims.text("sid") == "sid-1");
  CHECK(claims.number("exp") == base::to_seconds(f.now) + 120);
  CHECK_FALSE(f.keys->verify("JWT", *token, f.now));
}
