#include "flow/login/login_password.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "crypto/password/password_hash.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/session/logout.hpp"
#include "store/account/accounts.hpp"
#include "store/password/passwords.hpp"

using namespace std::chrono_literals;

namespace {

/// With the classic lockout; the protective form is in throttle_login_test.
class HouseFixture : public testing::HouseFixture {
 public:
  HouseFixture() { settings.lockout.form = flow::LockoutForm::classic; }
};

const std::string right = "Meadow-Violet-2026";

base::Result<flow::LoginDone> log_in(HouseFixture& f, const std::string& login, const std::string& password,
                                     const std::string& replaced = {}) {
  return flow::login_password(*f.house, {login, base::Secret(password), replaced}, f.facts());
}

bool fails(HouseFixture& f, const std::string& login, const std::string& password) {
  const auto done = log_in(f, login, password);
  return !done && done.error().code == base::Code::login_failed;
}

std::string visitor_cookie(const base::Result<flow::LoginDone>& done) {
  REQUIRE(done);
  return std::string(done->session_cookie.reveal());
}

bool data_has(const audit::Event& event, std::string_view text) {
  return event.data.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("an unknown login and a wrong password look the same, but not in the audit log") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  CHECK(fails(f, "nobody", right));
  CHECK(fails(f, "anna.kowalska", "Wrong-Password-1"));
  const auto events = f.events("login");
  REQUIRE(events.size() == 2);
  CHECK(data_has(events[0], "wrong_password"));
  CHECK(data_has(events[1], "unknown_login"));
  for (const auto& event : events) {
    CHECK(event.outcome == "failure");
    CHECK(event.personal.find("192.0.2.7") != std::string::npos);
  }
}

TEST_CASE("a person with one context is at once an actor in it") {
  HouseFixture f;
  f.add_account("jan.nowak", right);
  const auto done = log_in(f, "jan.nowak", right);
  REQUIRE(done);
  CHECK_FALSE(done->needs_context);
  const auto visitor = flow::find_visitor(*f.house, visitor_cookie(done), f.facts());
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  CHECK(visitor->actor->context().key == "user");
  CHECK(visitor->actor->account().login == "jan.nowak");
  CHECK_FALSE(visitor->actor->may(rights::Permission::read_audit));
}

TEST_CASE("with several contexts nothing is open before the choice, and the choice changes the session's id") {
  HouseFixture f;
  f.add_account("anna.kowalska", right, {"user", "administrator"});
  const auto done = log_in(f, "anna.kowalska", right);
  REQUIRE(done);
  CHECK(done->needs_context);
  const std::string before = visitor_cookie(done);
  const auto pending = flow::find_visitor(*f.house, before, f.facts());
  REQUIRE(pending);
  CHECK_FALSE(pending->actor);
  REQUIRE(pending->pending);
  CHECK(flow::list_offered_contexts(*f.house, *pending, f.facts())->size() == 2);

  CHECK(flow::choose_context(*f.house, *pending, "super_administrator", f.facts()).error().code == base::Code::denied);
  CHECK(flow::choose_context(*f.house, *pending, "no such", f.facts()).error().code == base::Code::denied);
  const auto chosen = flow::choose_context(*f.house, *pending, "administrator", f.facts());
  REQUIRE(chosen);
  CHECK(chosen->reveal() != before);
  const auto old = flow::find_visitor(*f.house, before, f.facts());
  CHECK(old->session() == nullptr);
  const auto now_acting = flow::find_visitor(*f.house, chosen->reveal(), f.facts());
  REQUIRE(now_acting->actor);
  CHECK(now_acting->actor->may(rights::Permission::read_audit));
  CHECK(f.events("context_choice").size() == 1);
  // The same step a second time, with the earlier cookie, as if another tab were faster.
  CHECK(flow::choose_context(*f.house, *pending, "user", f.facts()).error().code == base::Code::conflict);
}

TEST_CASE("sixty switches of the context in an hour are taken, and the choice after a login is none") {
  HouseFixture f;
  f.add_account("anna.kowalska", right, {"user", "administrator"});
  const auto choose = [&](const std::string& cookie, const char* context) {
    return flow::choose_context(*f.house, *flow::find_visitor(*f.house, cookie, f.facts()), context, f.facts());
  };
  std::string cookie(choose(visitor_cookie(log_in(f, "anna.kowalska", right)), "user")->reveal());
  for (int i = 0; i < 60; ++i) {
    const auto next = choose(cookie, i % 2 == 0 ? "administrator" : "user");
    REQUIRE(next);
    cookie = next->reveal();
  }
  const auto written = f.events("context_choice").size();
  CHECK(written == 61);
  for (int i = 0; i < 100; ++i) {
    const auto refused = choose(cookie, "administrator");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Code::too_many);
  }
  // Of a hundred refusals in a minute only number 1, 2, 4 … 64 have an event.
  const auto events = f.events("context_choice");
  CHECK(events.size() == written + 7);
  CHECK(events.front().outcome == "failure");
  CHECK(data_has(events.front(), R"("reason":"limit_of_account")"));
  CHECK(data_has(events.front(), R"("in_this_minute":"64")"));
  CHECK(flow::find_visitor(*f.house, cookie, f.facts())->actor->context().key == "user");
  // Another browser of the account counts together with this one, once its first choice is made.
  const auto first = choose(visitor_cookie(log_in(f, "anna.kowalska", right)), "administrator");
  REQUIRE(first);
  CHECK(choose(std::string(first->reveal()), "user").error().code == base::Code::too_many);
  f.now += 1h;
  const auto later = choose(visitor_cookie(log_in(f, "anna.kowalska", right)), "administrator");
  REQUIRE(later);
  CHECK(choose(std::string(later->reveal()), "user"));
}

