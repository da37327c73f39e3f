// The guards against forms that another site makes a browser send: each route with an unsafe method names its guard in
// its table, and no form has an effect without it.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "door/app_fixture.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/house/make_operator.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

bool is_safe(http::Method method) {
  return method == http::Method::get || method == http::Method::head || method == http::Method::options;
}

/// "POST /logout" → its guard, of all routes that change something.
std::map<std::string, std::string> list_guards(const App& app) {
  std::map<std::string, std::string> guards;
  for (const http::Route* route : app.server->router().routes()) {
    if (!is_safe(route->method)) guards[std::string(name_of(route->method)) + " " + route->pattern] = route->guard;
  }
  return guards;
}

std::vector<std::string> list_forms(const App& app, const std::string& guard) {
  std::vector<std::string> paths;
  for (const http::Route* route : app.server->router().routes()) {
    if (route->method == http::Method::post && route->guard == guard) paths.push_back(route->pattern);
  }
  return paths;
}

std::string with_id(std::string pattern, const std::string& id) {
  const std::size_t open = pattern.find("{id}");
  return open == std::string::npos ? pattern : pattern.replace(open, 4, id);
}

bool is_script(const std::string& path) {
  return path == "/policy/check" || path == "/account/session";
}

std::string id_of(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  REQUIRE(found);
  return found->id.to_string();
}

}  // namespace

