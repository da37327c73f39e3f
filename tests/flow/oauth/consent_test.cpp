#include "flow/oauth/consent.hpp"

#include <doctest/doctest.h>

#include "flow/grant/find_userinfo.hpp"
#include "flow/grant/refresh_tokens.hpp"
#include "flow/oidc_fixture.hpp"
#include "store/account/accounts.hpp"
#include "store/oauth/grants.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
using testing::OidcFixture;

namespace {

/// The single-page application is public, so that it needs consent.
flow::AuthorizationRequest spa_request() {
  auto request = OidcFixture::request();
  request.client_id = "spa";
  request.redirect_uri = "http://127.0.0.1:9191/callback";
  return request;
}

struct ConsentFixture : OidcFixture {
  ConsentFixture() { cookie = log_in(); }

  rights::Actor actor() { return *flow::find_visitor(*house, cookie, facts())->actor; }
  flow::Attempt question(const flow::AuthorizationRequest& request, const flow::Attempt* attempt = nullptr) {
    const auto outcome = authorize(request, cookie, attempt);
    REQUIRE(std::holds_alternative<flow::ConsentNeeded>(outcome));
    return std::get<flow::ConsentNeeded>(outcome).attempt;
  }
  void answer(const flow::Attempt& attempt, bool is_given) {
    const auto done = flow::answer_consent(*house, actor(), attempt, is_given, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
  }
  void agree(const flow::AuthorizationRequest& request) { answer(question(request), true); }
  bool gets_code(const flow::AuthorizationRequest& request, const flow::Attempt* attempt = nullptr) {
    return std::holds_alternative<flow::CodeIssued>(authorize(request, cookie, attempt));
  }
  flow::Redeemed redeem_spa() {
    const auto outcome = authorize(spa_request(), cookie);
    REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
    auto wished = redemption(std::get<flow::CodeIssued>(outcome).code);
    wished.client = {flow::ClientMethod::none, "spa", {}};
    wished.redirect_uri = spa_request().redirect_uri;
    return redeem(wished);
  }
  std::vector<flow::GivenConsent> given() {
    return flow::list_consents(*house, actor(), text::Language::en, now).value();
  }

  std::string cookie;
};

}  // namespace

TEST_CASE("a public client gets nothing before the person has agreed, and is remembered afterwards") {
  ConsentFixture f;
  auto silent = spa_request();
  silent.prompt = "none";
  CHECK(f.refusal_of(silent, f.cookie) == OAuthError::consent_required);
  const auto attempt = f.question(spa_request());
  CHECK(attempt.client_id == "spa");
  CHECK(attempt.consent == "openid profile email");
  // The page alone changes nothing.
  CHECK(f.question(spa_request(), &attempt).id == attempt.id);
  CHECK(f.events("code_issue").empty());
  f.answer(attempt, true);
  CHECK(f.gets_code(spa_request(), &attempt));
  CHECK(f.gets_code(spa_request()));
  CHECK(f.gets_code(silent));
  const auto events = f.events("consent_change");
  REQUIRE(events.size() == 1);
  CHECK(events[0].client == "spa");
  CHECK(events[0].subject == f.anna);
  CHECK(events[0].data.find("given") != std::string::npos);
  CHECK(events[0].data.find("openid profile email") != std::string::npos);
}

TEST_CASE("who does not agree is sent back with access_denied, and nothing is remembered") {
  ConsentFixture f;
  auto attempt = f.question(spa_request());
  f.answer(attempt, false);
  attempt.is_refused = true;
  CHECK(f.refusal_of(spa_request(), f.cookie, &attempt) == OAuthError::access_denied);
  (void)f.question(spa_request());
  CHECK(f.given().empty());
  REQUIRE(f.events("consent_change").size() == 1);
  CHECK(f.events("consent_change")[0].data.find("refused") != std::string::npos);
}

TEST_CASE("more than was agreed to is asked for again, less is not") {
  ConsentFixture f;
  auto request = spa_request();
  request.scope = "openid";
  f.agree(request);
  CHECK(f.gets_code(request));
  request.scope = "openid email";
  const auto attempt = f.question(request);
  CHECK(attempt.consent == "openid email");
  f.answer(attempt, true);
  CHECK(f.gets_code(request));
  request.scope = "email";
  CHECK(f.gets_code(request));
  request.scope = "openid profile";
  (void)f.question(request);
}

TEST_CASE("a single claim is an item of its own, unless its scope was agreed to") {
  ConsentFixture f;
  auto request = spa_request();
  request.scope = "openid";
  request.claims = R"({"userinfo":{"email":null,"email_verified":null},"id_token":{"acr":null}})";
  const auto attempt = f.question(request);
  CHECK(attempt.consent == "openid claim:email");
  f.answer(attempt, true);
  CHECK(f.gets_code(request));
  request.claims = R"({"id_token":{"family_name":null}})";
  CHECK(f.question(request).consent == "openid claim:family_name");
  request.scope = "openid profile";
  request.claims.clear();
  f.agree(request);
  request.scope = "openid";
  request.claims = R"({"id_token":{"family_name":null}})";
  CHECK(f.gets_code(request));
}

TEST_CASE("prompt=consent asks although the person has agreed, also for an application of the house") {
  ConsentFixture f;
  f.agree(spa_request());
  for (auto request : {spa_request(), OidcFixture::request()}) {
    CAPTURE(request.client_id);
    request.prompt = "consent";
    f.now += 1s;
    const auto attempt = f.question(request);
    // An older consent is not the one that was asked for.
    (void)f.question(request, &attempt);
    f.now += 1s;
    f.answer(attempt, true);
    CHECK(f.gets_code(request, &attempt));
    CHECK_FALSE(f.gets_code(request));
  }
  auto request = spa_request();
  request.prompt = "none consent";
  CHECK(f.refusal_of(request, f.cookie) == OAuthError::invalid_request);
}

TEST_CASE("an application of the house gets what it is registered for without a question") {
  ConsentFixture f;
  CHECK(f.gets_code(OidcFixture::request()));
  CHECK(f.given().empty());
  f.change_client("portal", [](rights::Client& client) { client.is_first_party = false; });
  (void)f.question(OidcFixture::request());
  f.change_client("portal", [](rights::Client& client) {
    client.is_first_party = true;
    client.is_dynamic = true;
  });
  (void)f.question(OidcFixture::request());
}

TEST_CASE("offline access is granted to a registered client alone, and asked for where consent is") {
  ConsentFixture f;
  auto request = spa_request();
  request.scope = "openid offline_access";
  CHECK(f.question(request).consent == "openid");  // not registered for it
  f.change_client("spa", [](rights::Client& client) { client.scopes.emplace_back("offline_access"); });
  CHECK(f.question(request).consent == "openid");  // nor for refresh tokens
  f.change_client("spa", [](rights::Client& client) { client.grants.emplace_back("refresh_token"); });
  const auto attempt = f.question(request);
  CHECK(attempt.consent == "openid offline_access");
  f.answer(attempt, true);
  CHECK(f.gets_code(request));
}

TEST_CASE("consent that is taken back ends what the application has at once") {
  ConsentFixture f;
  f.agree(spa_request());
  const auto done = f.redeem_spa();
  REQUIRE_FALSE(done.refusal);
  REQUIRE_FALSE(flow::find_userinfo(*f.house, done.tokens.access_token, f.facts())->refusal);
  // A code that waits is worth nothing any more either.
  const auto waiting = f.authorize(spa_request(), f.cookie);
  REQUIRE(std::holds_alternative<flow::CodeIssued>(waiting));
  const auto listed = f.given();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].items.size() == 3);
  const auto id = base::Id::parse(listed[0].id).value();
  REQUIRE(flow::withdraw_consent(*f.house, f.actor(), id, f.facts()));
  CHECK(flow::find_userinfo(*f.house, done.tokens.access_token, f.facts())->refusal);
  auto late = OidcFixture::redemption(std::get<flow::CodeIssued>(waiting).code);
  late.client = {flow::ClientMethod::none, "spa", {}};
  late.redirect_uri = spa_request().redirect_uri;
  CHECK(f.error_of(late) == OAuthError::invalid_grant);
  (void)f.question(spa_request());
  CHECK(f.given().empty());
  const auto events = f.events("consent_change");
  REQUIRE(events.size() == 2);
  CHECK(events[0].data.find("withdrawn") != std::string::npos);
  const auto again = flow::withdraw_consent(*f.house, f.actor(), id, f.facts());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == base::Code::not_found);
}

