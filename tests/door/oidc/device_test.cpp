// The device flow over the wire (RFC 8628): the device, and the pages on which a person allows it.
#include "door/oidc/code_flow.hpp"

using door::App;
using door::Browser;
using door::Fields;
using door::has;
using door::Machine;
using door::Reply;

namespace {

constexpr const char* grant = "urn:ietf:params:oauth:grant-type:device_code";

struct Television {
  Television() : device(app) {
    rights::Client client = rights::draft_client(rights::ClientKind::native);
    client.client_id = "television";
    client.name = "Television";
    client.name_pl = "Telewizor";
    client.grants = {grant, "refresh_token"};
    client.scopes = {"openid", "profile", "offline_access"};
    app.add_client(client, "");
  }
  Reply begin(const Fields& fields = {{"client_id", "television"}, {"scope", "openid profile"}}) {
    return device.post("/oauth2/device_authorization", door::to_form(fields));
  }
  Reply ask(const std::string& device_code) {
    return device.post(
        "/oauth2/token",
        door::to_form({{"grant_type", grant}, {"client_id", "television"}, {"device_code", device_code}}));
  }
  App app;
  Machine device;
};

}  // namespace

TEST_CASE("a person types the code of the device, logs in, allows it, and the device has its tokens") {
  Television tv;
  const Reply begun = tv.begin();
  REQUIRE(begun.status == 200);
  CHECK(begun.header("cache-control") == "no-store");
  CHECK(has(begun.body, "\"expires_in\":600,\"interval\":5"));
  const std::string code = door::member_of(begun, "user_code");
  const std::string device_code = door::member_of(begun, "device_code");
  CHECK(door::member_of(begun, "verification_uri") == tv.app.origin() + "/device");
  CHECK(door::member_of(begun, "verification_uri_complete") == tv.app.origin() + "/device?user_code=" + code);
  const Reply early = tv.ask(device_code);
  CHECK(early.status == 400);
  CHECK(door::error_of(early) == "authorization_pending");

  Browser browser(tv.app.port());
  const Reply page = browser.get("/device?user_code=" + code);
  CHECK(page.status == 200);
  CHECK(has(page.body, "value=\"" + code + "\""));
  CHECK(has(page.body, "name=\"user_code\""));
  const Reply login = browser.follow(browser.get("/device/confirm?user_code=" + code));
  const Reply question = browser.follow(
      browser.submit(login.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}));
  REQUIRE(question.status == 200);
  CHECK(has(question.body, "Television"));
  CHECK(has(question.body, code));
  CHECK(has(question.body, "Jan Nowak"));
  const Reply done = browser.follow(browser.submit(question.form("/device/confirm"), {{"answer", "yes"}}));
  CHECK(done.status == 200);
  CHECK(has(done.body, "The device has access"));
  const Reply tokens = tv.ask(device_code);  // too soon after the first question
  CHECK(door::error_of(tokens) == "slow_down");
  CHECK(tv.app.events("device_decision").size() == 1);
  CHECK(has(browser.get("/account/applications").body, "Television"));
}

TEST_CASE("a device that waited gets tokens with the person's name and acting context") {
  Television tv;
  const Reply begun = tv.begin();
  Browser browser(tv.app.port());
  door::log_in_jan(browser);
  const Reply question = browser.get("/device/confirm?user_code=" + door::member_of(begun, "user_code"));
  browser.submit(question.form("/device/confirm"), {{"answer", "yes"}});
  const Reply tokens = tv.ask(door::member_of(begun, "device_code"));
  REQUIRE(tokens.status == 200);
  CHECK(door::member_of(tokens, "token_type") == "Bearer");
  CHECK_FALSE(door::member_of(tokens, "refresh_token").empty());
  const Reply person =
      tv.device.get("/oauth2/userinfo", {{"Authorization", "Bearer " + door::member_of(tokens, "access_token")}});
  CHECK(door::member_of(person, "name") == "Jan Nowak");
  CHECK(has(person.body, "\"context\""));
  const Reply again = tv.ask(door::member_of(begun, "device_code"));
  CHECK(door::error_of(again) == "invalid_grant");
}

