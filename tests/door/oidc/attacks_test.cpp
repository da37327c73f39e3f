// What attackers try at the authorization, token and userinfo endpoints (RFC 9700, security rules 3, 4, 8, 9).
#include <atomic>
#include <thread>

#include "app/config/config.hpp"
#include "door/oidc/code_flow.hpp"

using door::App;
using door::Browser;
using door::Fields;
using door::has;
using door::Machine;
using door::Reply;

namespace {

bool is_page(const Reply& reply) {
  return reply.status == 400 && reply.location().empty() && has(reply.header("content-type"), "text/html");
}

/// The parameter `error` of the redirect to the registered address; "" if the reply is no such redirect.
std::string redirected_error(const Reply& reply) {
  if (reply.status != 303 || !reply.location().starts_with(std::string(door::callback) + "?")) return "";
  auto parameters = door::parameters_of(reply.location());
  return parameters.contains("code") || !parameters.contains("iss") ? "" : parameters["error"];
}

std::string encode(const std::string& header, const std::string& claims, const std::string& signature) {
  return base::to_base64url(header) + "." + base::to_base64url(claims) + "." + signature;
}

}  // namespace

TEST_CASE("redirect tricks end on a page") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  for (const char* uri : {"http://127.0.0.1:9191/callback/",
                          "http://127.0.0.1:9191//callback",
                          "http://127.0.0.1:9191/callback;x",
                          "http://127.0.0.1:9191/callback%2e",
                          "http://127.0.0.1:9191/%2e/callback",
                          "http://127.0.0.1:9191/CALLBACK",
                          "http://127.0.0.1:9192/callback",
                          "http://127.0.0.1/callback",
                          "https://127.0.0.1:9191/callback",
                          "HTTP://127.0.0.1:9191/callback",
                          "http://127.0.0.1:9191/callback#x",
                          "http://127.0.0.1:9191/callback?x",
                          "http://127.0.0.1:9191@evil.example/callback",
                          "http://evil.example\\@127.0.0.1:9191/callback",
                          "//127.0.0.1:9191/callback",
                          "http://127.0.0.1:9191/callback\r\nSet-Cookie: x=y",
                          "http://127.1:9191/callback",
                          "javascript:alert(1)",
                          " http://127.0.0.1:9191/callback",
                          "http://127.0.0.1:9191/callback ",
                          ""}) {
    CAPTURE(uri);
    CHECK(is_page(browser.get(door::authorize_path({{"redirect_uri", uri}}))));
  }
  CHECK(is_page(browser.get(door::authorize_path({{"redirect_uri", "-"}}))));
  const Reply unknown = browser.get(door::authorize_path({{"client_id", "nobody"}}), {{"Accept-Language", "pl"}});
  CHECK(is_page(unknown));
  CHECK(has(unknown.body, "jest nieznana"));
  CHECK_FALSE(has(unknown.body, "oidc.error"));
  CHECK(is_page(browser.get(door::authorize_path({{"client_id", "-"}}))));
  CHECK(is_page(browser.get(door::authorize_path() + "&client_id=demo-lab")));
  CHECK(is_page(browser.get(door::authorize_path() + "&redirect_uri=http%3A%2F%2Fevil.example%2F")));
  CHECK(is_page(browser.get("/oauth2/authorize?client_id=%zz")));
  CHECK(is_page(browser.get("/oauth2/authorize?client_id=%ff%fe")));
  CHECK(is_page(browser.get("/oauth2/authorize")));
  CHECK(app.events("code_issue").empty());
}