TEST_CASE("after five failures the account is locked for a time, even for the right password") {
  HouseFixture f;
  f.add_account("anna.kowalska", right, {"user"}, "anna@clinic.example");
  for (int i = 0; i < 5; ++i) CHECK(fails(f, "anna.kowalska", "wrong" + std::to_string(i)));
  CHECK(fails(f, "anna.kowalska", right));
  CHECK(data_has(f.events("login").front(), "locked"));
  CHECK(f.events("lockout").size() == 1);
  f.now += 15min;
  CHECK(log_in(f, "anna.kowalska", right));
}

TEST_CASE("every identifier and every spelling of it counts on the same account") {
  HouseFixture f;
  f.add_account("anna.kowalska", right, {"user"}, "anna@clinic.example");
  for (const char* spelling :
       {"anna.kowalska", "ANNA.Kowalska", "anna@clinic.example", "Anna@Clinic.Example", " \xef\xbd\x81nna.kowalska "}) {
    CHECK(fails(f, spelling, "wrong"));
  }
  CHECK(f.events("lockout").size() == 1);
  CHECK(fails(f, "anna.kowalska", right));
}

TEST_CASE("a success takes the failures before it off the count") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) CHECK(fails(f, "anna.kowalska", "wrong"));
    CHECK(log_in(f, "anna.kowalska", right));
  }
  CHECK(f.events("lockout").empty());
}

