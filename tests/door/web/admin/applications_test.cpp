// The pages of registered applications through the whole server: from a template, changed by two, with two secrets,
// tried.
#include <doctest/doctest.h>

#include <chrono>

#include "door/app_fixture.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/house/make_operator.hpp"
#include "store/session/sessions.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* portal_page = "/admin/applications/demo-portal";
const std::string adas_password = "Lantern-Harbour-2026";
constexpr const char* script = "<script>alert(1)</script>";

struct Desk {
  Desk() { App::log_in(ada, "admin", adas_password); }
  [[nodiscard]] rights::Client find(const std::string& id) const {
    const auto found = flow::find_named_client(app.house(), flow::make_operator("test"), id);
    REQUIRE_MESSAGE(found, id);
    return *found;
  }
  /// What the form of the page sends if nobody types anything.
  [[nodiscard]] Fields fields_of(const std::string& id) const {
    const rights::Client client = find(id);
    Fields all{{"name", client.name},
               {"name_de", client.name_de},
               {"name_pl", client.name_pl},
               {"description", client.description},
               {"launch_uri", client.launch_uri},
               {"backchannel_logout_uri", client.backchannel_logout_uri},
               {"redirect_uris", base::join(client.redirect_uris, "\r\n")},
               {"post_logout_redirect_uris", base::join(client.post_logout_redirect_uris, "\r\n")},
               {"level", std::to_string(client.level)},
               {"id_token_alg", client.id_token_alg},
               {"userinfo_alg", client.userinfo_alg},
               {"account", ""}};
    for (const std::string& scope : client.scopes) all.emplace_back("scopes:" + scope, "yes");
    for (const std::string& grant : client.grants) all.emplace_back("grants:" + grant, "yes");
    for (const rights::ClientSwitch& one : rights::list_client_switches()) {
      if (client.*one.value) all.emplace_back(one.name, "yes");
    }
    if (client.require_pkce) all.emplace_back("require_pkce", "yes");
    if (client.writes_events) all.emplace_back("writes_events", "yes");
    for (const std::string& claim : client.id_token_claims) all.emplace_back("id_token_claims:" + claim, "yes");
    return all;
  }
  static void set(Fields& fields, const std::string& name, const std::string& value) {
    for (auto& [one, old] : fields) {
      if (one == name) {
        old = value;
        return;
      }
    }
    fields.emplace_back(name, value);
  }
  Reply change(const Fields& fields) {
    return ada.submit(ada.get(portal_page).form(std::string(portal_page) + "/change"), fields);
  }
  Reply press(const std::string& action, const Fields& fields = {}) {
    const std::string path = std::string(portal_page) + "/" + action;
    Reply reply = ada.submit(ada.get(portal_page).form(path), {});
    if (!has(reply.location(), "?confirm=")) return reply;
    return ada.submit(ada.get(reply.location()).form(path), fields);
  }
  Reply register_application(const Fields& typed) {
    return ada.submit(ada.get("/admin/new-application").form("/admin/new-application"), typed);
  }
  void outdate_proof() const {
    const auto sessions =
        flow::list_sessions_for(app.house(), flow::make_operator("test"), "admin", base::now()).value();
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
      for (const rights::Session& session : sessions) {
        RETURN_IF_ERROR(store::set_proven(tx, session.id, base::now() + std::chrono::hours(1)));
      }
      return {};
    }));
  }

  App app;
  Browser ada{app.port()};
};

/// The text between the two marks.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return {};
  return text.substr(from + begin.size(), text.find(end, from + begin.size()) - from - begin.size());
}

std::string secret_on(const Reply& reply) {
  return between(reply.body, "<code id=\"client-secret\">", "<");
}

}  // namespace