TEST_CASE("every route that changes something says what protects it from other sites") {
  const App app;
  const std::map<std::string, std::string> expected{
      {"POST /account/applications/withdraw", "session"},
      {"POST /account/confirm", "session"},
      {"POST /account/confirm/send", "session"},
      {"POST /account/data", "session"},
      {"POST /account/data/certificate", "session"},
      {"POST /account/data/certificate/presented", "session"},
      {"POST /account/data/certificate/remove", "session"},
      {"POST /account/data/download", "session"},
      {"POST /account/data/verify", "session"},
      {"POST /account/delete", "session"},
      {"POST /account/delete/successor", "session"},
      {"POST /account/factors/always", "session"},
      {"POST /account/factors/app", "session"},
      {"POST /account/factors/name", "session"},
      {"POST /account/factors/passkey", "session"},
      {"POST /account/factors/recovery", "session"},
      {"POST /account/factors/remove", "session"},
      {"POST /account/language", "session"},
      {"POST /account/return", "session"},
      {"POST /account/security", "session"},
      {"POST /account/security/confirm", "session"},
      {"POST /account/session", "session"},
      {"POST /account/sessions/end", "session"},
      {"POST /account/sessions/end-others", "session"},
      {"POST /account/sessions/forget", "session"},
      {"POST /account/sessions/name", "session"},
      {"POST /account/sub-accounts", "session"},
      {"POST /account/sub-accounts/{id}/context", "session"},
      {"POST /account/sub-accounts/{id}/delete", "session"},
      {"POST /account/sub-accounts/{id}/edit", "session"},
      {"POST /account/sub-accounts/{id}/reset", "session"},
      {"POST /account/sub-accounts/{id}/restore", "session"},
      {"POST /account/sub-accounts/{id}/suspend", "session"},
      {"POST /account/suspend", "session"},
      {"POST /account/suspend/successor", "session"},
      {"POST /admin/accounts", "session"},
      {"POST /admin/accounts/bulk", "session"},
      {"POST /admin/accounts/bulk/begin", "session"},
      {"POST /admin/accounts/bulk/{id}/stop", "session"},
      {"POST /admin/accounts/new", "session"},
      {"POST /admin/accounts/{id}/act", "session"},
      {"POST /admin/accounts/{id}/certificate", "session"},
      {"POST /admin/accounts/{id}/certificate/remove", "session"},
      {"POST /admin/accounts/{id}/context", "session"},
      {"POST /admin/accounts/{id}/group", "session"},
      {"POST /admin/accounts/{id}/delete", "session"},
      {"POST /admin/accounts/{id}/edit", "session"},
      {"POST /admin/accounts/{id}/password", "session"},
      {"POST /admin/accounts/{id}/reset", "session"},
      {"POST /admin/accounts/{id}/factors", "session"},
      {"POST /admin/accounts/{id}/restore", "session"},
      {"POST /admin/accounts/{id}/session", "session"},
      {"POST /admin/accounts/{id}/sessions", "session"},
      {"POST /admin/accounts/{id}/suspend", "session"},
      {"POST /admin/accounts/{id}/unlock", "session"},
      {"POST /admin/accounts/{id}/appoint", "session"},
      {"POST /admin/accounts/{id}/dismiss", "session"},
      {"POST /admin/applications/{id}/change", "session"},
      {"POST /admin/applications/{id}/delete", "session"},
      {"POST /admin/applications/{id}/disable", "session"},
      {"POST /admin/applications/{id}/enable", "session"},
      {"POST /admin/applications/{id}/end-secret", "session"},
      {"POST /admin/applications/{id}/secret", "session"},
      {"POST /admin/applications/{id}/try", "session"},
      {"POST /admin/audit", "session"},
      {"POST /admin/audit/check", "session"},
      {"POST /admin/audit/export", "session"},
      {"POST /admin/contexts/new", "session"},
      {"POST /admin/contexts/{id}/change", "session"},
      {"POST /admin/contexts/{id}/delete", "session"},
      {"POST /admin/groups/new", "session"},
      {"POST /admin/groups/{id}/add", "session"},
      {"POST /admin/groups/{id}/delete", "session"},
      {"POST /admin/groups/{id}/remove", "session"},
      {"POST /admin/groups/{id}/rename", "session"},
      {"POST /admin/new-application", "session"},
      {"POST /admin/tenants/new", "session"},
      {"POST /admin/tenants/{id}/change", "session"},
      {"POST /admin/tenants/{id}/logo", "session"},
      {"POST /admin/tenants/{id}/feature", "session"},
      {"POST /admin/tenants/{id}/delete", "session"},
      {"POST /admin/tenants/{id}/remove-logo", "session"},
      {"POST /admin/outbox", "session"},
      {"POST /admin/systems/settings", "session"},
      {"POST /admin/systems/confirm", "session"},
      {"POST /admin/systems/undo", "session"},
      {"POST /admin/systems/new", "session"},
      {"POST /admin/systems/password", "session"},
      {"POST /admin/systems/certificate", "session"},
      {"POST /admin/systems/revoke", "session"},
      {"POST /admin/sms/limits", "session"},
      {"POST /admin/sms/gateway", "session"},
      {"POST /admin/sms/test", "session"},
      {"POST /admin/policies/new", "session"},
      {"POST /admin/policies/{id}/bind", "session"},
      {"POST /admin/policies/{id}/change", "session"},
      {"POST /admin/policies/{id}/unbind", "session"},
      {"POST /admin/second-factor", "session"},
      {"POST /admin/resources/new", "session"},
      {"POST /admin/resources/{id}/change", "session"},
      {"POST /admin/resources/{id}/delete", "session"},
      {"POST /admin/resources/{id}/item", "session"},
      {"POST /admin/resources/{id}/remove", "session"},
      {"POST /admin/roles/new", "session"},
      {"POST /admin/roles/{id}/change", "session"},
      {"POST /admin/roles/{id}/delete", "session"},
      {"POST /api/v1/account/password", "none: the old password in the body is the proof; no session counts"},
      {"POST /pki/ocsp", "none: reads only public facts and writes nothing"},
      {"POST /.well-known/est/simpleenroll", "none: name and password come with the request; cookies do not count"},
      {"POST /.well-known/est/simplereenroll",
       "none: the certificate of the connection is the proof; cookies do not count"},
      {"POST /timestamp", "none: a program proves itself in the request; cookies do not count"},
      {"POST /api/v1/timestamps", "none: the program proves itself in the request; cookies do not count"},
      {"POST /api/v1/messages", "none: the application proves itself in the request; cookies do not count"},
      {"POST /api/v1/events", "none: the application proves itself in the request; cookies do not count"},
      {"POST /hooks/sms/{name}", "none: the secret of the address is the proof; cookies do not count"},
      {"POST /control", "none: no browser can open the socket"},
      {"POST /login/change", "session"},
      {"POST /login/consent", "session"},
      {"POST /login/context", "session"},
      {"POST /login/factor", "session"},
      {"POST /login/factor/send", "session"},
      {"POST /login/enrol/app", "session"},
      {"POST /login/enrol/passkey", "session"},
      {"POST /login/passkey", "attempt"},
      {"POST /login/certificate", "attempt"},
      {"POST /login/remembered", "attempt"},
      {"POST /login/continue", "attempt"},
      {"POST /login/password", "attempt"},
      {"POST /logout", "session"},
      {"POST /oauth2/authorize",
       "none: does what a link to the same address does; the code goes to the client's registered address only"},
      {"POST /oauth2/logout",
       "none: ends a session only with an ID token that was issued in it; otherwise a page asks, whose form has a "
       "token"},
      {"POST /admin/registration-tokens/new", "session"},
      {"POST /admin/registration-tokens/revoke", "session"},
      {"POST /device/confirm", "session"},
      {"POST /api/v1/clients/self/secret", "none: the application proves itself in the request; cookies do not count"},
      {"POST /oauth2/par", "none: the client proves itself in the request; cookies do not count"},
      {"POST /oauth2/device_authorization", "none: the client proves itself in the request; cookies do not count"},
      {"POST /oauth2/register", "none: the token in the header is the proof; cookies do not count"},
      {"PUT /oauth2/register/{client_id}", "none: the token in the header is the proof; cookies do not count"},
      {"DELETE /oauth2/register/{client_id}", "none: the token in the header is the proof; cookies do not count"},
      {"POST /oauth2/introspect", "none: the client proves itself in the request; cookies do not count"},
      {"POST /oauth2/revoke", "none: the client proves itself in the request; cookies do not count"},
      {"POST /oauth2/token", "none: the client proves itself in the request; cookies do not count"},
      {"POST /oauth2/userinfo", "none: the access token is the proof; cookies do not count"},
      {"POST /policy/check", "session"},
      {"POST /reset", "attempt"},
      {"POST /reset/confirm", "none: the secret of the link is a field of the form: nobody else can fill it in"},
      {"POST /reset/confirm/check", "none: the secret of the link is a field of the form, and nothing is changed"},
      {"POST /verify", "none: nothing is changed, and only who has the address of the report can read it"},
      {"POST /account/sign", "session"},
      {"POST /admin/signatures/new", "session"},
      {"POST /admin/signatures/import", "session"},
      {"POST /admin/signatures/{id}/request", "session"},
      {"POST /admin/signatures/{id}/answer", "session"},
      {"POST /admin/signatures/{id}/renew", "session"},
      {"POST /admin/signatures/{id}/suspend", "session"},
      {"POST /admin/signatures/{id}/restore", "session"},
      {"POST /admin/signatures/{id}/revoke", "session"},
      {"POST /admin/signatures/{id}/delete", "session"},
      {"POST /account/sign/keys/new", "session"},
      {"POST /account/sign/keys/import", "session"},
      {"POST /account/sign/keys/{id}/request", "session"},
      {"POST /account/sign/keys/{id}/answer", "session"},
      {"POST /account/sign/keys/{id}/renew", "session"},
      {"POST /account/sign/keys/{id}/revoke", "session"},
      {"POST /account/sign/keys/{id}/delete", "session"},
      {"POST /account/tokens/new", "session"},
      {"POST /account/tokens/revoke", "session"},
      {"POST /account/sign/{id}/confirm", "session"},
      {"POST /account/sign/{id}/cancel", "session"},
      {"POST /api/v1/sign", "none: the program proves itself in the request; cookies do not count"},
      {"POST /api/v1/sign/prepare", "none: the program proves itself in the request; cookies do not count"},
      {"POST /api/v1/sign/{job}/complete", "none: the program proves itself in the request; cookies do not count"},
      {"DELETE /api/v1/sign/{job}", "none: the program proves itself in the request; cookies do not count"},
      {"POST /api/v1/verify", "none: the program proves itself in the request; cookies do not count"},
  };
  const auto guards = list_guards(app);
  for (const auto& [route, guard] : guards) {
    const auto known = expected.find(route);
    CHECK_MESSAGE(known != expected.end(), route << " is not in the list: " << guard);
    if (known != expected.end()) CHECK_MESSAGE(known->second == guard, route);
  }
  for (const auto& [route, guard] : expected) CHECK_MESSAGE(guards.contains(route), route << " is not there any more");
}

