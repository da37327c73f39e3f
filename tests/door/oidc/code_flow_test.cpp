// The code flow without attackers: single sign-on, prompt, login attempts, logout.
#include "door/oidc/code_flow.hpp"

#include <algorithm>

using door::App;
using door::Browser;
using door::has;
using door::Machine;
using door::Reply;

TEST_CASE("a person logs in once and is inside two applications") {
  const App app;
  Browser browser(app.port());
  const Reply to_login = browser.get(door::authorize_path());
  CHECK(to_login.status == 303);
  CHECK(has(to_login.location(), "/login?attempt="));
  const Reply form = browser.follow(to_login);
  const Reply back = browser.follow(
      browser.submit(form.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}));
  REQUIRE(back.status == 303);
  CHECK(has(back.location(), "http://127.0.0.1:9191/callback?code="));
  auto answer = door::parameters_of(back.location());
  CHECK(answer["state"] == "st-1");
  CHECK(answer["iss"] == app.origin());
  CHECK(std::none_of(browser.cookies.begin(), browser.cookies.end(),
                     [](const auto& cookie) { return has(cookie.first, "attempt"); }));

  Machine portal(app);
  const Reply tokens = portal.redeem(answer["code"]);
  CHECK(tokens.status == 200);
  CHECK(tokens.header("cache-control") == "no-store");
  CHECK(tokens.header("pragma") == "no-cache");
  CHECK(door::member_of(tokens, "token_type") == "Bearer");
  CHECK_FALSE(door::member_of(tokens, "id_token").empty());
  const Reply person =
      portal.get("/oauth2/userinfo", {{"Authorization", "Bearer " + door::member_of(tokens, "access_token")}});
  CHECK(person.status == 200);
  CHECK(door::member_of(person, "name") == "Jan Nowak");

  const Reply laboratory = browser.get(door::authorize_path(
      {{"client_id", "demo-lab"}, {"redirect_uri", "http://localhost:8091/callback"}, {"scope", "openid"}}));
  CHECK(has(laboratory.location(), "http://localhost:8091/callback?code="));
  CHECK(app.events("login").size() == 1);
  CHECK(app.events("code_issue").size() == 2);
  CHECK(app.events("token_issue").size() == 1);
}

TEST_CASE("the request may come as a form from the relying party's own site") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  const auto cookies = browser.cookies;
  browser.cookies.clear();  // a browser sends no SameSite=Lax cookie with a POST of another site
  const Reply first = browser.post("/oauth2/authorize", door::portal_request({{"prompt", "none"}}),
                                   {{"Origin", "http://localhost:8090"}});
  REQUIRE(first.status == 303);
  browser.cookies = cookies;
  CHECK(has(browser.follow(first).location(), "callback?code="));
  CHECK(browser.post("/oauth2/authorize?x=1", door::portal_request()).status == 400);
}

TEST_CASE("prompt=none answers by redirect whatever is missing") {
  const App app;
  Browser browser(app.port());
  auto answer = door::parameters_of(browser.get(door::authorize_path({{"prompt", "none"}})).location());
  CHECK(answer["error"] == "login_required");
  CHECK(answer["iss"] == app.origin());
  App::log_in(browser, "anna.kowalska", "Meadow-Violet-2026");
  answer = door::parameters_of(browser.get(door::authorize_path({{"prompt", "none"}})).location());
  CHECK(answer["error"] == "interaction_required");
}

TEST_CASE("prompt=consent asks every time, and discovery says that it does") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  for (int time = 0; time < 2; ++time) {
    const Reply page = browser.follow(browser.get(door::authorize_path({{"prompt", "consent"}})));
    CHECK_FALSE(page.form("/login/consent").action.empty());
    CHECK(door::get_code(browser, {{"prompt", "consent"}}).size() == 64);
  }
  CHECK(app.events("consent_change").size() == 2);
  const Reply metadata = browser.get("/.well-known/openid-configuration");
  CHECK(has(metadata.body, R"("prompt_values_supported":["none","login","select_account","consent"])"));
  CHECK(has(metadata.body, R"("claims_parameter_supported":true)"));
  CHECK(has(metadata.body, R"("subject_types_supported":["public","pairwise"])"));
}

TEST_CASE("a login attempt belongs to the browser that began it") {
  const App app;
  Browser victim(app.port());
  Browser attacker(app.port());
  const std::string login = attacker.get(door::authorize_path()).location();
  const std::string id = login.substr(login.find('=') + 1);
  App::log_in(victim, "jan.nowak", "River-Copper-2026");
  const Reply stolen = victim.get("/oauth2/authorize?attempt=" + id);
  CHECK(stolen.status == 400);
  CHECK(stolen.location().empty());
  for (const std::string& bad :
       {std::string("x"), std::string(), id + "x", std::string("00000000-0000-0000-0000-000000000000")}) {
    CHECK(victim.get("/oauth2/authorize?attempt=" + bad).status == 400);
  }
  CHECK(victim.get("/oauth2/authorize?attempt=" + id + "&attempt=" + id).status == 400);
  CHECK(attacker.get("/oauth2/authorize?attempt=" + id + "&client_id=demo-lab").status == 400);
  CHECK(app.events("code_issue").empty());
}

