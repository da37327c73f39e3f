// A network that fails too often is refused at the door, by its address alone; all others can log in (S4.6, S4.7).
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <functional>
#include <thread>

#include "app/config/config.hpp"
#include "crypto/password/password_hash.hpp"
#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

constexpr const char* trusted_proxy = "127.0.0.1";

void make_narrow(app::Config& config, const std::string& form) {
  door::set(config, "lockout.form", form);
  door::set(config, "lockout.network_failures", "5");
  door::set(config, "lockout.network_refill", "1h");
  config.server.trusted_proxies = {trusted_proxy};
}

/// The bar does not depend on what failures do to an account.
constexpr std::array<const char*, 2> forms{"protective", "classic"};

std::function<void(app::Config&)> narrow(const std::string& form) {
  return [form](app::Config& config) { make_narrow(config, form); };
}

// A person whose address is the one that a trusted proxy names.
struct Visitor {
  Visitor(const App& app, std::string address) : browser(app.port()), ip(std::move(address)) {}
  Reply try_login(const std::string& login, const std::string& password) {
    const PageForm form = browser.follow(browser.get("/account")).form("/login/password");
    REQUIRE_FALSE(form.action.empty());
    return send(form, login, password);
  }
  Reply send(const PageForm& form, const std::string& login, const std::string& password) {
    return browser.submit(form, {{"login", login}, {"password", password}}, {{"X-Forwarded-For", ip}});
  }
  Browser browser;
  std::string ip;
};

std::string without_id(std::string body, const Reply& reply) {
  const std::string id = reply.header("x-request-id");
  for (std::size_t at = body.find(id); !id.empty() && at != std::string::npos; at = body.find(id))
    body.erase(at, id.size());
  return body;
}

}  // namespace

TEST_CASE("the bar of a network shows the page of every failed login, with 429 and when to try again") {
  for (const char* form : forms) {
    CAPTURE(form);
    const App app(narrow(form));
    Visitor attacker(app, "203.0.113.9");
    for (int i = 0; i < 5; ++i) CHECK(attacker.try_login("name" + std::to_string(i), "wrong").status == 403);
    const auto hashes = crypto::hashes_computed();
    const Reply unknown = attacker.try_login("eva.nowak", "wrong");
    const Reply known = attacker.try_login("jan.nowak", "River-Copper-2026");
    CHECK(unknown.status == 429);
    CHECK(known.status == 429);
    CHECK_FALSE(known.header("retry-after").empty());
    CHECK(crypto::hashes_computed() == hashes);
    CHECK(without_id(unknown.body, unknown).size() == without_id(known.body, known).size());
    CHECK(app.events("login").front().data.find("\"network\"") != std::string::npos);

    Visitor elsewhere(app, "203.0.113.10");
    CHECK(elsewhere.try_login("jan.nowak", "River-Copper-2026").status == 303);
  }
}

TEST_CASE("the bar writes one event a minute, however many are refused") {
  for (const char* form : forms) {
    CAPTURE(form);
    const App app(narrow(form));
    Visitor attacker(app, "203.0.113.9");
    for (int i = 0; i < 5; ++i) CHECK(attacker.try_login("name" + std::to_string(i), "wrong").status == 403);
    for (int i = 0; i < 10; ++i) CHECK(attacker.try_login("name", "wrong").status == 429);
    CHECK(app.events("login").size() == 6);
  }
}

TEST_CASE("a program at a barred network gets 429 as well") {
  for (const char* form : forms) {
    CAPTURE(form);
    const App app(narrow(form));
    Browser program(app.port());
    const auto change = [&] {
      return program.request("POST", "/api/v1/account/password",
                             {{"Content-Type", "application/json"}, {"X-Forwarded-For", "203.0.113.9"}},
                             R"({"login":"jan.nowak","old_password":"wrong","new_password":"Granite-Sparrow-7"})");
    };
    for (int i = 0; i < 5; ++i) CHECK(change().status == 401);
    const Reply barred = change();
    CHECK(barred.status == 429);
    CHECK_FALSE(barred.header("retry-after").empty());
    CHECK(has(barred.body, "too-many"));
  }
}

TEST_CASE("while one address floods the login, honest logins from another are none refused") {
  const App app([](app::Config& config) {
    make_narrow(config, "protective");
    door::set(config, "lockout.network_failures", "1000000");
    config.server.password = {1, 8};  // one thread, eight places
  });
  std::atomic<bool> over = false;
  std::atomic<int> refused_attackers = 0;
  std::vector<std::thread> flood;
  for (int t = 0; t < 24; ++t) {
    flood.emplace_back([&, t] {
      Visitor attacker(app, "203.0.113.9");
      const PageForm form = attacker.browser.follow(attacker.browser.get("/account")).form("/login/password");
      while (!over && !form.action.empty()) {
        const Reply reply = attacker.send(form, "x" + std::to_string(t), "wrong");
        if (reply.status == 503) ++refused_attackers;
      }
    });
  }
  int honest = 0;
  for (int i = 0; i < 20 || (refused_attackers == 0 && i < 400); ++i) {
    Visitor nurse(app, "198.51.100." + std::to_string(i % 200 + 1));
    honest += nurse.try_login("jan.nowak", "River-Copper-2026").status == 303 ? 1 : 0;
    if (honest != i + 1) break;
  }
  over = true;
  for (std::thread& one : flood) one.join();
  CHECK(honest >= 20);
  CHECK(refused_attackers > 0);  // there really was a flood
}
