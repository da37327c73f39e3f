// The question of consent and the answers by form, over raw sockets.
#include <doctest/doctest.h>

#include "door/oidc/code_flow.hpp"

using door::App;
using door::Browser;
using door::Fields;
using door::Machine;
using door::PageForm;
using door::Reply;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const Fields spa{{"client_id", "demo-spa"}, {"scope", "openid profile"}};

Fields with(Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

Reply ask(Browser& browser, const Fields& changes) {
  return browser.follow(browser.get(door::authorize_path(changes)));
}

}  // namespace

TEST_CASE("a public application asks once, names itself and where one returns, and is listed until it is taken back") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const Reply page = ask(browser, spa);
  CHECK(page.status == 200);
  CHECK(has(page.body, "Patient app"));
  CHECK(has(page.body, "Your name, your login name and your language"));
  CHECK(has(page.body, "http://127.0.0.1:9191"));
  CHECK(has(page.header("content-security-policy"), "form-action 'self' http://127.0.0.1:9191"));
  const Reply back = browser.follow(browser.submit(page.form("/login/consent"), {{"answer", "yes"}}));
  CHECK(door::parameters_of(back.location()).contains("code"));
  CHECK(door::parameters_of(back.location()).at("state") == "st-1");
  CHECK(door::parameters_of(ask(browser, spa).location()).contains("code"));

  const Reply applications = browser.get("/account/applications");
  const PageForm withdrawal = applications.form("/account/applications/withdraw");
  REQUIRE_FALSE(withdrawal.action.empty());
  const Reply done = browser.follow(browser.submit(withdrawal, {}));
  CHECK(has(done.body, "Your consent was taken back"));
  CHECK(done.form("/account/applications/withdraw").action.empty());
  CHECK(door::parameters_of(ask(browser, with(spa, {{"prompt", "none"}})).location()).at("error") ==
        "consent_required");
  CHECK(app.events("consent_change").size() == 2);
}

TEST_CASE(
    "before the login and at the question one finds the application's home page, policy and terms, marked as its own") {
  const App app;
  Browser browser(app.port());
  rights::Client client = rights::draft_client(rights::ClientKind::spa);
  client.client_id = "stranger";
  client.name = "Stranger";
  client.redirect_uris = {door::callback};
  client.client_uri = "https://stranger.example.org/about";
  client.policy_uri = "https://stranger.example.org/privacy?a=1&b=2";
  client.tos_uri = "http://127.0.0.1:9/terms";
  client.logo_uri = "https://stranger.example.org/logo.png";
  app.add_client(client, "");
  const Fields asked{{"client_id", "stranger"}, {"scope", "openid"}};
  const auto check = [](const Reply& page) {
    CHECK(has(page.body, R"(href="https://stranger.example.org/about" rel="noopener noreferrer")"));
    CHECK(has(page.body, "https://stranger.example.org/privacy?a=1&amp;b=2"));
    CHECK(has(page.body, "These pages belong to the application. They lead away from here."));
    // Only https becomes a link, and nothing is loaded from others.
    CHECK_FALSE(has(page.body, "/terms"));
    CHECK_FALSE(has(page.body, "logo.png"));
    CHECK(has(page.header("content-security-policy"), "default-src 'none'"));
  };
  const Reply login = ask(browser, asked);
  check(login);
  check(browser.follow(
      browser.submit(login.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}})));
  CHECK_FALSE(has(browser.get("/login").body, "They lead away from here"));
}

TEST_CASE("who does not agree goes back with access_denied, and the attempt is over") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const Reply page = ask(browser, spa);
  const PageForm form = page.form("/login/consent");
  const Reply back = browser.follow(browser.submit(form, {{"answer", "no"}}));
  const auto parameters = door::parameters_of(back.location());
  CHECK(parameters.at("error") == "access_denied");
  CHECK(parameters.at("iss") == app.origin());
  CHECK_FALSE(parameters.contains("code"));
  const Reply again = browser.submit(form, {{"answer", "yes"}});
  CHECK(again.status == 400);
  CHECK(app.events("code_issue").empty());
}

TEST_CASE("nobody agrees for another browser, with a forged token, or without having been asked") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const PageForm form = ask(browser, spa).form("/login/consent");
  Browser thief(app.port());
  App::log_in(thief, "piotr.wisniewski", "Forest-Amber-2026");
  CHECK(thief.submit(form, {{"answer", "yes"}}).status >= 400);
  CHECK(browser.post("/login/consent", {{"answer", "yes"}, {"csrf", "x"}, {"attempt", form.field("attempt")}}).status ==
        403);
  CHECK(browser.post("/login/consent", {{"answer", "yes"}, {"csrf", form.field("csrf")}}).status >= 400);
  CHECK(app.events("consent_change").empty());
}