TEST_CASE("lists, searches, exports and previews run on the lane that every other one goes before, and no login does") {
  const App app;
  std::set<std::string> found;
  for (const http::Route* route : app.server->router().routes()) {
    if (route->lane == http::Lane::report) found.insert(std::string(name_of(route->method)) + " " + route->pattern);
  }
  const std::set<std::string> expected{"GET /account/activity",
                                       "GET /account/sign/{id}/result",
                                       "GET /account/sign/{id}/document",
                                       "POST /account/sign/keys/import",
                                       "POST /admin/signatures/import",
                                       "POST /verify",
                                       "POST /api/v1/verify",
                                       "GET /account/sign/keys",
                                       "GET /account/sign/keys/{id}",
                                       "GET /admin/signatures",
                                       "GET /admin/signatures/timestamps",
                                       "GET /admin/signatures/{id}",
                                       "POST /account/sign",
                                       "POST /account/sign/{id}/confirm",
                                       "POST /api/v1/sign",
                                       "POST /api/v1/sign/prepare",
                                       "POST /api/v1/sign/{job}/complete",
                                       "GET /api/v1/sign/{job}",
                                       "GET /api/v1/sign/{job}/items/{position}",
                                       "DELETE /api/v1/sign/{job}",
                                       "GET /api/v1/credentials",
                                       "POST /api/v1/messages",
                                       "POST /account/data/download",
                                       "GET /admin",
                                       "GET /admin/accounts",
                                       "POST /admin/accounts",
                                       "GET /admin/accounts/bulk",
                                       "POST /admin/accounts/bulk",
                                       "GET /admin/accounts/bulk/{id}",
                                       "GET /admin/accounts/bulk/{id}/results",
                                       "GET /admin/audit",
                                       "POST /admin/audit",
                                       "POST /admin/audit/export",
                                       "GET /admin/groups",
                                       "GET /admin/policies/{id}",
                                       "GET /admin/policies",
                                       "GET /admin/registration-tokens",
                                       "GET /admin/resources",
                                       "GET /admin/resources/{id}",
                                       "GET /admin/resources/{id}/item",
                                       "GET /admin/roles/{id}",
                                       "GET /admin/roles",
                                       "GET /admin/contexts/{id}",
                                       "GET /admin/contexts",
                                       "GET /admin/groups/{id}",
                                       "GET /admin/outbox",
                                       "GET /admin/second-factor",
                                       "GET /admin/trust",
                                       "GET /admin/systems",
                                       "GET /admin/systems/authorities.pem",
                                       "GET /admin/systems/system",
                                       "GET /admin/systems/certificate",
                                       "GET /admin/systems/revoke",
                                       "GET /admin/sms",
                                       "POST /oauth2/register",
                                       "GET /oauth2/register/{client_id}",
                                       "PUT /oauth2/register/{client_id}",
                                       "DELETE /oauth2/register/{client_id}"};
  CHECK(found == expected);
}

