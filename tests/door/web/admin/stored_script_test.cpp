// Text that people, administrators, browsers and applications wrote is text on every page, also where a script was
// written: it is put into every column that holds such text, and into every field of every form and address, and then
// every page of the table of routes is looked at.
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "app/config/config.hpp"
#include "browser/csrf.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/audit/report_event.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/tenant/administer_roles.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/store.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

constexpr const char* script = R"(<script>x9()</script>"><img src=x onerror=x9()>'--)";
/// The same inside a text of JSON.
constexpr const char* script_in_json = R"(<script>x9()</script>\"><img src=x onerror=x9()>'--)";

flow::RequestFacts facts() {
  return {"127.0.0.1", "test", "test", base::now()};
}

std::string id_of(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  REQUIRE(found);
  return found->id.to_string();
}

std::string put(std::string text, std::string_view name, const std::string& value) {
  const std::size_t at = text.find(name);
  return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

/// The path of a route with ids that exist.
std::string fill(const App& app, const std::string& pattern) {
  const bool is_application = pattern.starts_with("/admin/applications/");
  const bool is_sub_account = pattern.starts_with("/account/sub-accounts/");
  std::string id = is_application ? "demo-portal" : id_of(app, is_sub_account ? "anna.sales" : "jan.nowak");
  return put(put(pattern, "{id}", id), "{topic}", "login");
}

bool is_of_pages(const http::Route& route) {
  for (const char* other : {"/assets/", "/theme/", "/oauth2/", "/.well-known/", "/api/", "/control"}) {
    if (route.pattern.starts_with(other)) return false;
  }
  return true;
}

void check_page(const Reply& reply, const std::string& where) {
  for (const char* raw : {"<script>x9", "<img src=x", "x9()>'"}) CHECK_MESSAGE(!has(reply.body, raw), where);
}

/// A house whose every free text is a script.
struct Scripted {
  Scripted() {
    flow::NewAccount sub_account;
    sub_account.login = "anna.sales";
    sub_account.given_name = "Sales";
    sub_account.email = "sales@clinic.example";
    sub_account.trusted_addresses = true;
    sub_account.main_account = "anna.kowalska";
    app.add_account(sub_account);
    const auto by = flow::make_operator("test");
    REQUIRE(flow::create_group(app.house(), by, {"", "nurses"}, facts()));
    REQUIRE(flow::create_role(app.house(), by, {"", "clerk"}, {}, facts()));
    App::log_in(admin, "admin", "Lantern-Harbour-2026");
    door::log_in_anna(anna);
    // A failure is an event with what was typed, and a browser calls itself what it likes.
    Browser stranger(app.port());
    const auto form = stranger.get("/login", {{"User-Agent", script}}).form("/login/password");
    stranger.submit(form, {{"login", script}, {"password", "x"}}, {{"User-Agent", script}});
  }

  void write() const {
    const bool done =
        app.house()
            .store
            .write([&](store::Tx& tx) -> base::Result<void> {
              RETURN_IF_ERROR(tx.run("UPDATE person SET given = $1, family = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE account SET organisation = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(
                  tx.run("UPDATE identifier SET display = $1 WHERE type <> 'login'", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE acting_context SET name = $1, name_de = $1, name_pl = $1",
                                     {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE own_role SET name = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE group_ SET name = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE policy SET name = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE session SET user_agent = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE device SET user_agent = $1, name = $1", {std::string_view(script)}));
              RETURN_IF_ERROR(tx.run("UPDATE outbox SET last_error = $1", {std::string_view(script)}));
              return {};
            })
            .has_value();
    REQUIRE(done);
    const bool in_json = app.house()
                             .store
                             .write([&](store::Tx& tx) -> base::Result<void> {
                               RETURN_IF_ERROR(tx.run("UPDATE client SET spec = REPLACE(spec, 'Clinic portal', $1)",
                                                      {std::string_view(script_in_json)}));
                               return {};
                             })
                             .has_value();
    REQUIRE(in_json);
  }

  App app{[](app::Config& config) { door::set(config, "login.proof", "1h"); }};
  Browser admin{app.port()};
  Browser anna{app.port()};
};

/// Names of all fields that forms of the pages have.
std::set<std::string> find_fields(const std::string& html) {
  static const std::regex name("<(?:input|select|textarea)[^>]* name=\"([^\"]+)\"");
  std::set<std::string> names;
  for (std::sregex_iterator it(html.begin(), html.end(), name); it != std::sregex_iterator(); ++it) {
    names.insert((*it)[1].str());
  }
  return names;
}

std::string session_of(const App& app, const Browser& browser) {
  const auto visitor = flow::find_visitor(app.house(), browser.cookies.at("chancery_session"), facts(), false);
  REQUIRE(visitor);
  REQUIRE(visitor->session() != nullptr);
  return visitor->session()->id.to_string();
}

}  // namespace

TEST_CASE("a script that is stored in every text is text on every page") {
  Scripted f;
  f.write();
  std::size_t shown = 0;
  for (const http::Route* route : f.app.server->router().routes()) {
    if (route->method != http::Method::get || !is_of_pages(*route)) continue;
    const std::string path = fill(f.app, route->pattern);
    for (Browser* browser : {&f.admin, &f.anna}) {
      const Reply reply = browser->get(path);
      check_page(reply, path);
      CHECK_MESSAGE(reply.status < 500, path);
      if (has(reply.body, "&lt;script&gt;x9")) ++shown;
    }
  }
  CHECK(shown > 40);
}

TEST_CASE("a script in any field of any address or form comes back as text") {
  Scripted f;
  std::set<std::string> names{"lang",  "next", "said",   "done",  "confirm", "error", "state",
                              "reset", "text", "reason", "token", "attempt", "kind",  "error_description"};
  for (const http::Route* route : f.app.server->router().routes()) {
    if (route->method != http::Method::get || !is_of_pages(*route)) continue;
    const std::string path = fill(f.app, route->pattern);
    names.merge(find_fields(f.admin.get(path).body));
    names.merge(find_fields(f.anna.get(path).body));
  }
  names.erase("csrf");
  CHECK(names.size() > 60);
  for (const http::Route* route : f.app.server->router().routes()) {
    if (!is_of_pages(*route)) continue;
    const std::string path = fill(f.app, route->pattern);
    for (Browser* browser : {&f.admin, &f.anna}) {
      if (route->method == http::Method::get) {
        // One by one, because a wrong value of one field hides the others.
        for (const std::string& name : names) {
          check_page(browser->get(path + "?" + base::percent_encode(name) + "=" + base::percent_encode(script)),
                     path + " " + name);
        }
      } else if (route->guard == "session" && route->pattern != "/logout") {
        Browser::Headers fields{{"csrf", browser::make_csrf(f.app.house(), session_of(f.app, *browser), path)}};
        for (const std::string& name : names) {
          if (name != "reason") fields.emplace_back(name, script);
        }
        const Reply reply = browser->post(path, fields);
        check_page(reply, "POST " + path);
        CHECK_MESSAGE(reply.status < 500, path);
      }
    }
  }
}
