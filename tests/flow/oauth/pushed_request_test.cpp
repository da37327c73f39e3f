// Pushed authorization requests: who may push what, and how long and how often a reference counts.
#include "flow/oauth/pushed_request.hpp"

#include <doctest/doctest.h>

#include "flow/oidc_fixture.hpp"
#include "store/oauth/pushed_requests.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
using flow::PushedTurn;
using testing::OidcFixture;

namespace {

struct PushFixture : OidcFixture {
  flow::Pushed push(const flow::AuthorizationRequest& request, const std::string& secret = "portal-secret") {
    const flow::PushWish wished{
        {flow::ClientMethod::basic, "portal", base::Secret(secret)}, request, "client_id=portal&state=xyz"};
    auto done = flow::push_request(*house, wished, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  std::string push_one() {
    const auto pushed = push(request());
    REQUIRE_FALSE(pushed.refusal);
    return pushed.request_uri;
  }
  std::optional<OAuthError> refusal_of(const flow::AuthorizationRequest& request) {
    const auto pushed = push(request);
    return pushed.refusal ? std::optional(pushed.refusal->error) : std::nullopt;
  }
  std::optional<std::string> open(const std::string& uri, PushedTurn turn = PushedTurn::arrival,
                                  const std::string& client = "portal") {
    return flow::open_pushed_request(*house, client, uri, turn, now).value();
  }
  bool use(const std::string& uri) {
    return store->write([&](store::Tx& tx) { return flow::use_pushed_request(tx, uri, now); }).value();
  }
};

}  // namespace

TEST_CASE("a client pushes its request and gets a reference that only it can have opened") {
  PushFixture f;
  const auto pushed = f.push(f.request());
  REQUIRE_FALSE(pushed.refusal);
  CHECK(pushed.expires_in == 90);
  CHECK(pushed.request_uri.starts_with("urn:ietf:params:oauth:request_uri:"));
  CHECK(flow::is_pushed_uri(pushed.request_uri));
  CHECK(f.open(pushed.request_uri) == "client_id=portal&state=xyz");
  CHECK_FALSE(f.open(pushed.request_uri, PushedTurn::arrival, "laboratory"));
  CHECK_FALSE(f.open(pushed.request_uri, PushedTurn::arrival, "nobody"));
  std::string altered = pushed.request_uri;
  altered[altered.size() - 5] = altered[altered.size() - 5] == 'A' ? 'B' : 'A';
  CHECK_FALSE(f.open(altered));
  for (const char* bad : {"", "x", "urn:ietf:params:oauth:request_uri:", "urn:ietf:params:oauth:request_uri:AAAA",
                          "https://portal.example.org/request.jwt"}) {
    CHECK_FALSE(f.open(bad));
    CHECK_FALSE(flow::is_pushed_uri(bad));
    CHECK_FALSE(f.use(bad));
  }
}

TEST_CASE("a reference arrives within ninety seconds, and a login in progress may go on with it later") {
  PushFixture f;
  const std::string uri = f.push_one();
  f.now += 89s;
  CHECK(f.open(uri));
  f.now += 1s;
  CHECK_FALSE(f.open(uri));
  CHECK(f.open(uri, PushedTurn::resumed));
}

TEST_CASE("a reference may be loaded again until a code was issued for it, which happens once") {
  PushFixture f;
  const std::string uri = f.push_one();
  CHECK(f.open(uri));
  CHECK(f.open(uri));
  CHECK(f.use(uri));
  CHECK_FALSE(f.use(uri));
  CHECK_FALSE(f.open(uri));
  CHECK_FALSE(f.open(uri, PushedTurn::resumed));
}

TEST_CASE("what the authorization endpoint would refuse cannot be pushed either") {
  PushFixture f;
  const auto changed = [&](auto change) {
    flow::AuthorizationRequest request = f.request();
    change(request);
    return f.refusal_of(request);
  };
  CHECK(changed([](auto& r) { r.request_uri = "urn:ietf:params:oauth:request_uri:x"; }) == OAuthError::invalid_request);
  CHECK(changed([](auto& r) { r.client_id = "laboratory"; }) == OAuthError::invalid_request);
  CHECK(changed([](auto& r) { r.redirect_uri = "https://evil.example.org/"; }) == OAuthError::invalid_request);
  CHECK(changed([](auto& r) { r.redirect_uri.clear(); }) == OAuthError::invalid_request);
  CHECK(changed([](auto& r) { r.response_type = "token"; }) == OAuthError::unsupported_response_type);
  CHECK(changed([](auto& r) { r.scope = "results"; }) == OAuthError::invalid_scope);
  CHECK(changed([](auto& r) {
          r.code_challenge.clear();
          r.code_challenge_method.clear();
        }) == OAuthError::invalid_request);
  CHECK(changed([](auto& r) { r.doubled = true; }) == OAuthError::invalid_request);
  CHECK(changed([](auto&) {}) == std::nullopt);
}

TEST_CASE("who does not authenticate cannot push, and the refusal is recorded") {
  PushFixture f;
  const auto pushed = f.push(f.request(), "wrong");
  REQUIRE(pushed.refusal);
  CHECK(pushed.refusal->error == OAuthError::invalid_client);
  CHECK(pushed.request_uri.empty());
  CHECK(f.events("token_refusal").front().data.find("wrong_secret") != std::string::npos);
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  CHECK(f.refusal_of(f.request()) == OAuthError::invalid_client);
}

TEST_CASE("a client that must push may push, and its references end with it") {
  PushFixture f;
  f.change_client("portal", [](rights::Client& client) { client.require_par = true; });
  const std::string uri = f.push_one();
  CHECK(f.open(uri));
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  CHECK_FALSE(f.open(uri));
}

TEST_CASE("pushed requests are deleted when they are over") {
  PushFixture f;
  const std::string uri = f.push_one();
  const auto id =
      base::Id::from_bytes(base::parse_base64url(uri.substr(flow::pushed_prefix.size())).value().substr(0, 16)).value();
  REQUIRE(f.store->read([&](store::Tx& tx) { return store::find_pushed_request(tx, id); }).value());
  CHECK(f.store->write([&](store::Tx& tx) { return store::delete_old_pushed_requests(tx, f.now + 91s); }).value() ==
        false);
  CHECK_FALSE(f.store->read([&](store::Tx& tx) { return store::find_pushed_request(tx, id); }).value());
}

TEST_CASE("one client cannot fill the database from one network") {
  PushFixture f;
  std::optional<OAuthError> refusal;
  for (int i = 0; i < 601 && !refusal; ++i) refusal = f.refusal_of(f.request());
  CHECK(refusal == OAuthError::temporarily_unavailable);
  f.now += 61s;
  CHECK_FALSE(f.refusal_of(f.request()));
}