TEST_CASE("a denial is told to the device in the words of the standard") {
  Television tv;
  const Reply begun = tv.begin();
  Browser browser(tv.app.port());
  door::log_in_jan(browser);
  const Reply question = browser.get("/device/confirm?user_code=" + door::member_of(begun, "user_code"));
  const Reply done = browser.follow(browser.submit(question.form("/device/confirm"), {{"answer", "no"}}));
  CHECK(has(done.body, "The device has no access"));
  const Reply refused = tv.ask(door::member_of(begun, "device_code"));
  CHECK(refused.status == 400);
  CHECK(door::error_of(refused) == "access_denied");
}

TEST_CASE("a code that leads nowhere shows the form again and says what to do; a link alone allows nothing") {
  Television tv;
  const std::string code = door::member_of(tv.begin(), "user_code");
  Browser browser(tv.app.port());
  door::log_in_jan(browser);
  const Reply unknown = browser.get("/device/confirm?user_code=BCDF-GHJK");
  CHECK(unknown.status == 422);
  CHECK(has(unknown.body, "No device waits with this code."));
  CHECK(browser.get("/device/confirm").location() == "/device");
  // The complete address asks too, and a form of another site has no token.
  CHECK(browser.get("/device/confirm?user_code=" + code).status == 200);
  CHECK(browser.post("/device/confirm", {{"user_code", code}, {"answer", "yes"}}).status == 403);
  CHECK(tv.app.events("device_decision").empty());
  Browser stranger(tv.app.port());
  CHECK(has(stranger.get("/device/confirm?user_code=" + code).location(), "/login?attempt="));
}

TEST_CASE("what cannot be the code of a device is refused before the login, which says what it is for") {
  Television tv;
  const std::string code = door::member_of(tv.begin(), "user_code");
  Browser stranger(tv.app.port());
  for (const char* wrong : {"x", "AAAA-AAAA", "BCDF-GHJ", "BCDF-GHJ2", "%3Cscript%3E"}) {
    const Reply page = stranger.get(std::string("/device/confirm?user_code=") + wrong);
    CHECK_MESSAGE(page.status == 422, wrong);
    CHECK(has(page.body, "This cannot be the code of a device."));
    CHECK_FALSE(has(page.body, "<script>"));
  }
  CHECK(has(stranger.follow(stranger.get("/device/confirm?user_code=" + code)).body, "to connect a device"));
  CHECK_FALSE(has(stranger.follow(stranger.get("/account")).body, "to connect a device"));
}

TEST_CASE("the question is asked in the language of the page, with the application's name in it") {
  Television tv;
  const std::string code = door::member_of(tv.begin(), "user_code");
  Browser browser(tv.app.port());
  door::log_in_jan(browser);
  const Reply polish = browser.get("/device/confirm?user_code=" + code + "&lang=pl");
  CHECK(has(polish.body, "Telewizor"));
  CHECK(has(polish.body, "Zezwolić temu urządzeniu na dostęp?"));
  CHECK(has(polish.body, "user_code=" + code));  // the links to other languages keep the code
}

TEST_CASE("the endpoint for devices refuses by name") {
  Television tv;
  CHECK(door::error_of(tv.begin({{"client_id", "nobody"}})) == "invalid_client");
  CHECK(door::error_of(tv.begin({{"client_id", "demo-spa"}, {"scope", "openid"}})) == "unauthorized_client");
  CHECK(door::error_of(tv.begin({{"client_id", "television"}, {"scope", "email"}})) == "invalid_scope");
  CHECK(tv.device.get("/oauth2/device_authorization").status == 405);
  CHECK(door::error_of(tv.ask("x")) == "invalid_grant");
  CHECK(door::error_of(tv.ask("")) == "invalid_request");
  const Reply metadata = tv.device.get("/.well-known/oauth-authorization-server");
  CHECK(door::member_of(metadata, "device_authorization_endpoint") == tv.app.origin() + "/oauth2/device_authorization");
  CHECK(has(metadata.body, grant));
}