TEST_CASE("an application is registered from a template in one short form, and its secret is shown this once") {
  Desk f;
  const Reply made = f.register_application({{"kind", "web"},
                                             {"name", "Łódź X-Ray"},
                                             {"redirect_uris", "https://xray.example/back\r\n\r\n"},
                                             {"scopes:email", "yes"}});
  REQUIRE(made.status == 200);
  const std::string secret = secret_on(made);
  CHECK(secret.size() == 43);
  CHECK(made.header("cache-control") == "no-store");
  for (const char* part : {"/.well-known/openid-configuration", "openid-client", "Authlib", "Spring Boot", "PHP",
                           "ASP.NET", "mod_auth_openidc", "CLIENT_SECRET"}) {
    CAPTURE(part);
    CHECK(has(made.body, part));
  }
  const rights::Client client = f.find("lodz-x-ray");
  CHECK(client.redirect_uris == std::vector<std::string>{"https://xray.example/back"});
  CHECK(client.scopes == std::vector<std::string>{"openid", "email"});
  CHECK(client.kind == rights::ClientKind::web);
  CHECK(client.require_pkce);
  CHECK_FALSE(has(f.ada.get("/admin/applications/lodz-x-ray").body, secret));
  const auto event = f.app.events("client_create").front();
  CHECK(event.actor.has_value());
  CHECK_FALSE(has(event.data, secret));
}

TEST_CASE("each kind gets what it needs: public ones no secret, machines no address") {
  Desk f;
  const std::string uri = "https://app.example/back";
  CHECK(secret_on(f.register_application({{"kind", "spa"}, {"name", "Browser"}, {"redirect_uris", uri}})).empty());
  CHECK(f.find("browser").auth == rights::ClientAuth::none);
  CHECK(f.register_application({{"kind", "native"}, {"name", "Phone"}, {"redirect_uris", "org.example.app:/back"}})
            .status == 200);
  CHECK_FALSE(secret_on(f.register_application({{"kind", "machine"}, {"name", "Nightly"}})).empty());
  CHECK(f.find("nightly").grants == std::vector<std::string>{"client_credentials"});
  CHECK_FALSE(secret_on(f.register_application({{"kind", "resource"}, {"name", "Records"}})).empty());
  CHECK(f.find("records").grants.empty());
}

TEST_CASE("the page of a new machine and of a new system that is called shows the next step with an example") {
  Desk f;
  const Reply machine = f.register_application({{"kind", "machine"}, {"name", "Nightly"}});
  CHECK(has(machine.body, "Next step: with this call the program gets an access token"));
  CHECK(has(machine.body, "<details class=\"snippet\" open>"));
  CHECK(has(machine.body, "-d grant_type=client_credentials " + f.app.origin() + "/oauth2/token"));
  CHECK(has(machine.body, "nightly:$CLIENT_SECRET"));
  CHECK(has(machine.body, "When a scope is registered for it, say before the address: -d"));
  CHECK(has(machine.body, "href=\"/admin/resources\""));
  const std::string field = "/admin/applications/nightly?open=protocol#resource_scopes";
  REQUIRE(has(machine.body, "href=\"" + field + "\""));
  // The field is in a section that is closed unless somebody comes for it.
  const std::string opened = f.ada.get("/admin/applications/nightly?open=protocol").body;
  CHECK(has(opened, "<details class=\"fold field\" open>"));
  CHECK(has(opened, "id=\"resource_scopes\""));
  CHECK_FALSE(has(f.ada.get("/admin/applications/nightly").body, "<details class=\"fold field\" open>"));
  const Reply called = f.register_application({{"kind", "resource"}, {"name", "Records"}});
  CHECK(has(called.body, "Next step: with this call the system learns"));
  CHECK_FALSE(has(called.body, "?open=protocol"));
  CHECK(has(called.body, f.app.origin() + "/oauth2/introspect"));
  const Reply web =
      f.register_application({{"kind", "web"}, {"name", "X"}, {"redirect_uris", "https://x.example/back"}});
  CHECK_FALSE(has(web.body, "Next step"));
  CHECK_FALSE(has(web.body, "<details class=\"snippet\" open>"));
}

