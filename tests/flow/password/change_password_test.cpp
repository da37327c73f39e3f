#include "flow/password/change_password.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "crypto/password/password_hash.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/password_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/session/choose_context.hpp"

using namespace std::chrono_literals;
using Fixture = testing::PasswordFixture;
using Kind = identity::PasswordFlaw::Kind;

namespace {

bool has(const flow::ChangeJudgement& judgement, Kind kind) {
  return std::any_of(judgement.flaws.begin(), judgement.flaws.end(),
                     [&](const auto& flaw) { return flaw.kind == kind; });
}

bool is_login_failure(const base::Error& error) {
  return error.code == base::Code::login_failed;
}

}  // namespace

TEST_CASE("after a change only the new password is valid, the session goes on and all others end") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right, {"user"}, "anna@clinic.example");
  const auto elsewhere = f.log_in(Fixture::right);
  REQUIRE(elsewhere);
  const auto here = f.log_in(Fixture::right);
  REQUIRE(here);
  const base::Secret next = f.change(f.visitor(here->session_cookie), Fixture::right, Fixture::other);

  CHECK(f.visitor(next).actor);
  CHECK_FALSE(f.visitor(here->session_cookie).session());
  CHECK_FALSE(f.visitor(elsewhere->session_cookie).session());
  CHECK_FALSE(f.log_in(Fixture::right));
  CHECK(f.log_in(Fixture::other));
  const auto events = f.events("password_set");
  REQUIRE(events.size() == 1);
  CHECK(events[0].actor == events[0].subject);
  f.deliver();
  CHECK(f.count_sent("password_changed") == 1);
}

TEST_CASE("nothing is changed before the question is answered, and the answer works once") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  const auto checked = f.check(who, Fixture::right, Fixture::other);
  REQUIRE(checked);
  CHECK(f.log_in(Fixture::right));
  CHECK_FALSE(f.log_in(Fixture::other));
  REQUIRE(flow::confirm_change(*f.house, who, checked->ticket, f.facts()));
  const auto again = flow::confirm_change(*f.house, who, checked->ticket, f.facts());
  REQUIRE_FALSE(again);
  CHECK(f.events("password_set").size() == 1);
}

TEST_CASE("the answer is void in another session, after its time, and after another change") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  f.add_account("jan.nowak", "River-Copper-2026");
  const auto who = f.visitor_of(Fixture::right);
  const auto checked = f.check(who, Fixture::right, Fixture::other);
  REQUIRE(checked);
  const auto expired = [&](const flow::Visitor& visitor) {
    const auto done = flow::confirm_change(*f.house, visitor, checked->ticket, f.facts());
    return !done && done.error().code == base::Code::expired;
  };
  CHECK(expired(f.visitor_of("River-Copper-2026", "jan.nowak")));
  CHECK(expired(f.visitor_of(Fixture::right)));
  const base::Secret damaged(std::string(checked->ticket.reveal()).replace(40, 1, "~"));
  CHECK_FALSE(flow::confirm_change(*f.house, who, damaged, f.facts()));
  f.now += 11min;
  CHECK(expired(who));
  f.now -= 11min;
  f.change_policy(
      [](identity::PasswordPolicy& policy) { policy.min_length = policy.min_length_with_second_factor = 20; });
  CHECK(expired(who));
  CHECK(f.events("password_set").empty());
}