TEST_CASE("doubled, huge and malformed parameters are refused") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  CHECK(redirected_error(browser.get(door::authorize_path() + "&nonce=2")) == "invalid_request");
  CHECK(redirected_error(browser.get(door::authorize_path() + "&scope=openid")) == "invalid_request");
  const Reply doubled_state = browser.get(door::authorize_path() + "&state=2");
  CHECK(redirected_error(doubled_state) == "invalid_request");
  CHECK_FALSE(has(doubled_state.location(), "state="));
  CHECK(redirected_error(browser.get(door::authorize_path({{"state", std::string(2000, 'x')}}))) == "invalid_request");
  CHECK(redirected_error(browser.get(door::authorize_path({{"nonce", std::string(2000, 'x')}}))) == "invalid_request");
  CHECK(browser.get(door::authorize_path({{"login_hint", std::string(100'000, 'x')}})).status >= 400);
  std::string many = door::authorize_path();
  for (int i = 0; i < 200; ++i) many += "&x" + std::to_string(i) + "=1";
  CHECK(is_page(browser.get(many)));
  CHECK(app.events("code_issue").empty());
}

TEST_CASE("a request that no attempt can hold is refused instead of losing a part") {
  const App app;
  Browser browser(app.port());
  // Each parameter is within its limit. Percent-encoded and sealed together they are too large for a cookie.
  const std::string wide(1000, '%');
  CHECK(redirected_error(browser.get(door::authorize_path({{"state", wide}, {"nonce", std::string(500, '%')}}))) ==
        "invalid_request");
}

TEST_CASE("what is in state comes back as it was and can be no header") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  const std::string odd = "a b&code=evil#%41/\xc4\x85\"<>";
  const Reply reply = browser.get(door::authorize_path({{"state", odd}}));
  CHECK(door::parameters_of(reply.location())["state"] == odd);
  CHECK(door::parameters_of(reply.location())["code"] != "evil");
  const Reply split = browser.get(door::authorize_path({{"state", "x\r\nSet-Cookie: evil=1"}}));
  CHECK(redirected_error(split) == "invalid_request");
  CHECK_FALSE(browser.cookies.contains("evil"));
}

TEST_CASE("PKCE cannot be left out, weakened or mismatched") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  CHECK(redirected_error(browser.get(
            door::authorize_path({{"code_challenge", "-"}, {"code_challenge_method", "-"}}))) == "invalid_request");
  CHECK(redirected_error(browser.get(door::authorize_path({{"code_challenge_method", "-"}}))) == "invalid_request");
  CHECK(redirected_error(browser.get(door::authorize_path({{"code_challenge_method", "plain"}}))) == "invalid_request");
  CHECK(redirected_error(browser.get(door::authorize_path({{"code_challenge_method", "s256"}}))) == "invalid_request");
  Machine portal(app);
  const std::string code = door::get_code(browser);
  CHECK(door::error_of(portal.redeem(code, {{"code_verifier", "-"}})) == "invalid_grant");
  CHECK(door::error_of(portal.redeem(code, {{"code_verifier", door::challenge}})) == "invalid_grant");
  CHECK(door::error_of(portal.redeem(code, {{"code_verifier", std::string(100, 'a')}})) == "invalid_grant");
  CHECK(portal.redeem(code).status == 200);
}

TEST_CASE("a replayed code gives nothing and takes back what it gave, also when many try at once") {
  const App app;
  Browser browser(app.port());
  Machine portal(app);
  const std::string code = door::get_code(browser);
  const Reply good = portal.redeem(code);
  const Browser::Headers bearer{{"Authorization", "Bearer " + door::member_of(good, "access_token")}};
  CHECK(portal.get("/oauth2/userinfo", bearer).status == 200);
  CHECK(door::error_of(portal.redeem(code)) == "invalid_grant");
  CHECK(portal.get("/oauth2/userinfo", bearer).status == 401);
  CHECK(app.events("code_replay").size() == 1);

  const std::string contested = door::get_code(browser);
  std::atomic<int> won{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        Machine racer(app);
        won += racer.redeem(contested).status == 200 ? 1 : 0;
      });
    }
  }
  CHECK(won == 1);
  CHECK(app.events("token_issue").size() == 2);
}