TEST_CASE("what is wrong in the short form is said at once, and what was typed stays") {
  Desk f;
  const Reply flawed =
      f.register_application({{"kind", "web"}, {"name", ""}, {"redirect_uris", "http://portal.example/x"}});
  CHECK(flawed.status == 422);
  CHECK(has(flawed.body, "Please enter a name"));
  CHECK(has(flawed.body, "An address must begin with https://, except on this machine: http://portal.example/x"));
  CHECK(has(flawed.body, ">http://portal.example/x</textarea>"));
  const Reply taken = f.register_application(
      {{"kind", "web"}, {"name", "X"}, {"client_id", "demo-portal"}, {"redirect_uris", "https://x.example/"}});
  CHECK(taken.status == 422);
  CHECK(has(taken.body, "This client_id is taken already"));
  CHECK(f.register_application({{"kind", "robot"}, {"name", "X"}}).status == 400);
  CHECK(f.app.events("client_create").size() == 3);  // those of the demonstration
}

TEST_CASE("who may not administer applications has no menu entry, and every address is refused") {
  Desk f;
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, "/admin/applications"));
  CHECK(has(f.ada.get("/account").body, "/admin/applications"));
  for (const char* path : {"/admin/applications", "/admin/new-application", portal_page, "/admin/test-login"}) {
    CAPTURE(path);
    CHECK(anna.get(path).status == 403);
  }
  // The token of a form is bound to the session, so that another's does not help.
  for (const char* action : {"change", "enable", "disable", "delete", "secret", "end-secret", "try"}) {
    CAPTURE(action);
    const std::string path = std::string(portal_page) + "/" + action;
    CHECK(anna.post(path, {{"csrf", f.ada.get(portal_page).form(path).field("csrf")}}).status == 403);
  }
  CHECK(f.find("demo-portal").enabled);
  CHECK(f.ada.get("/admin/applications/nobody").status == 404);
  CHECK(f.ada.get("/admin/applications/deleted:x").status == 404);
}

TEST_CASE("every field is changed in one form, with old and new value in the audit log") {
  Desk f;
  Fields fields = f.fields_of("demo-portal");
  Desk::set(fields, "name", "Gate");
  Desk::set(fields, "name_de", "Tor");
  Desk::set(fields, "redirect_uris", " https://gate.example/back \n\nhttps://gate.example/other");
  Desk::set(fields, "id_token_claims:email", "yes");
  Desk::set(fields, "level", "2");
  Desk::set(fields, "writes_events", "yes");
  const Reply changed = f.change(fields);
  REQUIRE(changed.location() == std::string(portal_page) + "?done=change");
  CHECK(has(f.ada.get(changed.location()).body, "The changes to Gate are saved."));
  const rights::Client client = f.find("demo-portal");
  CHECK(client.redirect_uris == std::vector<std::string>{"https://gate.example/back", "https://gate.example/other"});
  CHECK(client.id_token_claims == std::vector<std::string>{"email"});
  CHECK(client.level == 2);
  CHECK(client.writes_events);
  const auto event = f.app.events("client_change").front();
  CHECK(has(event.data, "name=Clinic portal"));
  CHECK(has(event.data, "name=Gate"));
  CHECK(f.change(f.fields_of("demo-portal")).location() == std::string(portal_page) + "?done=nothing");
}

TEST_CASE("a form changes nothing but its own fields, whatever else is sent with it") {
  Desk f;
  const rights::Client before = f.find("demo-portal");
  Fields fields = f.fields_of("demo-portal");
  for (const auto& [name, value] : Fields{{"enabled", "no"},
                                          {"client_id", "other"},
                                          {"tenant_id", base::Id::make(base::now()).to_string()},
                                          {"kind", "spa"},
                                          {"secrets", "x"},
                                          {"client_secret", "x"},
                                          {"scopes:root", "yes"},
                                          {"grants:password", "yes"},
                                          {"account_id", base::Id::make(base::now()).to_string()}}) {
    fields.emplace_back(name, value);
  }
  CHECK(f.change(fields).location() == std::string(portal_page) + "?done=nothing");
  const rights::Client after = f.find("demo-portal");
  CHECK(after.version == before.version);
  CHECK(after.enabled);
  CHECK(after.auth == rights::ClientAuth::secret);
  // It does not become public, whatever the form says.
  Desk::set(fields, "auth", "none");
  CHECK(f.change(fields).status == 422);
  CHECK(f.find("demo-portal").auth == rights::ClientAuth::secret);
  Desk::set(fields, "auth", "client_secret");
  Desk::set(fields, "level", "9");
  CHECK(f.change(fields).status == 422);
  Desk::set(fields, "level", "1");
  Desk::set(fields, "id_token_alg", "none");
  CHECK(f.change(fields).status == 422);
}

