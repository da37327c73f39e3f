#include "flow/password/reset_password.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/password/reset_settings.hpp"
#include "flow/password/reset_token.hpp"
#include "flow/password_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/choose_context.hpp"
#include "seeded.hpp"

using namespace std::chrono_literals;
using Fixture = testing::PasswordFixture;

namespace {

class ResetFixture : public Fixture {
 public:
  ResetFixture() { anna = add_account("anna.kowalska", right, {"user", "administrator"}, "anna@clinic.example"); }
  bool expired(const std::string& token) {
    const auto done = flow::confirm_reset(*house, token, facts());
    return !done && done.error().code == base::Code::expired;
  }
  std::string why_not_sent() {
    for (const audit::Event& event : events("password_reset")) {
      if (event.outcome == "failure") return event.data;
    }
    return {};
  }
  base::Id anna;
};

}  // namespace

TEST_CASE("a forgotten password: link, confirmation, temporary password, own password, context") {
  ResetFixture f;
  const auto session_elsewhere = f.log_in(Fixture::right);
  const std::string token = f.get_token();
  CHECK(f.last("reset_link").to == "anna@clinic.example");
  CHECK(f.last("reset_link").link.starts_with("http://localhost:8080/reset/confirm?token="));
  CHECK(token.size() == 32);
  CHECK(f.log_in(Fixture::right));  // asking ends nothing

  const auto done = flow::confirm_reset(*f.house, token, f.facts());
  REQUIRE(done);
  CHECK(done->channel == flow::Channel::email);
  CHECK_FALSE(f.log_in(Fixture::right));
  CHECK_FALSE(f.visitor(session_elsewhere->session_cookie).session());

  const std::string temporary = f.temporary_password();
  CHECK(temporary.find_first_of("0Oo1Il") == std::string::npos);
  const auto logged_in = f.log_in(temporary);
  REQUIRE(logged_in);
  CHECK(logged_in->must_change == identity::MustChange::reset);
  const flow::Visitor held = f.visitor(logged_in->session_cookie);
  CHECK_FALSE(held.actor);
  CHECK(held.must_change());
  CHECK_FALSE(flow::choose_context(*f.house, held, "user", f.facts()));

  CHECK_FALSE(f.check(held, temporary, temporary)->judgement.is_fine());
  const base::Secret own = f.change(held, temporary, Fixture::other);
  const flow::Visitor free = f.visitor(own);
  REQUIRE(free.pending);
  CHECK_FALSE(free.must_change());
  const auto chosen = flow::choose_context(*f.house, free, "administrator", f.facts());
  REQUIRE(chosen);
  CHECK(f.visitor(*chosen).actor);
  CHECK(f.log_in(Fixture::other)->must_change == identity::MustChange::no);
}

TEST_CASE("both messages are in the language of the account, else of the page on which the reset was asked for") {
  ResetFixture f;
  REQUIRE(flow::ask_for_reset(*f.house, {"anna.kowalska", "", text::Language::pl}, f.facts()));
  f.deliver();
  CHECK(f.last("reset_link").language == text::Language::pl);
  REQUIRE(flow::confirm_reset(*f.house, f.token_in(f.last("reset_link")), f.facts()));
  f.deliver();
  CHECK(f.last("temporary_password").language == text::Language::pl);
}

TEST_CASE("a link that was opened is as it was, a used one is over") {
  ResetFixture f;
  const std::string token = f.get_token();
  for (int i = 0; i < 5; ++i) CHECK(flow::is_reset_link_open(*f.house, token, f.now).value());
  CHECK(f.log_in(Fixture::right));
  REQUIRE(flow::confirm_reset(*f.house, token, f.facts()));
  CHECK_FALSE(flow::is_reset_link_open(*f.house, token, f.now).value());
  CHECK(f.expired(token));
  CHECK(f.events("password_set").size() == 1);
}

TEST_CASE("a link is over after half an hour") {
  ResetFixture f;
  const std::string token = f.get_token();
  f.now += 30min - 1ms;
  CHECK(flow::is_reset_link_open(*f.house, token, f.now).value());
  f.now += 1ms;
  CHECK_FALSE(flow::is_reset_link_open(*f.house, token, f.now).value());
  CHECK(f.expired(token));
  CHECK(f.log_in(Fixture::right));
}