TEST_CASE("a person sees and ends the access of an application of the house that outlives the session") {
  ConsentFixture f;
  f.change_client("portal", [](rights::Client& client) {
    client.grants = {"authorization_code", "refresh_token"};
    client.scopes.emplace_back("offline_access");
  });
  auto request = OidcFixture::request();
  (void)f.redeem(OidcFixture::redemption(std::get<flow::CodeIssued>(f.authorize(request, f.cookie)).code));
  CHECK(f.given().empty());  // it ends with the session
  request.scope = "openid email offline_access";
  const auto code = std::get<flow::CodeIssued>(f.authorize(request, f.cookie)).code;
  const auto done = f.redeem(OidcFixture::redemption(code));
  REQUIRE_FALSE(done.refusal);
  const auto listed = f.given();
  REQUIRE(listed.size() == 1);
  CHECK_FALSE(listed[0].is_asked);
  CHECK(listed[0].name == "Portal");
  CHECK(listed[0].items.size() == 3);
  CHECK(listed[0].given_at == f.now);
  const auto id = base::Id::parse(listed[0].id).value();
  f.add_account("jan.nowak", OidcFixture::password);
  const auto jan = flow::find_visitor(*f.house, f.log_in("jan.nowak"), f.facts());
  CHECK(flow::list_consents(*f.house, *jan->actor, text::Language::en, f.now)->empty());
  CHECK(flow::withdraw_consent(*f.house, *jan->actor, id, f.facts()).error().code == base::Code::not_found);
  REQUIRE(flow::withdraw_consent(*f.house, f.actor(), id, f.facts()));
  CHECK(f.given().empty());
  const auto refreshed = flow::refresh_tokens(
      *f.house,
      {{flow::ClientMethod::basic, "portal", base::Secret("portal-secret"), {}}, done.tokens.refresh_token, {}, {}},
      f.facts());
  CHECK(refreshed->refusal->error == OAuthError::invalid_grant);
  const auto event = f.events("consent_change").front();
  CHECK(event.client == "portal");
  CHECK(event.data.find("withdrawn") != std::string::npos);
  CHECK(event.data.find("openid email offline_access") != std::string::npos);
  CHECK(flow::withdraw_consent(*f.house, f.actor(), id, f.facts()).error().code == base::Code::not_found);
}