TEST_CASE("of two who change an application the second is told what changed, and overwrites nothing") {
  Desk f;
  const auto form = f.ada.get(portal_page).form(std::string(portal_page) + "/change");
  flow::ClientWish wish;
  wish.name = "Gate";
  REQUIRE(flow::change_client(f.app.house(), flow::make_operator("test"), "demo-portal", wish,
                              {"127.0.0.1", "test", "test", base::now()}));
  Fields fields = f.fields_of("demo-portal");
  Desk::set(fields, "name", "Clinic portal");
  Desk::set(fields, "description", "Of the clinic");
  const Reply refused = f.ada.submit(form, fields);
  CHECK(refused.status == 409);
  CHECK(has(refused.body, "Somebody else has changed this application meanwhile"));
  CHECK(has(refused.body, "<strong>Name</strong>: Clinic portal → Gate"));
  CHECK_FALSE(has(refused.body, "<strong>Description</strong>: "));
  CHECK(has(refused.body, "value=\"Of the clinic\""));
  CHECK(f.find("demo-portal").name == "Gate");
  // Sent again, it is a decision.
  CHECK(f.ada.submit(refused.form(std::string(portal_page) + "/change"), fields).status == 303);
  CHECK(f.find("demo-portal").description == "Of the clinic");
}

