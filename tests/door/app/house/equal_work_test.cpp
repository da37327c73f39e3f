// What a refusal costs at a door must not tell which names exist: the same hashes and the same statements for every
// reason, counted over the whole request (S4.6, security rules 1 and 7). The reasons one by one are compared in
// tests/flow/proof/equal_work_test.cpp; here it is shown that no door adds work of its own.
#include <doctest/doctest.h>

#include <algorithm>

#include "counted_work.hpp"
#include "door/app_fixture.hpp"
#include "door/oidc/code_flow.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/house/make_operator.hpp"

namespace {

using door::App;
using door::Browser;
using door::Fields;
using door::Reply;
using testing::Work;

using Request = std::function<Reply()>;
/// Prepares everything that comes before the one request that is counted, and gives that request.
using Door = std::function<Request(Browser&, const std::string& name, const std::string& secret)>;

struct Reason {
  std::string what;
  std::string name;
  std::string secret;
};

/// The counters are of the process, and the server's own threads run a statement from time to time. They only add, so
/// the least of several runs is the request's own work.
Work measure(const App& app, const Door& door, const Reason& reason, int wanted_status) {
  std::optional<Work> least;
  for (int run = 0; run < 5; ++run) {
    Browser browser(app.port());
    const Request request = door(browser, reason.name, reason.secret);
    Reply reply;
    const Work work = testing::measure([&] { reply = request(); });
    CHECK(reply.status == wanted_status);
    if (!least || work.statements < least->statements) least = work;
  }
  return *least;
}

constexpr const char* right = "River-Copper-2026";
constexpr const char* wrong = "Wrong-Password-1";

/// People and names of every kind that a login can be refused for.
struct Scene {
  Scene()
      : app([](app::Config& config) {
          door::set(config, "lockout.form", "classic");
          door::set(config, "lockout.failures", "6");
          door::set(config, "audit.failures_each_minute", "1000");
        }) {
    for (const std::string login : {"ewa", "maria", "zofia"}) {
      flow::NewAccount wished;
      wished.login = login;
      wished.contexts = {"user"};
      wished.must_change = false;
      if (login != "ewa") wished.password = base::Secret(right);
      app.add_account(wished);
    }
    REQUIRE(flow::suspend_account(app.house(), flow::make_operator("test"), "zofia",
                                  {"127.0.0.1", "test", "test", base::now()}));
    for (int i = 0; i < 6; ++i) {
      Browser browser(app.port());
      App::log_in(browser, "maria", wrong);
    }
    rights::Client off;
    off.client_id = "switched-off";
    off.name = "Switched off";
    off.redirect_uris = {door::callback};
    off.scopes = {"openid"};
    off.enabled = false;
    app.add_client(off, "switched-off-secret");
  }
  App app;
};

const std::vector<Reason>& reasons() {
  static const std::vector<Reason> all{
      {"a name that nobody has", "nobody.here", wrong}, {"an address that nobody has", "nobody@clinic.example", wrong},
      {"a wrong password", "jan.nowak", wrong},         {"a suspended account", "zofia", right},
      {"an account without a password", "ewa", right},  {"a locked account", "maria", right},
  };
  return all;
}

void check_all_equal(const App& app, const Door& door, const std::vector<Reason>& all, int status) {
  std::optional<Work> first;
  for (const Reason& reason : all) {
    CAPTURE(reason.what);
    const Work work = measure(app, door, reason, status);
    CHECK(work.statements > 0);
    if (!first) first = work;
    CHECK(work == *first);
  }
}

}  // namespace

TEST_CASE("a refused login at the page costs the same whatever the reason is") {
  const Scene s;
  const Door page = [](Browser& browser, const std::string& name, const std::string& secret) -> Request {
    const auto form = browser.follow(browser.get("/account")).form("/login/password");
    return [=, &browser] { return browser.submit(form, {{"login", name}, {"password", secret}}); };
  };
  check_all_equal(s.app, page, reasons(), 403);
}

TEST_CASE("a refused change of password by a program costs the same whatever the reason is") {
  const Scene s;
  const Door program = [](Browser& browser, const std::string& name, const std::string& secret) -> Request {
    return [=, &browser] {
      return browser.request(
          "POST", "/api/v1/account/password", {{"Content-Type", "application/json"}},
          R"({"login":")" + name + R"(","old_password":")" + secret + R"(","new_password":"Granite-Sparrow-7"})");
    };
  };
  check_all_equal(s.app, program, reasons(), 401);
}

TEST_CASE("a refused application costs the token endpoint the same whatever the reason is") {
  const Scene s;
  const Door token = [](Browser& browser, const std::string& name, const std::string& secret) -> Request {
    return [=, &browser] {
      return browser.post("/oauth2/token",
                          Fields{{"grant_type", "authorization_code"},
                                 {"code", "nothing"},
                                 {"redirect_uri", door::callback},
                                 {"code_verifier", door::verifier}},
                          door::basic(name, secret));
    };
  };
  check_all_equal(s.app, token,
                  {{"unknown", "nothing-like-it", "demo-portal-secret"},
                   {"wrong secret", "demo-portal", wrong},
                   {"switched off", "switched-off", "switched-off-secret"},
                   {"no secret expected", "demo-spa", wrong}},
                  401);
}