TEST_CASE("going to the end of an attempt without a login leads to the login, not to a code") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  const std::string login = browser.get(door::authorize_path({{"prompt", "login"}})).location();
  const Reply skipped = browser.get("/oauth2/authorize?attempt=" + login.substr(login.find('=') + 1));
  CHECK(skipped.status == 303);
  CHECK(skipped.location() == login);
  CHECK(app.events("code_issue").empty());
}

TEST_CASE("of many attempts in one browser four are kept") {
  const App app;
  Browser browser(app.port());
  for (int i = 0; i < 8; ++i) CHECK(browser.get(door::authorize_path()).status == 303);
  CHECK(std::count_if(browser.cookies.begin(), browser.cookies.end(),
                      [](const auto& cookie) { return has(cookie.first, "attempt"); }) == 4);
}

TEST_CASE("logout by the relying party ends the session and leads back; a bare link asks first") {
  const App app;
  Browser browser(app.port());
  Machine portal(app);
  const Reply tokens = portal.redeem(door::get_code(browser));
  const std::string bearer = "Bearer " + door::member_of(tokens, "access_token");
  CHECK(browser.get("/oauth2/logout").location() == "/logout");
  CHECK(browser.get("/oauth2/logout?client_id=demo-portal&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A9191%2Fbye")
            .location() == "/logout");
  Browser other(app.port());
  const Reply of_other = portal.redeem(door::get_code(other));
  const Reply asked =
      browser.get("/oauth2/logout?" + door::to_form({{"id_token_hint", door::member_of(of_other, "id_token")},
                                                     {"post_logout_redirect_uri", "http://127.0.0.1:9191/bye"}}));
  CHECK(has(asked.location(), "/logout?next="));
  const Reply question = browser.get(asked.location());
  CHECK(question.status == 200);
  CHECK(has(question.header("content-security-policy"), "form-action 'self' http://127.0.0.1:9191"));
  CHECK(browser.get("/oauth2/logout?client_id=demo-portal&post_logout_redirect_uri=http%3A%2F%2Fevil.example%2F")
            .status == 400);
  CHECK(browser.get("/account").status == 200);
  const Reply gone =
      browser.get("/oauth2/logout?" + door::to_form({{"id_token_hint", door::member_of(tokens, "id_token")},
                                                     {"post_logout_redirect_uri", "http://127.0.0.1:9191/bye"},
                                                     {"state", "s\r\nX: y"}}));
  CHECK(gone.location() == "http://127.0.0.1:9191/bye?state=s%0D%0AX%3A%20y");
  CHECK(browser.get("/account").status == 303);
  CHECK(portal.get("/oauth2/userinfo", {{"Authorization", bearer}}).status == 401);
  CHECK(app.events("logout").size() == 1);
}

TEST_CASE("a form of another site, to which the browser adds no cookie, takes no session's cookie away") {
  const App app;
  for (const std::string& locales : {std::string("pl"), std::string(6001, 'x')}) {
    Browser without_cookie(app.port());
    const Reply reply = without_cookie.post("/oauth2/logout", {{"ui_locales", locales}});
    CHECK(reply.status == (locales.size() < 100 ? 303 : 400));
    CHECK(reply.header("set-cookie").find("chancery_session") == std::string::npos);
  }
  Browser nobody(app.port());
  const Reply gone = nobody.get("/oauth2/logout");
  CHECK(gone.location() == "/logout/done");
  CHECK(gone.header("set-cookie").find("chancery_session") == std::string::npos);
}

TEST_CASE("who says yes to the question is led back to the relying party, and only to where the link was sealed for") {
  const App app;
  Browser browser(app.port());
  Browser other(app.port());
  Machine portal(app);
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  const Reply of_other = portal.redeem(door::get_code(other));
  const std::string request =
      "/oauth2/logout?" + door::to_form({{"id_token_hint", door::member_of(of_other, "id_token")},
                                         {"state", "7"},
                                         {"post_logout_redirect_uri", "http://127.0.0.1:9191/bye"}});
  const Reply asked = browser.get(request);
  auto form = browser.get(asked.location()).form("/logout");
  auto altered = form;
  for (auto& [name, value] : altered.fields) {
    if (name == "next") value.back() = value.back() == 'A' ? 'Q' : 'A';
  }
  CHECK(browser.submit(form, {}).location() == "http://127.0.0.1:9191/bye?state=7");
  CHECK(browser.submit(altered, {}).location() == "/logout/done");
  CHECK(browser.get(asked.location()).location() == "http://127.0.0.1:9191/bye?state=7");
}

TEST_CASE("discovery and keys are shared with every origin and may be cached") {
  const App app;
  Machine anybody(app);
  for (const char* path :
       {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/jwks"}) {
    const Reply reply = anybody.get(path);
    CHECK(reply.status == 200);
    CHECK(reply.header("access-control-allow-origin") == "*");
    CHECK(has(reply.header("cache-control"), "max-age"));
  }
  CHECK(door::member_of(anybody.get("/.well-known/openid-configuration"), "issuer") == app.origin());
}