TEST_CASE("access that has run out is not listed any more, and what was agreed to stands once") {
  ConsentFixture f;
  f.change_client("spa", [](rights::Client& client) {
    client.grants = {"authorization_code", "refresh_token"};
    client.scopes.emplace_back("offline_access");
  });
  auto request = spa_request();
  request.scope = "openid offline_access";
  f.agree(request);
  auto wished = OidcFixture::redemption(std::get<flow::CodeIssued>(f.authorize(request, f.cookie)).code);
  wished.client = {flow::ClientMethod::none, "spa", {}};
  wished.redirect_uri = request.redirect_uri;
  REQUIRE_FALSE(f.redeem(wished).refusal);
  const auto listed = f.given();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].is_asked);
  const auto uses = [&] {
    return f.store->read([&](store::Tx& tx) { return store::list_offline_uses(tx, f.anna, f.now, 500); })->size();
  };
  CHECK(uses() == 1);
  f.now += 24h * 400;
  CHECK(uses() == 0);
}

TEST_CASE("nobody takes back the consent of somebody else, and other applications keep theirs") {
  ConsentFixture f;
  f.agree(spa_request());
  f.change_client("portal", [](rights::Client& client) { client.is_first_party = false; });
  f.agree(OidcFixture::request());
  f.add_account("jan.nowak", OidcFixture::password);
  const auto spa = f.find_client("spa").id;
  const auto jan = flow::find_visitor(*f.house, f.log_in("jan.nowak"), f.facts());
  CHECK_FALSE(flow::withdraw_consent(*f.house, *jan->actor, spa, f.facts()));
  CHECK(f.gets_code(spa_request()));
  REQUIRE(flow::withdraw_consent(*f.house, f.actor(), spa, f.facts()));
  CHECK(f.gets_code(OidcFixture::request()));
}

TEST_CASE("an answer for an application that is gone or asks for nothing changes nothing") {
  ConsentFixture f;
  auto attempt = f.question(spa_request());
  auto empty = attempt;
  empty.consent.clear();
  CHECK_FALSE(flow::answer_consent(*f.house, f.actor(), empty, true, f.facts()));
  CHECK_FALSE(flow::find_consent_question(*f.house, empty, text::Language::en)->has_value());
  f.change_client("spa", [](rights::Client& client) { client.enabled = false; });
  CHECK_FALSE(flow::answer_consent(*f.house, f.actor(), attempt, true, f.facts()));
  CHECK_FALSE(flow::find_consent_question(*f.house, attempt, text::Language::en)->has_value());
  CHECK(f.given().empty());
  CHECK(f.events("consent_change").empty());
}

TEST_CASE("who was suspended, or has logged out, between the question and the answer agrees to nothing") {
  ConsentFixture f;
  const auto attempt = f.question(spa_request());
  const auto actor = f.actor();
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::raise_security_stamp(tx, f.anna); }));
  const auto done = flow::answer_consent(*f.house, actor, attempt, true, f.facts());
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::denied);
  CHECK(f.events("consent_change").empty());
}

TEST_CASE("the question names the application and says each thing once, in the person's language") {
  ConsentFixture f;
  auto request = spa_request();
  request.claims = R"({"userinfo":{"email":null}})";
  const auto question = flow::find_consent_question(*f.house, f.question(request), text::Language::pl);
  REQUIRE(question);
  REQUIRE(*question);
  REQUIRE((*question)->items.size() == 3);
  CHECK((*question)->items[1].text == "Imię i nazwisko, login i język");
}

TEST_CASE("an attempt keeps what is asked and that it was refused, sealed") {
  ConsentFixture f;
  auto attempt = f.question(spa_request());
  attempt.is_refused = true;
  const auto sealed = flow::seal_attempt(*f.house, attempt);
  REQUIRE(sealed);
  const auto opened = flow::open_attempt(*f.house, attempt.id, *sealed, f.now);
  REQUIRE(opened);
  CHECK(opened->consent == attempt.consent);
  CHECK(opened->is_refused);
}