TEST_CASE("a suspended account cannot log in, and its open session ends at once") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  const std::string cookie = visitor_cookie(log_in(f, "anna.kowalska", right));
  REQUIRE(flow::suspend_account(*f.house, HouseFixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK(flow::find_visitor(*f.house, cookie, f.facts())->session() == nullptr);
  CHECK(fails(f, "anna.kowalska", right));
  CHECK(data_has(f.events("login").front(), "suspended"));
  REQUIRE(flow::restore_account(*f.house, HouseFixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK(log_in(f, "anna.kowalska", right));
}

TEST_CASE("what can be nobody's login or password fails like everything else") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  CHECK(fails(f, "", right));
  CHECK(fails(f, std::string(5000, 'a'), right));
  CHECK(fails(f, "anna\xff", right));
  CHECK(fails(f, "anna.kowalska", ""));
  CHECK(fails(f, "anna.kowalska", std::string(129, 'x')));
  CHECK(fails(f, "anna.kowalska", right + std::string(1, '\0')));
  CHECK(fails(f, "anna.kowalska", "-"));
}

TEST_CASE("composed and decomposed spellings of one password are the same password") {
  HouseFixture f;
  f.add_account("zofia.wojcik", "Zażółć-gęślą-jaźń");
  CHECK(log_in(f, "zofia.wojcik", "Zaz\xcc\x87o\xcc\x81łc\xcc\x81-ge\xcc\xa8s\xcc\x81la\xcc\xa8-jaz\xcc\x81n\xcc\x81"));
}

TEST_CASE("the hash is renewed at login when the parameters were raised, and at no failure") {
  HouseFixture f;
  const base::Id id = f.add_account("anna.kowalska", right);
  const auto phc = [&] {
    return std::string(
        f.store->read([&](store::Tx& tx) { return store::find_password(tx, id); }).value()->phc.reveal());
  };
  const std::string before = phc();
  f.settings.password_hash = {64, 2};
  CHECK(fails(f, "anna.kowalska", "wrong"));
  CHECK(phc() == before);
  CHECK(log_in(f, "anna.kowalska", right));
  CHECK(phc() != before);
  CHECK(phc().find("m=64,t=2") != std::string::npos);
  CHECK(log_in(f, "anna.kowalska", right));
}

TEST_CASE("a login in a browser that has a session ends that session's cookie") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  f.add_account("jan.nowak", right);
  const std::string first = visitor_cookie(log_in(f, "anna.kowalska", right));
  const std::string second = visitor_cookie(log_in(f, "anna.kowalska", right, first));
  CHECK(flow::find_visitor(*f.house, first, f.facts())->session() == nullptr);
  CHECK(flow::find_visitor(*f.house, second, f.facts())->actor);
  const std::string other = visitor_cookie(log_in(f, "jan.nowak", right, second));
  CHECK(flow::find_visitor(*f.house, second, f.facts())->session() == nullptr);
  CHECK(flow::find_visitor(*f.house, other, f.facts())->actor->account().login == "jan.nowak");
  CHECK(f.events("session_end").size() == 1);
}

TEST_CASE("a session ends after its idle time, and its use puts that off, but not beyond the absolute end") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  const std::string cookie = visitor_cookie(log_in(f, "anna.kowalska", right));
  for (int i = 0; i < 10; ++i) {
    f.now += 14min;
    CHECK(flow::find_visitor(*f.house, cookie, f.facts())->actor);
  }
  f.now += 14min;
  CHECK(flow::find_visitor(*f.house, cookie, f.facts(), false)->actor);
  f.now += 1min;
  CHECK(flow::find_visitor(*f.house, cookie, f.facts())->session() == nullptr);

  const std::string next = visitor_cookie(log_in(f, "anna.kowalska", right));
  const base::Time begun = f.now;
  while (f.now < begun + 12h) {
    CHECK(flow::find_visitor(*f.house, next, f.facts())->actor);
    f.now += 10min;
  }
  CHECK(flow::find_visitor(*f.house, next, f.facts())->session() == nullptr);
}

TEST_CASE("bad cookies are nobody, never an error") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  const std::string cookie = visitor_cookie(log_in(f, "anna.kowalska", right));
  std::string altered = cookie;
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  for (const std::string& bad : {std::string(), std::string("x"), altered, cookie + "A", std::string(64, 'A'),
                                 std::string(64, '\xff'), std::string(10000, 'A')}) {
    const auto visitor = flow::find_visitor(*f.house, bad, f.facts());
    REQUIRE(visitor);
    CHECK(visitor->session() == nullptr);
  }
}

TEST_CASE("logout ends the session and is recorded once") {
  HouseFixture f;
  f.add_account("anna.kowalska", right);
  const std::string cookie = visitor_cookie(log_in(f, "anna.kowalska", right));
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(flow::logout(*f.house, *visitor, audit::why::logout, f.facts()));
  REQUIRE(flow::logout(*f.house, *visitor, audit::why::logout, f.facts()));
  CHECK(flow::find_visitor(*f.house, cookie, f.facts())->session() == nullptr);
  CHECK(f.events("logout").size() == 1);
}

TEST_CASE("forty failures at the same time lock the account once") {
  HouseFixture f;
  f.settings.audit.failures_each_minute = 100;  // every one is an event
  f.add_account("anna.kowalska", right);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        (void)flow::login_password(*f.house, {"anna.kowalska", base::Secret("wrong")}, f.facts());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(f.events("lockout").size() == 1);
  CHECK(f.events("login").size() == 40);
  CHECK(flow::verify_audit(*f.house, {})->flaws.empty());
}

TEST_CASE("above a rate failures are counted, not written one by one") {
  HouseFixture f;
  f.settings.audit.failures_each_minute = 10;
  for (int i = 0; i < 45; ++i) CHECK(fails(f, "nobody" + std::to_string(i), "x"));
  const auto events = f.events("login");
  CHECK(events.size() == 12);
  CHECK(data_has(events[0], "\"in_this_minute\":\"40\""));
  CHECK(data_has(events[1], "\"in_this_minute\":\"20\""));
  f.now += 1min;
  CHECK(fails(f, "nobody", "x"));
  CHECK(f.events("login").size() == 13);
}
