#include "flow/oauth/rp_logout.hpp"

#include <doctest/doctest.h>

#include "flow/grant/find_userinfo.hpp"
#include "flow/oauth/post_logout.hpp"
#include "flow/oidc_fixture.hpp"
#include "store/message/outbox.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

flow::RpLogout ask(OidcFixture& f, const flow::LogoutRequest& request, const std::string& cookie) {
  auto outcome = flow::rp_logout(*f.house, request, cookie, f.facts());
  REQUIRE_MESSAGE(outcome, base::describe(outcome.error()));
  return std::move(*outcome);
}

bool is_page(OidcFixture& f, const flow::LogoutRequest& request, const std::string& cookie) {
  return std::holds_alternative<flow::PageRefusal>(ask(f, request, cookie));
}

bool is_logged_in(OidcFixture& f, const std::string& cookie) {
  return flow::find_visitor(*f.house, cookie, f.facts())->actor.has_value();
}

constexpr const char* bye = "https://portal.example.org/bye";

}  // namespace

TEST_CASE("the ID token of this very session logs out at once and leads back") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  f.now += 11min;  // an expired hint is as good
  const auto outcome =
      ask(f, {.id_token_hint = tokens.id_token, .post_logout_redirect_uri = bye, .state = "a b&c"}, cookie);
  REQUIRE(std::holds_alternative<flow::LogoutOver>(outcome));
  CHECK(std::get<flow::LogoutOver>(outcome).location == "https://portal.example.org/bye?state=a%20b%26c");
  CHECK_FALSE(is_logged_in(f, cookie));
  const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
  REQUIRE(items.size() == 1);
  CHECK(items[0].kind == "logout");
}

TEST_CASE("the ID token of another session of the person asks first, and then leads back") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const std::string other = f.log_in();
  const auto tokens = f.get_tokens(other);
  const auto outcome = ask(f, {.id_token_hint = tokens.id_token, .post_logout_redirect_uri = bye}, cookie);
  REQUIRE(std::holds_alternative<flow::LogoutQuestion>(outcome));
  const std::string sealed = std::get<flow::LogoutQuestion>(outcome).sealed;
  REQUIRE_FALSE(sealed.empty());
  CHECK(flow::open_post_logout(*f.house, sealed, f.now).value() == bye);
  CHECK_FALSE(flow::open_post_logout(*f.house, sealed, f.now + 30min));
  CHECK_FALSE(flow::open_post_logout(*f.house, sealed.substr(1), f.now));
  CHECK(is_logged_in(f, cookie));
  CHECK(is_logged_in(f, other));
}

TEST_CASE("without a valid hint the person is asked, and nobody is sent to the application") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  for (const auto& request :
       {flow::LogoutRequest{}, flow::LogoutRequest{.client_id = "portal", .post_logout_redirect_uri = bye},
        flow::LogoutRequest{.post_logout_redirect_uri = bye},
        flow::LogoutRequest{.id_token_hint = tokens.access_token, .post_logout_redirect_uri = bye},
        flow::LogoutRequest{.id_token_hint = tokens.id_token + "x", .post_logout_redirect_uri = bye},
        flow::LogoutRequest{.id_token_hint = "x.y.z", .client_id = "portal", .post_logout_redirect_uri = bye}}) {
    const auto outcome = ask(f, request, cookie);
    REQUIRE(std::holds_alternative<flow::LogoutQuestion>(outcome));
    CHECK(std::get<flow::LogoutQuestion>(outcome).sealed.empty());
    const auto nobody = ask(f, request, "");
    REQUIRE(std::holds_alternative<flow::LogoutOver>(nobody));
    CHECK(std::get<flow::LogoutOver>(nobody).location.empty());
  }
  CHECK(is_logged_in(f, cookie));
}

TEST_CASE("a logout to an address that differs shows both to a developer at this machine, and not to strangers") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  flow::LogoutRequest request;
  request.id_token_hint = tokens.id_token;
  request.post_logout_redirect_uri = "https://portal.example.org/bye/";
  f.now += 5min;
  // Also of a session whose visit is noted.
  CHECK(is_page(f, request, cookie));
  flow::RequestFacts here = f.facts();
  here.ip = "127.0.0.1";
  const auto shown = flow::rp_logout(*f.house, request, "", here);
  REQUIRE(shown);
  const auto& page = std::get<flow::PageRefusal>(*shown);
  CHECK_FALSE(page.application.empty());
  REQUIRE(page.uris);
  CHECK(page.uris->registered.size() == 1);
  here.ip = "192.0.2.7";
  const auto told = flow::rp_logout(*f.house, request, "", here);
  REQUIRE(told);
  CHECK(std::get<flow::PageRefusal>(*told).uris->registered.empty());
}

TEST_CASE("nobody is sent to an address that is not registered for logout") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  for (const char* uri :
       {"https://evil.example/", "https://portal.example.org/bye/", "https://portal.example.org/callback"}) {
    CHECK(is_page(f, {.id_token_hint = tokens.id_token, .post_logout_redirect_uri = uri}, cookie));
  }
  CHECK(is_page(f, {.client_id = "nobody"}, cookie));
  CHECK(is_page(f, {.client_id = "laboratory", .post_logout_redirect_uri = bye}, cookie));
  CHECK(is_page(f, {.id_token_hint = tokens.id_token, .client_id = "laboratory"}, cookie));
  CHECK(is_page(f, {.state = std::string(1025, 'x')}, cookie));
  CHECK(is_page(f, {.doubled = true}, cookie));
  CHECK(is_logged_in(f, cookie));
}

TEST_CASE("who is not logged in any more is led back without a question") {
  OidcFixture f;
  const auto tokens = f.get_tokens(f.log_in());
  const auto outcome = ask(f, {.id_token_hint = tokens.id_token, .post_logout_redirect_uri = bye}, "");
  REQUIRE(std::holds_alternative<flow::LogoutOver>(outcome));
  CHECK(std::get<flow::LogoutOver>(outcome).location == bye);
}

TEST_CASE("an application that is switched off sends nobody to its address, and the session ends all the same") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  const auto outcome = ask(f, {.id_token_hint = tokens.id_token, .post_logout_redirect_uri = bye}, cookie);
  REQUIRE(std::holds_alternative<flow::LogoutOver>(outcome));
  CHECK(std::get<flow::LogoutOver>(outcome).location.empty());
  CHECK_FALSE(is_logged_in(f, cookie));
}