TEST_CASE("the token endpoint refuses what is sent in two ways, in the address, or by somebody else") {
  const App app;
  Browser browser(app.port());
  Machine portal(app);
  const std::string code = door::get_code(browser);
  const std::string body = door::to_form(door::token_form(code));
  const auto right = door::basic("demo-portal", "demo-portal-secret");
  const auto error = [&](const std::string& sent, const Browser::Headers& headers,
                         std::string_view path = "/oauth2/token") {
    return door::error_of(portal.post(path, sent, headers));
  };
  const Reply wrong = portal.post("/oauth2/token", body, door::basic("demo-portal", "wrong"));
  CHECK(wrong.status == 401);
  CHECK(has(wrong.header("www-authenticate"), "Basic"));
  CHECK(wrong.header("cache-control") == "no-store");
  const Reply unknown = portal.post("/oauth2/token", body, door::basic("nobody", "wrong"));
  CHECK(unknown.status == 401);
  CHECK(unknown.body == wrong.body);
  CHECK(error(body + "&client_secret=x", right) == "invalid_request");
  CHECK(error(body + "&client_id=demo-lab", right) == "invalid_request");
  CHECK(error(body + "&code=2", right) == "invalid_request");
  auto twice = right;
  twice.push_back(right.front());
  CHECK(portal.post("/oauth2/token", body, twice).status == 400);
  CHECK(error(body, right, "/oauth2/token?code=" + code) == "invalid_request");
  CHECK(error(body, {}) == "invalid_client");
  CHECK(error(body + "&client_id=demo-portal", {}) == "invalid_client");
  CHECK(error(body + "&client_id=demo-spa", {}) == "invalid_grant");
  CHECK(error(body, door::basic("demo-lab", "demo-lab-secret")) == "invalid_grant");
  CHECK(error("grant_type=password&username=a&password=b", right) == "unsupported_grant_type");
  CHECK(error("code=" + code, right) == "invalid_request");
  CHECK(error("grant_type=authorization_code", right) == "invalid_request");
  CHECK(error("grant_type=%zz", right) == "invalid_request");
  CHECK(portal.get("/oauth2/token").status == 405);
  CHECK(portal.post("/oauth2/token", std::string(200'000, 'x'), right).status == 413);
  CHECK(door::error_of(portal.redeem(code, {{"redirect_uri", "http://localhost:8090/callback"}})) == "invalid_grant");
  CHECK(portal.redeem(code).status == 200);  // the refused requests have not consumed it
}

TEST_CASE("a token request without the parameter of its grant is told which one is missing") {
  const App app;
  Machine program(app);
  const auto right = door::basic("demo-portal", "demo-portal-secret");
  const std::vector<std::pair<std::string, std::string>> grants{
      {"authorization_code", "code is missing"},
      {"refresh_token", "refresh_token is missing"},
      {"urn:ietf:params:oauth:grant-type:device_code", "device_code is missing"}};
  for (const auto& [grant, sentence] : grants) {
    const Reply reply = program.post("/oauth2/token", "grant_type=" + grant, right);
    CHECK(door::error_of(reply) == "invalid_request");
    CHECK(has(reply.body, "\"error_description\":\"" + sentence + "\""));
  }
}

TEST_CASE("a bearer token must be ours, of the right type and key, and comes in one way") {
  const App app;
  Browser browser(app.port());
  Machine portal(app);
  const Reply tokens = portal.redeem(door::get_code(browser));
  const std::string access = door::member_of(tokens, "access_token");
  const std::string id_token = door::member_of(tokens, "id_token");
  const auto ask = [&](const std::string& token) {
    return portal.get("/oauth2/userinfo", {{"Authorization", "Bearer " + token}});
  };
  CHECK(ask(access).status == 200);
  const Reply none = portal.get("/oauth2/userinfo");
  CHECK(none.status == 401);
  CHECK_FALSE(has(none.header("www-authenticate"), "error"));

  const std::string claims =
      base::parse_base64url(access.substr(access.find('.') + 1, access.rfind('.') - access.find('.') - 1)).value();
  const std::string header = base::parse_base64url(access.substr(0, access.find('.'))).value();
  const std::string signature = access.substr(access.rfind('.') + 1);
  const std::string kid = std::string(boost::json::parse(header).at("kid").as_string());
  std::vector<std::string> forged{
      id_token,
      access + "A",
      access.substr(0, access.rfind('.') + 1),
      encode(R"({"alg":"none","typ":"at+jwt"})", claims, ""),
      encode(R"({"alg":"none","typ":"at+jwt","kid":")" + kid + "\"}", claims, ""),
      encode(R"({"alg":"HS256","typ":"at+jwt","kid":")" + kid + "\"}", claims, signature),
      encode(R"({"alg":"RS256","typ":"at+jwt","kid":")" + kid + "\"}", claims, signature),
      encode(R"({"alg":"ES256","typ":"at+jwt","kid":"../../etc/passwd"})", claims, signature),
      encode(R"({"alg":"ES256","typ":"at+jwt","kid":")" + kid + R"(","jwk":{}})", claims, signature),
      encode(header, R"({"iss":"evil"})", signature),
      "x",
      "..",
      std::string(20'000, 'a')};
  for (const std::string& token : forged) {
    CAPTURE(token.substr(0, 100));
    const Reply reply = ask(token);
    CHECK(reply.status >= 400);
    CHECK(reply.status < 500);
    if (reply.status == 401) {
      CHECK(has(reply.header("www-authenticate"), R"(error="invalid_token")"));
    }
  }
  CHECK(portal.get("/oauth2/userinfo?access_token=" + access).status == 400);
  CHECK(portal.get("/oauth2/userinfo", {{"Authorization", "Bearer " + access}, {"Authorization", "Bearer " + access}})
            .status == 400);
  CHECK(portal.post("/oauth2/userinfo", "access_token=" + access).status == 200);
  CHECK(portal.post("/oauth2/userinfo", "access_token=" + access, {{"Authorization", "Bearer " + access}}).status ==
        400);
  CHECK(portal.post("/oauth2/userinfo", "access_token=" + access + "&access_token=" + access).status == 400);
}

TEST_CASE("a forged hint logs nobody out and chooses nobody") {
  const App app;
  Browser browser(app.port());
  Machine portal(app);
  const std::string id_token = door::member_of(portal.redeem(door::get_code(browser)), "id_token");
  const std::string claims =
      base::parse_base64url(id_token.substr(id_token.find('.') + 1, id_token.rfind('.') - id_token.find('.') - 1))
          .value();
  const std::string forged = encode(R"({"alg":"none","typ":"JWT"})", claims, "");
  CHECK(browser.get("/oauth2/logout?id_token_hint=" + forged).location() == "/logout");
  CHECK(browser.get("/oauth2/logout?id_token_hint=" + id_token + "x").location() == "/logout");
  CHECK(redirected_error(browser.get(door::authorize_path({{"id_token_hint", forged}}))) == "invalid_request");
  CHECK(browser.get("/account").status == 200);
}

TEST_CASE("scripts of other origins read answers only of public clients, from their own origin") {
  const App app;
  Browser browser(app.port());
  Machine anybody(app);
  const Fields spa{{"client_id", "demo-spa"}, {"redirect_uri", door::callback}, {"scope", "openid"}};
  const std::string code = door::get_code(browser, spa);
  const std::string body = door::to_form(door::token_form(code)) + "&client_id=demo-spa";
  const std::string broken = door::to_form(door::token_form("x")) + "&client_id=demo-spa";
  CHECK(anybody.post("/oauth2/token", broken, {{"Origin", "https://evil.example"}})
            .header("access-control-allow-origin")
            .empty());
  const Reply tokens = anybody.post("/oauth2/token", body, {{"Origin", "http://127.0.0.1:9191"}});
  CHECK(tokens.status == 200);
  CHECK(tokens.header("access-control-allow-origin") == "http://127.0.0.1:9191");
  CHECK(tokens.header("access-control-allow-credentials").empty());
  const auto confidential =
      anybody.post("/oauth2/token", door::to_form(door::token_form("x")),
                   {{"Authorization", door::basic("demo-portal", "demo-portal-secret").front().second},
                    {"Origin", "http://127.0.0.1:9191"}});
  CHECK(confidential.header("access-control-allow-origin").empty());
  const std::string bearer = "Bearer " + door::member_of(tokens, "access_token");
  CHECK(anybody.get("/oauth2/userinfo", {{"Authorization", bearer}, {"Origin", "http://127.0.0.1:9191"}})
            .header("access-control-allow-origin") == "http://127.0.0.1:9191");
  CHECK(anybody.get("/oauth2/userinfo", {{"Authorization", bearer}, {"Origin", "https://evil.example"}})
            .header("access-control-allow-origin")
            .empty());
}

TEST_CASE("a preflight allows the origins of public clients and no others, and never every origin") {
  const App app;
  Browser anybody(app.port());
  const auto ask = [&](const char* path, const Browser::Headers& headers) {
    return anybody.request("OPTIONS", path, headers, "");
  };
  for (const char* path : {"/oauth2/token", "/oauth2/userinfo"}) {
    const Reply own = ask(path, {{"Origin", "http://127.0.0.1:9191"}, {"Access-Control-Request-Method", "POST"}});
    CHECK(own.status == 204);
    CHECK(own.header("access-control-allow-origin") == "http://127.0.0.1:9191");
    CHECK(own.header("access-control-allow-headers") == "Authorization, Content-Type");
    CHECK(own.header("access-control-allow-credentials").empty());
    CHECK(own.raw.find('*') == std::string::npos);
    // The second one is an origin of a client with a secret, whose scripts need no access.
    for (const char* other : {"https://evil.example", "http://localhost:8091", "null", "*", "http://127.0.0.1:9192"}) {
      const Reply refused = ask(path, {{"Origin", other}});
      CHECK_MESSAGE(refused.header("access-control-allow-origin").empty(), other);
      CHECK(refused.header("access-control-allow-methods").empty());
    }
    CHECK(ask(path, {{"Origin", "http://127.0.0.1:9191"}, {"Origin", "https://evil.example"}})
              .header("access-control-allow-origin")
              .empty());
    CHECK(ask(path, {}).header("access-control-allow-origin").empty());
  }
}

namespace {

std::string without_breaks(std::string page) {
  for (auto at = page.find("<wbr>"); at != std::string::npos; at = page.find("<wbr>")) page.erase(at, 5);
  return page;
}

}  // namespace

TEST_CASE("a request without a client or an address is told apart from one with a wrong one") {
  const App app;
  Browser browser(app.port());
  const auto page = [&](const Fields& changes) {
    const Reply reply = browser.get(door::authorize_path(changes));
    CHECK(reply.status == 400);
    return reply.body;
  };
  CHECK(has(page({{"client_id", "-"}}), "did not say which one it is"));
  CHECK(has(page({{"client_id", ""}}), "did not say which one it is"));
  CHECK(has(page({{"client_id", "nobody"}}), "is not known"));
  CHECK(has(page({{"redirect_uri", "-"}}), "did not say to which address"));
  CHECK(has(page({{"redirect_uri", "http://127.0.0.1:9191/other"}}), "not registered for it"));
  CHECK(has(page({{"client_id", "nobody<b>"}}), "<code>nobody&lt;b&gt;</code>"));
  CHECK(has(page({{"redirect_uri", "-"}}), "<dd>Clinic portal</dd>"));
}

TEST_CASE(
    "the page about a wrong address shows it with the application, and the registered ones only to who may see them") {
  const App app([](app::Config& config) { config.server.trusted_proxies = {"127.0.0.1"}; });
  const std::string path = door::authorize_path({{"redirect_uri", "http://127.0.0.1:9191/other?code=secret-7"}});
  const std::string marked = "<code>http://127.0.0.1:9191<mark>/other</mark><mark>?…</mark></code>";
  const std::string plain = "<code>http://127.0.0.1:9191/other?…</code>";
  const std::string registered = "<code>http://127.0.0.1:9191<mark>/callback</mark></code>";
  const Browser::Headers far{{"X-Forwarded-For", "203.0.113.9"}};

  Browser developer(app.port());
  const std::string here = without_breaks(developer.get(path).body);
  CHECK_MESSAGE(has(here, marked), here);
  CHECK(has(here, registered));
  CHECK(has(here, "<code>http://localhost:8090/callback</code>"));

  Browser stranger(app.port());
  const std::string there = without_breaks(stranger.get(path, far).body);
  CHECK(has(there, "<dd>Clinic portal</dd>"));
  CHECK(has(there, plain));
  CHECK_FALSE(has(there, "/callback"));
  CHECK_FALSE(has(there, "<mark>"));
  App::log_in(stranger, "jan.nowak", "River-Copper-2026");
  CHECK_FALSE(has(stranger.get(path, far).body, "/callback"));

  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  CHECK(has(without_breaks(admin.get(path, far).body), registered));
  for (Browser* browser : {&developer, &stranger, &admin}) CHECK_FALSE(has(browser->get(path).body, "secret-7"));
}

TEST_CASE("an address with signs that mislead, or too long, is shown as plain ASCII in part") {
  const App app;
  Browser browser(app.port());
  const std::string odd =
      "https://bank.example/\xe2\x80\xae"
      "txt<script>alert(1)</script>";
  const std::string page = browser.get(door::authorize_path({{"redirect_uri", odd}})).body;
  CHECK_MESSAGE(has(page, "/%E2%80%AEtxt&lt;script&gt;alert(1)&lt;/script&gt;</mark>"), page);
  CHECK_FALSE(has(page, "\xe2\x80\xae"));
  const std::string user = "https://anna:pass-7@app.example.org/" + std::string(2000, 'x');
  const std::string cut = browser.get(door::authorize_path({{"redirect_uri", user}})).body;
  CHECK(has(cut, "…@"));
  CHECK(has(cut, "app.example.org"));
  CHECK_FALSE(has(cut, "pass-7"));
  CHECK_FALSE(has(cut, std::string(400, 'x')));
}

TEST_CASE("looking with HEAD issues nothing") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  CHECK(browser.request("HEAD", door::authorize_path(), {}, "").status == 405);
  CHECK(app.events("code_issue").empty());
}