TEST_CASE("fifty confirmations at once have one effect") {
  ResetFixture f;
  const std::string token = f.get_token();
  std::atomic<int> effects{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&] {
      const auto done = flow::confirm_reset(*f.house, token, f.facts());
      ++(done ? effects : refused);
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(effects == 1);
  CHECK(refused == 49);
  f.deliver();
  CHECK(f.count_sent("temporary_password") == 1);
  CHECK(f.events("password_set").size() == 1);
}

namespace {

flow::ResetWish own_wish(const std::string& password, const std::string& repeated) {
  return {base::Secret(password), base::Secret(repeated)};
}

}  // namespace

TEST_CASE("with the direct form the link sets the person's own password, and every session and lock ends") {
  ResetFixture f;
  const auto session_elsewhere = f.log_in(Fixture::right);
  const std::string token = f.get_token();
  for (int i = 0; i < 10; ++i) (void)f.log_in("wrong");
  REQUIRE_FALSE(f.log_in(Fixture::right));  // locked

  const auto set = flow::set_by_reset(*f.house, token, own_wish(Fixture::other, Fixture::other), f.facts());
  REQUIRE(set);
  REQUIRE(set->done);
  CHECK_FALSE(f.log_in(Fixture::right));
  CHECK(f.log_in(Fixture::other)->must_change == identity::MustChange::no);
  CHECK_FALSE(f.visitor(session_elsewhere->session_cookie).session());
  CHECK(f.expired(token));
  CHECK(f.events("password_set").size() == 1);
  f.deliver();
  CHECK(f.count_sent("password_changed") == 1);
  CHECK(f.count_sent("temporary_password") == 0);
}

TEST_CASE("a password that the policy or its repetition refuses leaves the link and the old password as they are") {
  ResetFixture f;
  const std::string token = f.get_token();
  for (const auto& [password, repeated] :
       std::vector<std::pair<std::string, std::string>>{{"short", "short"},
                                                        {"anna.kowalska", "anna.kowalska"},
                                                        {Fixture::other, "Granite-Sparrow-8"},
                                                        {Fixture::right, Fixture::right},
                                                        {"", ""}}) {
    const auto set = flow::set_by_reset(*f.house, token, own_wish(password, repeated), f.facts());
    REQUIRE(set);
    CHECK_MESSAGE(!set->judgement.is_fine(), password);
    CHECK_FALSE(set->done);
  }
  CHECK(f.log_in(Fixture::right));
  CHECK(f.events("password_set").empty());
  CHECK(flow::is_reset_link_open(*f.house, token, f.now).value());
}

TEST_CASE("fifty people with one link set one password") {
  ResetFixture f;
  const std::string token = f.get_token();
  std::atomic<int> effects{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&, i] {
      const std::string mine = "Granite-Sparrow-" + std::to_string(i);
      const auto set = flow::set_by_reset(*f.house, token, own_wish(mine, mine), f.facts());
      if (set && set->done) ++effects;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(effects == 1);
  CHECK(f.events("password_set").size() == 1);
}

TEST_CASE("a link sets no password where the form is temporary, after its time, or for a suspended account") {
  ResetFixture f;
  const std::string token = f.get_token();
  const auto code_of_attempt = [&] {
    const auto set = flow::set_by_reset(*f.house, token, own_wish(Fixture::other, Fixture::other), f.facts());
    REQUIRE_FALSE(set);
    return set.error().code;
  };
  f.settings.reset.form = flow::ResetForm::temporary;
  CHECK(code_of_attempt() == base::Code::denied);
  f.settings.reset.form = flow::ResetForm::direct;
  REQUIRE(flow::suspend_account(*f.house, Fixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK(code_of_attempt() == base::Code::expired);
  f.now += 31min;
  CHECK(code_of_attempt() == base::Code::expired);
  CHECK(f.events("password_set").empty());
}

TEST_CASE("unknown, suspended and unreachable get the same answer and no link, and the audit log says why") {
  ResetFixture f;
  f.add_account("no.channel", Fixture::right);
  f.add_account("jan.nowak", Fixture::right, {"user"}, "jan@clinic.example");
  REQUIRE(flow::suspend_account(*f.house, Fixture::operator_actor(), "jan.nowak", f.facts()));
  for (const auto& [login, reason] :
       std::vector<std::pair<std::string, std::string>>{{"nobody", "unknown_login"},
                                                        {"jan.nowak", "suspended_admin"},
                                                        {"no.channel", "no_channel"},
                                                        {"", "unknown_login"},
                                                        {std::string(5000, 'x'), "unknown_login"},
                                                        {"a\xff", "unknown_login"}}) {
    f.ask(login);
    f.deliver();
    CHECK_MESSAGE(f.why_not_sent().find(reason) != std::string::npos, f.why_not_sent());
  }
  CHECK(f.count_sent("reset_link") == 0);
}

TEST_CASE("asking writes the same for every login; only the worker looks who it is") {
  ResetFixture f;
  const auto waiting = [&] {
    return f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value().size();
  };
  const std::size_t before = waiting();
  f.ask("anna.kowalska");
  CHECK(waiting() == before + 1);
  f.ask("nobody");
  CHECK(waiting() == before + 2);
  CHECK(f.events("password_reset").empty());
}

TEST_CASE("a request that the worker meets twice makes one link") {
  ResetFixture f;
  f.ask("anna.kowalska");
  const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
  REQUIRE(items.size() == 1);
  const auto deliver = flow::make_reset_deliverer(*f.house);
  CHECK(deliver(items[0], f.now).kind == courier::Delivery::Kind::delivered);
  CHECK(deliver(items[0], f.now).kind == courier::Delivery::Kind::delivered);
  f.deliver();
  CHECK(f.count_sent("reset_link") == 1);
}

TEST_CASE("links are limited per account, per address and per network, and the answer does not tell") {
  ResetFixture f;
  for (int i = 0; i < 9; ++i) f.ask(i % 2 == 0 ? "anna.kowalska" : "ANNA@clinic.example");
  f.deliver();
  CHECK(f.count_sent("reset_link") == 5);
  CHECK(f.why_not_sent().find("limit_of_account") != std::string::npos);
  f.now += 61min;
  f.ask("anna.kowalska");
  f.deliver();
  CHECK(f.count_sent("reset_link") == 6);

  f.settings.reset.per_network_per_hour = 3;
  f.now += 61min;
  for (int i = 0; i < 20; ++i) f.ask("nobody-" + std::to_string(i));
  CHECK(f.why_not_sent().find("limit_of_network") != std::string::npos);
  f.ask("anna.kowalska");
  f.deliver();
  CHECK(f.count_sent("reset_link") == 6);
}

TEST_CASE("the networks of one IPv6 /48 ask for four times as many links as one of them, and not for one share each") {
  ResetFixture f;
  f.settings.reset.per_network_per_hour = 3;
  const auto ask_from = [&](const std::string& ip) {
    flow::RequestFacts facts = f.facts();
    facts.ip = ip;
    flow::ResetRequest request;
    request.typed_login = "nobody.here";
    REQUIRE(flow::ask_for_reset(*f.house, request, facts));
  };
  const auto waiting = [&] {
    return f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value().size();
  };
  const std::size_t before = waiting();
  for (int i = 0; i < 99; ++i) ask_from("2001:db8:7:" + std::to_string(i) + "00::1");
  CHECK(waiting() == before + 12);
  ask_from("2001:db8:8::1");
  CHECK(waiting() == before + 13);
}

TEST_CASE("a confirmed link, a changed password and a suspension end every other link") {
  ResetFixture f;
  const std::string first = f.get_token();
  const std::string second = f.get_token();
  CHECK(first != second);
  REQUIRE(flow::confirm_reset(*f.house, second, f.facts()));
  CHECK(f.expired(first));

  const std::string third = f.get_token();
  const auto held = f.visitor_of(f.temporary_password());
  f.change(held, f.temporary_password(), Fixture::other);
  CHECK(f.expired(third));

  const std::string fourth = f.get_token();
  REQUIRE(flow::suspend_account(*f.house, Fixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK(f.expired(fourth));
  REQUIRE(flow::restore_account(*f.house, Fixture::operator_actor(), "anna.kowalska", f.facts()));
  CHECK(f.expired(fourth));
}

TEST_CASE("a blank around a temporary password is no failure, around one's own it is") {
  ResetFixture f;
  REQUIRE(flow::confirm_reset(*f.house, f.get_token(), f.facts()));
  const std::string temporary = f.temporary_password();
  CHECK_FALSE(f.log_in(temporary.substr(0, 4) + " " + temporary.substr(4)));
  const auto done = f.log_in(" \t" + temporary + " \r\n");
  REQUIRE(done);
  f.change(f.visitor(done->session_cookie), temporary + " ", Fixture::other);
  CHECK_FALSE(f.log_in(std::string(Fixture::other) + " "));
  CHECK(f.log_in(Fixture::other));
}

TEST_CASE("a temporary password is over after a day, and only a new reset helps") {
  ResetFixture f;
  REQUIRE(flow::confirm_reset(*f.house, f.get_token(), f.facts()));
  const std::string temporary = f.temporary_password();
  f.now += 24h;
  CHECK_FALSE(f.log_in(temporary));
  CHECK(f.events("login")[0].data.find("expired") != std::string::npos);
  REQUIRE(flow::confirm_reset(*f.house, f.get_token(), f.facts()));
  CHECK(f.log_in(f.temporary_password()));
}

TEST_CASE("a reset ends a lockout when it is confirmed, not when it is asked for") {
  ResetFixture f;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(f.log_in("Wrong-Password-1"));
  const std::string token = f.get_token();
  CHECK_FALSE(f.log_in(Fixture::right));
  REQUIRE(flow::confirm_reset(*f.house, token, f.facts()));
  CHECK(f.log_in(f.temporary_password()));
}

TEST_CASE("an administrator can start the reset for someone, but not for everyone") {
  ResetFixture f;
  f.add_account("no.channel", Fixture::right);
  REQUIRE(flow::start_reset_for(*f.house, Fixture::operator_actor(), "anna.kowalska", f.facts()));
  f.deliver();
  REQUIRE(flow::confirm_reset(*f.house, f.token_in(f.last("reset_started")), f.facts()));
  CHECK(f.log_in(f.temporary_password()));
  const auto unreachable = flow::start_reset_for(*f.house, Fixture::operator_actor(), "no.channel", f.facts());
  REQUIRE_FALSE(unreachable);
  CHECK(unreachable.error().code == base::Code::conflict);
  const auto nobody = flow::start_reset_for(*f.house, Fixture::operator_actor(), "nobody", f.facts());
  CHECK(nobody.error().code == base::Code::not_found);
  f.add_account("jan.nowak", "River-Copper-2026", {"user"}, "jan@clinic.example");
  const auto plain = flow::start_reset_for(*f.house, *f.visitor_of("River-Copper-2026", "jan.nowak").actor,
                                           "anna.kowalska", f.facts());
  CHECK(plain.error().code == base::Code::denied);
}

TEST_CASE("the mail of a reset says who started it, and tells who did not ask for it to inform the administrator") {
  ResetFixture f;
  f.ask("anna.kowalska");
  f.deliver();
  const std::string own = f.last("reset_link").text;
  CHECK(own.find("Somebody, probably you") != std::string::npos);
  flow::RequestFacts facts = f.facts();
  facts.language = text::Language::de;  // of the administrator's page
  REQUIRE(flow::start_reset_for(*f.house, Fixture::operator_actor(), "anna.kowalska", facts));
  f.deliver();
  const std::string started = f.last("reset_started").text;
  CHECK(started.find("An administrator has started a reset") != std::string::npos);
  CHECK(started.find("Somebody, probably you") == std::string::npos);
  for (const std::string& mail : {own, started}) {
    CHECK(mail.find("If you did not ask for this, do not open the link, and please tell your administrator") !=
          std::string::npos);
  }
}

TEST_CASE("a reset that no browser of the person began speaks the installation's language, to the temporary password") {
  ResetFixture f;
  f.settings.site.language = text::Language::pl;
  flow::RequestFacts facts = f.facts();
  facts.language = text::Language::de;  // of the administrator's page
  REQUIRE(flow::start_reset_for(*f.house, Fixture::operator_actor(), "anna.kowalska", facts));
  f.deliver();
  CHECK(f.last("reset_started").language == text::Language::pl);
  REQUIRE(flow::confirm_reset(*f.house, f.token_in(f.last("reset_started")), f.facts()));
  f.deliver();
  CHECK(f.last("temporary_password").language == text::Language::pl);
}

TEST_CASE("the link's secret can be copied by hand") {
  const base::Bytes octets = base::random_bytes(20);
  const std::string token = flow::print_reset_token(octets);
  CHECK(token.size() == 32);
  CHECK(flow::parse_reset_token(token).value() == octets);
  std::string shouted;
  for (const char c : token) {
    shouted.push_back(c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c == '0' ? 'O' : c == '1' ? 'l' : c);
    if (shouted.size() % 9 == 8) shouted.push_back('-');
  }
  CHECK(flow::parse_reset_token(shouted).value() == octets);
  for (const std::string& bad :
       {std::string(), token.substr(1), token + "0", std::string(32, 'u'), std::string(9000, '0')}) {
    CHECK_FALSE(flow::parse_reset_token(bad));
  }
}

// Security rule 1: whatever is called in whatever order, a password is set only after the old one was given, or after a
// link was confirmed that had been sent.
TEST_CASE("random walks never set a password without its proof") {
  Seeded random;
  ResetFixture f;
  f.settings.lockout.classic.failures = 0;
  f.settings.reset = {flow::ResetForm::temporary, 30min, 0, 0, 0};
  std::string current = Fixture::right;  // what the owner knows
  std::vector<std::string> tokens{std::string(32, '0')};
  std::vector<base::Secret> tickets{base::Secret("none")};
  std::vector<flow::Visitor> visitors(1);
  std::size_t proven = 0;
  int made = 0;
  for (int step = 0; step < 400; ++step) {
    f.now += 1s;
    switch (random.number(0, 6)) {
      case 0: {
        const auto in = f.log_in(random.coin() ? current : std::string("Wrong-Password-1"));
        if (in) visitors.push_back(f.visitor(in->session_cookie));
        break;
      }
      case 1: {
        f.ask("anna.kowalska");
        f.deliver();
        const std::string token = f.token_in(f.last("reset_link"));
        tokens.push_back(random.coin() ? token : token.substr(0, 31) + (token[31] == '7' ? "8" : "7"));
        break;
      }
      case 2: {
        const std::string& token = random.one_of(tokens);
        const bool was_open = flow::is_reset_link_open(*f.house, token, f.now).value();
        const bool done = flow::confirm_reset(*f.house, token, f.facts()).has_value();
        CHECK(done == was_open);
        if (!done) break;
        ++proven;
        current = f.temporary_password();
        break;
      }
      case 3: {
        // The direct form: the holder of a link sets the password itself.
        const std::string& token = random.one_of(tokens);
        const bool was_open = flow::is_reset_link_open(*f.house, token, f.now).value();
        const std::string next = "Granite-Sparrow-" + std::to_string(++made);
        f.settings.reset.form = random.coin() ? flow::ResetForm::direct : flow::ResetForm::temporary;
        const bool is_direct = f.settings.reset.form == flow::ResetForm::direct;
        const auto set = flow::set_by_reset(*f.house, token, own_wish(next, next), f.facts());
        f.settings.reset.form = flow::ResetForm::temporary;
        CHECK((set && set->done) == (was_open && is_direct));
        if (!set || !set->done) break;
        ++proven;
        current = next;
        break;
      }
      case 4: {
        const bool right = random.coin();
        const std::string next = "Granite-Sparrow-" + std::to_string(++made);
        const auto checked = f.check(random.one_of(visitors), right ? current : "Wrong-Password-1", next);
        if (!right) CHECK_FALSE(checked);
        if (checked && !checked->ticket.empty()) {
          tickets.push_back(checked->ticket);
          // Half of the walks confirm at once; the others leave the question open.
          if (random.coin()) break;
          for (const flow::Visitor& who : visitors) {
            if (!flow::confirm_change(*f.house, who, checked->ticket, f.facts())) continue;
            ++proven;
            current = next;
          }
          tickets.pop_back();
        }
        break;
      }
      case 5: {
        // A ticket of another session, an earlier one, or none; sometimes it is the right one.
        const base::Secret& ticket = random.one_of(tickets);
        const std::size_t before = f.events("password_set").size();
        if (flow::confirm_change(*f.house, random.one_of(visitors), ticket, f.facts())) {
          CHECK(ticket.reveal() != "none");
          ++proven;
          CHECK(f.events("password_set").size() == before + 1);
          // Which of the open questions it was is not followed here: the owner resets.
          REQUIRE(flow::confirm_reset(*f.house, f.get_token(), f.facts()));
          ++proven;
          current = f.temporary_password();
        }
        break;
      }
      default: {
        const flow::Visitor& who = random.one_of(visitors);
        if (who.must_change()) CHECK_FALSE(flow::choose_context(*f.house, who, "administrator", f.facts()));
      }
    }
    REQUIRE(f.events("password_set").size() == proven);
    if (visitors.size() > 12) visitors.erase(visitors.begin() + 1);
    if (f.sent.size() > 64) f.sent.erase(f.sent.begin(), f.sent.begin() + 32);
  }
}