TEST_CASE("a form that shows first what a change would do is for the hash workers only when it holds a password") {
  const App app;
  std::set<std::string> found;
  for (const http::Route* route : app.server->router().routes()) {
    // Calls of programs choose by what they hold too, and are no forms (tests/door/{pki,connector,timestamp}).
    const bool is_call = route->pattern.starts_with("/.well-known/est/") || route->pattern.starts_with("/connector/") ||
                         route->pattern.starts_with("/api/");
    if (!route->lane_of || is_call) continue;
    found.insert(route->pattern);
    http::Request request;
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    for (const char* body : {"", "name=x", "name=x&password="}) {
      request.body = body;
      CHECK(route->lane_of(request) == http::Lane::report);
    }
    request.body = "name=x&password=secret";
    CHECK(route->lane_of(request) == http::Lane::password);
    // What cannot be read as a form is refused by the handler, on the lane of the route.
    request.headers.clear();
    CHECK(route->lane_of(request) == route->lane);
  }
  const std::set<std::string> expected{"/admin/contexts/{id}/change", "/admin/policies/{id}/bind",
                                       "/admin/policies/{id}/change", "/admin/policies/{id}/unbind",
                                       "/admin/roles/{id}/change",    "/admin/second-factor"};
  for (const std::string& one : found) CHECK_MESSAGE(expected.contains(one), one);
  for (const std::string& one : expected) CHECK_MESSAGE(found.contains(one), one);
}

TEST_CASE("no form of a person who is logged in does anything without its token, or with that of another form") {
  const App app;
  Browser anna(app.port());
  door::log_in_anna(anna);
  const std::string jan = id_of(app, "jan.nowak");
  const std::string foreign = anna.get("/account/sub-accounts").form("/account/sub-accounts").field("csrf");
  REQUIRE_FALSE(foreign.empty());
  const std::size_t events = app.events().size();
  for (const std::string& pattern : list_forms(app, "session")) {
    const std::string path = with_id(pattern, jan);
    for (const std::string& token : {std::string(), std::string("wrong"), foreign}) {
      if (path == "/account/sub-accounts" && token == foreign) continue;
      const Reply reply = anna.post(path, {{"csrf", token}, {"password", "Meadow-Violet-2026"}});
      // She need not change her password, so this form redirects her and does nothing.
      if (path == "/login/change") {
        CHECK(reply.location() == "/account");
        continue;
      }
      CHECK_MESSAGE(reply.status == 403, path);
      CHECK_MESSAGE(has(reply.body, is_script(path) ? R"({"error":"forbidden"})" : "Nothing was changed"), path);
    }
  }
  CHECK(app.events().size() == events);
  CHECK(anna.get("/account").status == 200);
}