TEST_CASE("a script that stands in a text field is shown as text, wherever the text is shown") {
  Desk f;
  Fields fields = f.fields_of("demo-portal");
  for (const char* name : {"name", "name_de", "name_pl", "description"}) Desk::set(fields, name, script);
  REQUIRE(f.change(fields).status == 303);
  CHECK(f.change({{"name", script}, {"redirect_uris", script}, {"account", script}, {"level", script}}).status == 422);
  for (const std::string path :
       {"/admin/applications", portal_page, "/admin/applications?text=%3Cscript%3Ealert(1)", "/account/applications",
        "/account", "/admin/audit", "/admin/applications/demo-portal?confirm=delete", "/admin/applications?lang=pl"}) {
    CAPTURE(path);
    const Reply page = f.ada.get(path);
    CHECK(page.status == 200);
    CHECK_FALSE(has(page.body, script));
  }
  CHECK(has(f.ada.get(portal_page).body, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_CASE("a new secret stands beside the old one until its end, and the old one can be ended before") {
  Desk f;
  const std::string path = std::string(portal_page) + "/secret";
  const Reply renewed = f.ada.submit(f.ada.get(portal_page).form(path), {{"old_hours", "168"}});
  CHECK(secret_on(renewed).size() == 43);
  rights::Client client = f.find("demo-portal");
  REQUIRE(client.secrets.size() == 2);
  CHECK(*client.secrets.at(1).not_after > base::now() + std::chrono::hours(167));
  CHECK(has(f.ada.get(portal_page).body, "Two secrets are accepted."));
  CHECK(f.ada.submit(f.ada.get(portal_page).form(path), {{"old_hours", "999999"}}).status == 400);
  const Reply ended = f.press("end-secret", {{"reason", "lost"}});
  CHECK(ended.location() == std::string(portal_page) + "?done=secret");
  CHECK(f.find("demo-portal").secrets.size() == 1);
  CHECK(has(f.app.events("client_change").front().data, R"("motive":"lost")"));
  CHECK(f.ada.get(portal_page).form(std::string(portal_page) + "/end-secret").action.empty());
}

TEST_CASE("switching off and deleting ask once, want a reason, and are recorded with it") {
  Desk f;
  const Reply asked = f.ada.submit(f.ada.get(portal_page).form(std::string(portal_page) + "/disable"), {});
  CHECK(asked.location() == std::string(portal_page) + "?confirm=disable");
  CHECK(f.find("demo-portal").enabled);
  CHECK(has(f.press("disable", {{"reason", ""}}).location(), "reason=missing"));
  const Reply off = f.press("disable", {{"reason", "misuse"}});
  REQUIRE(off.location() == std::string(portal_page) + "?done=disable");
  CHECK_FALSE(f.find("demo-portal").enabled);
  CHECK(has(f.app.events("client_change").front().data, R"("motive":"misuse")"));
  CHECK(f.press("enable").location() == std::string(portal_page) + "?done=enable");
  const Reply deleted = f.press("delete", {{"reason", "misuse"}});
  CHECK(deleted.location() == "/admin/applications?done=delete");
  CHECK(f.ada.get(portal_page).status == 404);
  CHECK(has(f.app.events("client_delete").front().data, R"("motive":"misuse")"));
}

TEST_CASE("whose proof is not fresh gives the password again before anything is changed") {
  Desk f;
  Fields fields = f.fields_of("demo-portal");
  Desk::set(fields, "name", "Gate");
  f.outdate_proof();
  const Reply missing = f.change(fields);
  CHECK(missing.status == 422);
  CHECK(has(missing.body, "value=\"Gate\""));
  CHECK(f.find("demo-portal").name == "Clinic portal");
  CHECK(has(f.press("delete").location(), "/account/confirm?next="));
  CHECK(f.register_application({{"kind", "machine"}, {"name", "X"}}).status == 422);
  fields.emplace_back("password", "wrong");
  CHECK(f.change(fields).status == 422);
  Desk::set(fields, "password", adas_password);
  CHECK(f.change(fields).status == 303);
  CHECK(f.find("demo-portal").name == "Gate");
}

TEST_CASE("a test login goes through the real endpoints and shows what the application is told, without a token") {
  Desk f;
  const std::string path = std::string(portal_page) + "/try";
  const Reply begun = f.ada.submit(f.ada.get(portal_page).form(path), {{"client_secret", "demo-portal-secret"}});
  REQUIRE(begun.status == 303);
  CHECK(begun.location().starts_with("/oauth2/authorize?"));
  const Reply result = f.ada.follow(begun);
  CHECK(result.status == 200);
  CHECK(has(result.body, "The login works."));
  CHECK(has(result.body, "<code>preferred_username</code>"));
  CHECK(has(result.body, "<code>at+jwt</code>"));
  CHECK_FALSE(has(result.body, "eyJ"));
  CHECK(f.app.events("token_issue").front().client == "demo-portal");
  CHECK(f.find("demo-portal").last_used_at.has_value());
  const Reply wrong = f.ada.follow(f.ada.submit(f.ada.get(portal_page).form(path), {{"client_secret", "wrong"}}));
  CHECK(has(wrong.body, "The secret is not that of the application."));
  CHECK(f.ada.get("/admin/test-login?code=x&state=01a1fd55-7a80-7650-9655-a684926cabd9").status == 400);
}

TEST_CASE("the list finds applications, says when they were last used, and refuses a page that is none") {
  Desk f;
  const std::string all = f.ada.get("/admin/applications").body;
  for (const char* id : {"demo-portal", "demo-lab", "demo-spa"}) CHECK(has(all, id));
  const std::string found = f.ada.get("/admin/applications?text=klinikportal").body;
  CHECK(has(found, "demo-portal"));
  CHECK_FALSE(has(found, "demo-lab"));
  CHECK(has(f.ada.get("/admin/applications?text=nothing").body, "No application matches the search."));
  CHECK(f.ada.get("/admin/applications?state=other").status == 400);
  CHECK(f.ada.get("/admin/applications?next=a&previous=b").status == 400);
}