TEST_CASE("the question comes after login and context, and a page that is opened too early leads there") {
  const App app;
  Browser browser(app.port());
  const Reply login = ask(browser, spa);
  const PageForm form = login.form("/login/password");
  REQUIRE_FALSE(form.action.empty());
  const Reply early = browser.get("/login/consent?attempt=" + form.field("attempt"));
  CHECK(has(early.location(), "/login?attempt="));
  const Reply page = browser.follow(browser.submit(form, {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}));
  CHECK_FALSE(page.form("/login/consent").action.empty());
  CHECK(browser.get("/login/consent?attempt=x").status == 400);
}

TEST_CASE("an answer by form has all parameters as fields, a button, and one place to go") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const std::string state = "\"><script>alert(1)</script>";
  const Reply page = browser.get(door::authorize_path({{"response_mode", "form_post"}, {"state", state}}));
  CHECK(page.status == 200);
  CHECK(has(page.header("content-security-policy"), "form-action 'self' http://127.0.0.1:9191"));
  CHECK(has(page.header("cache-control"), "no-store"));
  CHECK_FALSE(has(page.body, "<script>alert"));
  const PageForm form = page.form(door::callback);
  REQUIRE(form.action == door::callback);
  CHECK(form.field("code").size() == 64);
  CHECK(form.field("state") == state);
  CHECK(form.field("iss") == app.origin());
  CHECK(has(page.body, "type=\"submit\""));
  Machine portal(app);
  CHECK(portal.redeem(form.field("code")).status == 200);
}

TEST_CASE("a refusal goes by form too, if the request asks for it") {
  const App app;
  Browser browser(app.port());
  const Reply page = browser.get(door::authorize_path({{"response_mode", "form_post"}, {"prompt", "none"}}));
  const PageForm form = page.form(door::callback);
  CHECK(form.field("error") == "login_required");
  CHECK(form.field("state") == "st-1");
  // An unknown mode is refused in the query.
  const Reply other = browser.get(door::authorize_path({{"response_mode", "fragment"}}));
  CHECK(door::parameters_of(other.location()).at("error") == "invalid_request");
}

TEST_CASE("a request object is refused where the client asked for its answers, and nothing else in it counts") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const auto ask = [&](const std::string& claims, const Fields& more = {}) {
    const std::string object = base::to_base64url(R"({"alg":"none"})") + "." + base::to_base64url(claims) + ".";
    return browser.get(door::authorize_path(with({{"state", "-"}, {"nonce", "-"}, {"request", object}}, more)));
  };
  const Reply page = ask(R"({"state":"inside","response_mode":"form_post","redirect_uri":"https://evil.example/"})");
  const PageForm form = page.form(door::callback);
  REQUIRE(form.action == door::callback);
  CHECK(form.field("error") == "request_not_supported");
  CHECK(form.field("state") == "inside");
  CHECK_FALSE(has(page.body, "evil.example"));
  const auto back = [](const Reply& reply) { return door::parameters_of(reply.location()); };
  // What stands beside the object counts first.
  const auto beside =
      back(ask(R"({"state":"inside","response_mode":"form_post"})", {{"state", "beside"}, {"response_mode", "query"}}));
  CHECK(beside.at("error") == "request_not_supported");
  CHECK(beside.at("state") == "beside");
  const std::vector<std::string> useless{"",
                                         "x",
                                         "[]",
                                         R"({"state":7})",
                                         R"({"state":"a","state":"b"})",
                                         R"({"state":")" + std::string(1025, 'x') + "\"}"};
  for (const std::string& claims : useless) {
    CAPTURE(claims);
    const auto refused = back(ask(claims));
    CHECK(refused.at("error") == "request_not_supported");
    CHECK_FALSE(refused.contains("state"));
  }
  // An address that is not registered gets no answer, whatever the object says.
  CHECK(ask(R"({"redirect_uri":")" + std::string(door::callback) + "\"}", {{"redirect_uri", "https://evil.example/"}})
            .status == 400);
}

TEST_CASE("the resource may come several times, and nothing else") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const std::string issuer = base::percent_encode(app.origin());
  const std::string twice = "&resource=" + issuer + "&resource=" + issuer;
  CHECK(door::parameters_of(browser.get(door::authorize_path() + twice).location()).contains("code"));
  const std::string unknown = "&resource=" + issuer + "&resource=https%3A%2F%2Felsewhere.example%2F";
  CHECK(door::parameters_of(browser.get(door::authorize_path() + unknown).location()).at("error") == "invalid_target");
  CHECK(door::parameters_of(browser.get(door::authorize_path() + "&nonce=x").location()).at("error") ==
        "invalid_request");
  CHECK(door::parameters_of(browser.get(door::authorize_path() + "&display=touch&claims_locales=x&foo=1").location())
            .contains("code"));
}
