// Two nodes of one PostgreSQL: each step of a flow may reach either, and what counts once counts once on both together.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "base/json.hpp"
#include "crypto/token/jwt.hpp"
#include "flow/client/client_assertion.hpp"
#include "flow/grant/device.hpp"
#include "flow/oauth/pushed_request.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/registration/administer_tokens.hpp"
#include "flow/registration/register_client.hpp"
#include "store/postgres.hpp"

using namespace std::chrono_literals;

namespace {

struct Nodes : testing::OidcFixture {
  explicit Nodes(const std::string& place) : OidcFixture(place) {
    now = base::now();
    store::Options options;
    options.url = place;
    second_store = store::Store::open(options, master).value();
    second =
        std::make_unique<flow::House>(flow::House{*second_store, second_store->master(), *keys, gate, house->settings});
  }

  /// Runs it on both nodes at the same time, several times on each; gives how often it was true.
  int count(const std::function<bool(const flow::House&)>& attempt) {
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] {
        if (attempt(i % 2 == 0 ? *house : *second)) ++done;
      });
    }
    for (std::thread& thread : threads) thread.join();
    return done;
  }

  std::unique_ptr<store::Store> second_store;
  std::unique_ptr<flow::House> second;
};

}  // namespace

TEST_CASE("a device may begin, be allowed and ask at different nodes, and its code counts once on all of them") {
  Nodes f(postgres::make_place());
  rights::Client client = rights::draft_client(rights::ClientKind::native);
  client.client_id = "television";
  client.name = "Television";
  client.grants = {"urn:ietf:params:oauth:grant-type:device_code"};
  f.add_client(client, "");
  const flow::ClientCredentials television{flow::ClientMethod::none, "television", {}, {}};
  const auto begun = flow::begin_device(*f.house, {television, "openid", {}}, f.facts()).value();
  const auto visitor = flow::find_visitor(*f.second, f.log_in(), f.facts()).value();
  CHECK(flow::decide_device(*f.second, *visitor.actor, begun.user_code, true, f.facts()).value().empty());
  std::atomic<int> refused = 0;
  const int issued = f.count([&](const flow::House& node) {
    const auto done = flow::redeem_device_code(node, {television, begun.device_code}, f.facts());
    if (done && done->refusal) ++refused;
    return done && !done->refusal;
  });
  CHECK(issued == 1);
  CHECK(refused == 5);
}

TEST_CASE("a pushed request is opened at another node, and one code alone uses it up") {
  Nodes f(postgres::make_place());
  const flow::PushWish wished{
      {flow::ClientMethod::basic, "portal", base::Secret("portal-secret"), {}}, f.request(), "client_id=portal"};
  const auto pushed = flow::push_request(*f.house, wished, f.facts()).value();
  REQUIRE_FALSE(pushed.refusal);
  CHECK(flow::open_pushed_request(*f.second, "portal", pushed.request_uri, flow::PushedTurn::arrival, f.now).value() ==
        "client_id=portal");
  CHECK(f.count([&](const flow::House& node) {
    const auto used =
        node.store.write([&](store::Tx& tx) { return flow::use_pushed_request(tx, pushed.request_uri, f.now); });
    return used && *used;
  }) == 1);
}

TEST_CASE("an assertion and an initial access token for one use count once on both nodes together") {
  Nodes f(postgres::make_place());
  const auto key = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  rights::Client client = rights::draft_client(rights::ClientKind::machine);
  client.client_id = "machine";
  client.name = "Machine";
  client.auth = rights::ClientAuth::private_key_jwt;
  client.jwks = R"({"keys":[)" + key.public_jwk() + "]}";
  f.add_client(client, "");
  base::JsonObject claims;
  claims.text("iss", "machine").text("sub", "machine").text("aud", "http://localhost:8080").text("jti", "one");
  claims.number("exp", base::to_seconds(f.now + 60s));
  const std::string assertion = crypto::sign_jwt(key, "JWT", claims.finish()).value();
  CHECK(f.count([&](const flow::House& node) {
    const auto found = node.store.write([&](store::Tx& tx) {
      return flow::authenticate_client(node, tx, {flow::ClientMethod::assertion, "machine", {}, assertion}, f.now);
    });
    return found && found->reason.empty();
  }) == 1);

  const auto token = flow::create_api_token(*f.house, f.operator_actor(), {.name = "one"}, f.facts()).value();
  const flow::FetchDocument none = [](const std::string&) -> base::Result<std::string> {
    return base::fail(base::Code::unavailable, "nothing is fetched here");
  };
  flow::FetchGate gate;
  CHECK(f.count([&](const flow::House& node) {
    const auto done = flow::register_client({node, {none, gate}}, token.text.reveal(),
                                            R"({"redirect_uris":["https://app.example.org/"]})", f.facts());
    return done && !done->refusal;
  }) == 1);
}