TEST_CASE("two changes at once: one has an effect") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  std::vector<base::Secret> tickets;
  for (int i = 0; i < 8; ++i) {
    tickets.push_back(f.check(who, Fixture::right, Fixture::other + std::to_string(i))->ticket);
  }
  std::atomic<int> changed{0};
  std::vector<std::thread> threads;
  for (const base::Secret& ticket : tickets) {
    threads.emplace_back([&] { changed += flow::confirm_change(*f.house, who, ticket, f.facts()) ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  CHECK(changed == 1);
  CHECK(f.events("password_set").size() == 1);
}

TEST_CASE("a wrong old password counts like a failed login and locks the account") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  for (int i = 0; i < 5; ++i) {
    const auto checked = f.check(who, "Wrong-Password-1", Fixture::other);
    REQUIRE_FALSE(checked);
    CHECK(is_login_failure(checked.error()));
  }
  CHECK(f.events("lockout").size() == 1);
  const auto locked = f.check(who, Fixture::right, Fixture::other);
  REQUIRE_FALSE(locked);
  CHECK(is_login_failure(locked.error()));
  CHECK_FALSE(f.log_in(Fixture::right));
}

TEST_CASE("all that is wrong with a new password is said at once") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  flow::ChangeWish wish = Fixture::wish(Fixture::right, "anna");
  wish.repeated = base::Secret("else");
  const auto checked = flow::check_change(*f.house, who, wish, f.facts());
  REQUIRE(checked);
  CHECK(checked->ticket.empty());
  CHECK(checked->judgement.repeat_differs);
  CHECK(has(checked->judgement, Kind::too_short));
  CHECK(has(checked->judgement, Kind::too_few_classes));
  for (const std::string bad : {"x-ANNA.KOWALSKA-1", "x-akslawok.anna-1"}) {
    CHECK(has(f.check(who, Fixture::right, bad)->judgement, Kind::contains_login));
  }
  CHECK(has(f.check(who, Fixture::right, std::string("Ab1-\xff\xfe----"))->judgement, Kind::not_text));
  CHECK_FALSE(f.check(who, Fixture::right, std::string(3000, 'A') + "b1")->judgement.is_fine());
}

TEST_CASE("a password that was ever used is never accepted again, however many came after it") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  base::Secret cookie = f.log_in(Fixture::right)->session_cookie;
  std::string current = Fixture::right;
  for (int i = 0; i < 30; ++i) {
    const std::string next = "Granite-Sparrow-" + std::to_string(i);
    cookie = f.change(f.visitor(cookie), current, next);
    current = next;
    f.now += 1s;
  }
  CHECK(has(f.check(f.visitor(cookie), current, Fixture::right)->judgement, Kind::used_before));
  CHECK(has(f.check(f.visitor(cookie), current, "Granite-Sparrow-3")->judgement, Kind::used_before));
  CHECK(has(f.check(f.visitor(cookie), current, current)->judgement, Kind::used_before));
  f.settings.password_hash = {16, 1};  // rows that were made with other parameters still count
  CHECK(has(f.check(f.visitor(cookie), current, "Granite-Sparrow-3")->judgement, Kind::used_before));
  f.change_policy([](identity::PasswordPolicy& policy) { policy.history = 2; });
  CHECK(f.check(f.visitor(cookie), current, Fixture::right)->judgement.is_fine());
  CHECK(has(f.check(f.visitor(cookie), current, "Granite-Sparrow-28")->judgement, Kind::used_before));
}

TEST_CASE("the history belongs to one account, and spellings of one password are one") {
  Fixture f;
  f.add_account("anna.kowalska", "Zażółć-gęślą-jaźń-1");
  f.add_account("jan.nowak", "River-Copper-2026");
  const auto jan = f.visitor_of("River-Copper-2026", "jan.nowak");
  CHECK(f.check(jan, "River-Copper-2026", "Zażółć-gęślą-jaźń-1")->judgement.is_fine());
  const auto anna = f.visitor_of("Zażółć-gęślą-jaźń-1");
  const std::string decomposed = "Zaz\u0307o\u0301\u0142c\u0301-ge\u0328s\u0301la\u0328-jaz\u0301n\u0301-1";
  CHECK(has(f.check(anna, "Zażółć-gęślą-jaźń-1", decomposed)->judgement, Kind::used_before));
}

