// An application sends a short message (S3.10).
#include "flow/system/send_message.hpp"

#include <doctest/doctest.h>

#include "flow/message/sms_route.hpp"
#include "flow/message/sms_simulator.hpp"
#include "flow/oidc_fixture.hpp"

using flow::MessageRefusal;
using flow::MessageSent;
using testing::OidcFixture;
using testing::SmsSimulator;
using Mood = testing::SmsSimulator::Mood;
using namespace std::chrono_literals;

namespace {

struct Fixture : OidcFixture {
  Fixture() {
    change_client("portal", [](rights::Client& client) { client.sends_messages = true; });
    change_client("spa", [](rights::Client& client) { client.sends_messages = true; });
    flow::SmsSettings gateways;
    gateways.gateways = {gateway.gateway("first")};
    remote::HttpOptions options;
    options.loopback_http = {gateway.place()};
    options.total_time = base::Duration(3000);
    route = std::make_unique<flow::SmsRoute>(remote::HttpClient::make(options).value(), std::move(gateways));
    house->sms = route.get();
  }
  flow::Sending send(const std::string& text = "Closed today", const std::string& key = {},
                     const std::string& client = "portal", const std::string& only = {}) {
    const flow::ClientCredentials credentials{flow::ClientMethod::basic, client, base::Secret(client + "-secret")};
    flow::MessageWish wish;
    wish.to = "+48600100201";
    wish.text = text;
    wish.gateway = only;
    wish.repeat_key = key;
    auto done = flow::send_message(*house, credentials, wish, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *std::move(done);
  }
  static bool is_sent(const flow::Sending& sending) { return std::holds_alternative<MessageSent>(sending); }
  static bool is(const flow::Sending& sending, MessageRefusal refusal) {
    const auto* one = std::get_if<MessageRefusal>(&sending);
    return one != nullptr && *one == refusal;
  }

  SmsSimulator gateway;
  std::unique_ptr<flow::SmsRoute> route;
};

}  // namespace

TEST_CASE("an application with the permission sends a message, and it is on record without number and text") {
  Fixture f;
  const auto sent = f.send();
  REQUIRE(Fixture::is_sent(sent));
  CHECK(std::get<MessageSent>(sent).gateway == "first");
  CHECK(std::get<MessageSent>(sent).parts == 1);
  REQUIRE(f.gateway.messages().size() == 1);
  CHECK(f.gateway.messages().front().get("text") == "Closed today");
  const auto events = f.events("sms_send");
  REQUIRE(events.size() == 1);
  CHECK(events.front().client == "portal");
  CHECK(events.front().data.find("48600100201") == std::string::npos);
}

TEST_CASE("the same key sends no second message, and another message with it is refused") {
  Fixture f;
  REQUIRE(Fixture::is_sent(f.send("One", "k1")));
  REQUIRE(Fixture::is_sent(f.send("One", "k1")));
  CHECK(f.gateway.messages().size() == 1);
  CHECK(Fixture::is(f.send("Two", "k1"), MessageRefusal::key_reused));
  CHECK(Fixture::is_sent(f.send("Two", "k2")));
  CHECK(f.gateway.messages().size() == 2);
}

TEST_CASE("a message that no gateway took may be sent again with its key") {
  Fixture f;
  f.gateway.mood(Mood::down);
  CHECK(Fixture::is(f.send("One", "k1"), MessageRefusal::not_taken));
  f.gateway.mood(Mood::honest);
  CHECK(Fixture::is_sent(f.send("One", "k1")));
  f.gateway.mood(Mood::refusing);
  CHECK(Fixture::is(f.send("Never"), MessageRefusal::refused));
}

TEST_CASE("without the permission, with a wrong secret and as a public client nothing is sent") {
  Fixture f;
  const auto wrong = [&](const std::string& client, const std::string& secret) {
    flow::MessageWish wish;
    wish.to = "+48600100201";
    wish.text = "x";
    return flow::send_message(*f.house,
                              flow::ClientCredentials{flow::ClientMethod::basic, client, base::Secret(secret)}, wish,
                              f.facts())
        .value();
  };
  CHECK(Fixture::is(wrong("portal", "wrong"), MessageRefusal::unauthenticated));
  CHECK(Fixture::is(wrong("nobody", "portal-secret"), MessageRefusal::unauthenticated));
  CHECK(Fixture::is(wrong("spa", ""), MessageRefusal::unauthenticated));
  f.change_client("portal", [](rights::Client& client) { client.sends_messages = false; });
  CHECK(Fixture::is(f.send(), MessageRefusal::not_permitted));
  CHECK(f.gateway.asked() == 0);
}

TEST_CASE("an application sends at most sixty messages in a minute, and only by gateways that there are") {
  Fixture f;
  CHECK(Fixture::is(f.send("x", "", "portal", "third"), MessageRefusal::no_gateway));
  for (int i = 1; i < flow::most_messages_each_minute; ++i) REQUIRE(Fixture::is_sent(f.send()));
  CHECK(Fixture::is(f.send(), MessageRefusal::too_many));
  f.now += 61s;
  CHECK(Fixture::is_sent(f.send()));
  f.house->sms = nullptr;
  CHECK(Fixture::is(f.send(), MessageRefusal::no_gateway));
}