TEST_CASE("the page about a stale form leads to a fresh one") {
  const App app;
  Browser anna(app.port());
  door::log_in_anna(anna);
  const std::string jan = id_of(app, "jan.nowak");
  const auto leads_to = [&](const std::string& path, const std::string& back, const door::Browser::Headers& more = {}) {
    auto fields = more;
    fields.emplace_back("csrf", "wrong");
    CHECK_MESSAGE(has(anna.post(path, fields).body, "href=\"" + back + "\""), path);
  };
  leads_to("/account/data", "/account/data");
  leads_to("/account/data/certificate/remove", "/account/data");
  leads_to("/account/security/confirm", "/account/security");
  leads_to("/account/sessions/end-others", "/account/sessions");
  leads_to("/admin/accounts/" + jan + "/unlock", "/admin/accounts/" + jan);
  leads_to("/logout", "/logout");
  leads_to("/account/confirm", "/account/confirm?next=%2Fadmin%2Foutbox", {{"next", "/admin/outbox"}});
  leads_to("/account/confirm", "/account/confirm", {{"next", "//evil.example/"}});
  leads_to("/account/language", "/account/data", {{"next", "/account/data"}});
  leads_to("/account/language", "/account", {{"next", "https://evil.example/"}});

  Browser stranger(app.port());
  const auto form = stranger.get("/login").form("/login/password");
  const Reply stale = stranger.post("/login/password", {{"attempt", form.field("attempt")}, {"csrf", "wrong"}});
  CHECK(has(stale.body, "href=\"/login/password?attempt=" + form.field("attempt") + "\""));
}

TEST_CASE("a form of a login in progress needs the browser that began it and the token of its own form") {
  const App app;
  for (const std::string& path : list_forms(app, "attempt")) {
    Browser browser(app.port());
    const auto form = browser.get(path == "/reset" ? "/reset" : "/login").form(path == "/reset" ? path : "/login");
    const std::string attempt = form.field("attempt");
    REQUIRE_FALSE(attempt.empty());
    const std::string foreign = path == form.action ? "wrong" : form.field("csrf");
    CHECK_MESSAGE(browser.post(path, {{"attempt", attempt}}).status == 403, path);
    CHECK_MESSAGE(browser.post(path, {{"attempt", attempt}, {"csrf", foreign}}).status == 403, path);
    Browser other(app.port());
    const Reply elsewhere = other.post(path, {{"attempt", attempt}, {"csrf", form.field("csrf")}});
    CHECK_MESSAGE(elsewhere.status == 400, path);
    CHECK_MESSAGE(has(elsewhere.body, "another browser"), path);
  }
  CHECK(app.events("login").empty());
}

TEST_CASE("a form that is sent after the session is over leads to the login, and nothing was done") {
  const App app;
  const std::string jan = id_of(app, "jan.nowak");
  for (const std::string& pattern : list_forms(app, "session")) {
    Browser browser(app.port());
    const std::string path = with_id(pattern, jan);
    const Reply reply = browser.post(path, {{"csrf", "wrong"}});
    if (path == "/policy/check") {
      CHECK(reply.status == 403);
    } else if (path == "/account/session") {
      CHECK(reply.body == R"({"logged_in":false})");
    } else if (path == "/login/context" || path == "/login/consent" || path.starts_with("/login/factor") ||
               path.starts_with("/login/enrol")) {
      CHECK(reply.status == 400);
    } else if (path == "/logout") {
      CHECK(reply.location() == "/logout/done");
    } else {
      CHECK_MESSAGE(reply.location().starts_with("/login?attempt="), path);
    }
  }
}

TEST_CASE("who has not chosen a context yet cannot send the forms behind that choice") {
  const App app;
  Browser anna(app.port());
  const Reply choice = App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026");
  REQUIRE_FALSE(choice.form("/login/context").action.empty());
  const std::size_t events = app.events().size();
  const std::string token = choice.form("/login/context").field("csrf");
  for (const std::string& pattern : list_forms(app, "session")) {
    const std::string path = with_id(pattern, id_of(app, "jan.nowak"));
    if (!path.starts_with("/account/") && !path.starts_with("/admin/")) continue;
    if (is_script(path)) continue;
    CHECK_MESSAGE(anna.post(path, {{"csrf", token}}).location().starts_with("/login?attempt="), path);
  }
  CHECK(app.events().size() == events);
}