TEST_CASE("a password is not changed again before its minimum age, unless it must be") {
  Fixture f;
  f.change_policy([](identity::PasswordPolicy& policy) { policy.min_age = 24h; });
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  const auto early = f.check(who, Fixture::right, Fixture::other);
  REQUIRE(early);
  REQUIRE(early->judgement.not_before);
  CHECK(*early->judgement.not_before == f.now + 24h);
  f.now += 24h;
  CHECK(f.check(f.visitor_of(Fixture::right), Fixture::right, Fixture::other)->judgement.is_fine());
}

TEST_CASE("who only chooses a context cannot change the password in between") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right, {"user", "administrator"});
  const auto who = f.visitor_of(Fixture::right);
  REQUIRE(who.pending);
  CHECK_FALSE(f.check(who, Fixture::right, Fixture::other));
  CHECK_FALSE(f.check({}, Fixture::right, Fixture::other));
}

TEST_CASE("a client program changes its account's password in one call, and other accounts stay untouched") {
  Fixture f;
  f.add_account("praxis.client", Fixture::right);
  f.add_account("jan.nowak", "River-Copper-2026");
  const auto cookie = f.log_in(Fixture::right, "praxis.client");
  REQUIRE(cookie);
  const auto weak = flow::change_by_program(*f.house, "praxis.client", Fixture::wish(Fixture::right, "x"), f.facts());
  REQUIRE(weak);
  CHECK_FALSE(weak->is_fine());
  const auto done =
      flow::change_by_program(*f.house, "PRAXIS.client", Fixture::wish(Fixture::right, Fixture::other), f.facts());
  REQUIRE(done);
  CHECK(done->is_fine());
  CHECK_FALSE(f.visitor(cookie->session_cookie).session());
  CHECK(f.log_in(Fixture::other, "praxis.client"));
  CHECK(f.log_in("River-Copper-2026", "jan.nowak"));
}

TEST_CASE("for a program wrong, unknown, suspended and locked look the same, and count") {
  Fixture f;
  f.add_account("praxis.client", Fixture::right);
  f.add_account("jan.nowak", Fixture::right);
  REQUIRE(flow::suspend_account(*f.house, Fixture::operator_actor(), "jan.nowak", f.facts()));
  const auto fails = [&](const std::string& login, const std::string& password) {
    const auto done = flow::change_by_program(*f.house, login, Fixture::wish(password, Fixture::other), f.facts());
    return !done && is_login_failure(done.error());
  };
  CHECK(fails("nobody", Fixture::right));
  CHECK(fails("jan.nowak", Fixture::right));
  for (int i = 0; i < 5; ++i) CHECK(fails("praxis.client", "Wrong-Password-1"));
  CHECK(fails("praxis.client", Fixture::right));
  CHECK(f.events("lockout").size() >= 1);
  CHECK(f.events("password_set").empty());
}

TEST_CASE("only a change that must be made goes without the old password, and only while the login is fresh") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto without = [&](const flow::Visitor& who, const std::string& wished) {
    return flow::check_change(*f.house, who, Fixture::wish("", wished), f.facts());
  };
  CHECK_FALSE(without(f.visitor_of(Fixture::right), Fixture::other));
  REQUIRE(flow::set_password(*f.house, Fixture::operator_actor(), "anna.kowalska",
                             {base::Secret("Initial-Amber-77"), true}, f.facts()));
  const flow::Visitor held = f.visitor_of("Initial-Amber-77");
  REQUIRE(held.must_change());
  const auto same = without(held, "Initial-Amber-77");
  REQUIRE(same);
  CHECK_FALSE(same->judgement.is_fine());  // the old password is refused as the new one
  const auto fine = without(held, Fixture::other);
  REQUIRE(fine);
  CHECK(fine->judgement.is_fine());
  f.now += f.settings.proof.lasts;
  CHECK_FALSE(without(held, Fixture::other));
  CHECK(flow::check_change(*f.house, held, Fixture::wish("Initial-Amber-77", Fixture::other), f.facts()));
}
