#include <doctest/doctest.h>

#include <thread>

#include "flow/account/change_groups.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/factor_fixture.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/login/login_password.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/oauth/authorize.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/password/change_password.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/proof/factor_settings.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/login_code.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "store/account/identifiers.hpp"
#include "store/factor/factors.hpp"
#include "store/message/sms_counts.hpp"
#include "store/postgres.hpp"
#include "store/session/login_codes.hpp"
#include "store/session/sessions.hpp"

using namespace std::chrono_literals;

namespace {

using rights::ProofMethod;

class StepFixture : public testing::FactorFixture {
 public:
  StepFixture() : StepFixture("sqlite::memory:") {}
  explicit StepFixture(const std::string& url) : FactorFixture(url) {
    piotr = add_person("piotr", "piotr@clinic.example", "+48600100203");
    ask_everybody();
  }
  void ask_nobody() { REQUIRE(flow::set_factor_rule(*house, operator_actor(), {}, facts())); }

  base::Result<flow::LoginDone> first_step(const std::string& login = "piotr", const std::string& devices = {}) {
    flow::RequestFacts with = facts();
    with.devices = devices;
    return flow::login_password(*house, {login, base::Secret(password)}, with);
  }
  /// Value of the session cookie of a login that owes the second step.
  std::string owing() {
    const auto done = first_step();
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    REQUIRE(done->owes_factor);
    return std::string(done->session_cookie.reveal());
  }
  flow::Visitor visitor(const std::string& cookie) { return flow::find_visitor(*house, cookie, facts()).value(); }

  base::Result<flow::LoginDone> give(const std::string& cookie, const std::string& given,
                                     ProofMethod method = ProofMethod::sms, flow::DeviceWish remember = {}) {
    const base::Secret secret(given);
    return flow::prove_factor(*house, visitor(cookie), {method, secret, {}, remember}, facts());
  }
  bool fails(const std::string& cookie, const std::string& given) {
    const auto done = give(cookie, given);
    return !done && done.error().code == base::Code::login_failed;
  }
  rights::Session session_of(const flow::LoginDone& done) {
    const auto found = visitor(std::string(done.session_cookie.reveal()));
    REQUIRE(found.session() != nullptr);
    return *found.session();
  }
  static std::string other_than(const std::string& code) { return code == "000000" ? "000001" : "000000"; }

  base::Id piotr;
};

}  // namespace

TEST_CASE("after the password one message goes to the number of the account, and nothing else opens") {
  StepFixture f;
  const std::string cookie = f.owing();
  REQUIRE(f.texts().size() == 1);
  CHECK(f.texts().front().to == "+48600100203");
  CHECK(f.texts().front().text.ends_with("\n\n@localhost #" + f.code()));
  const flow::Visitor owing = f.visitor(cookie);
  CHECK_FALSE(owing.actor);
  CHECK(owing.must_prove());
  CHECK(flow::choose_context(*f.house, owing, "user", f.facts()).error().reason == flow::factor_needed);
  const flow::ChangeWish wish{base::Secret(""), base::Secret("River-Copper-Lantern-9"),
                              base::Secret("River-Copper-Lantern-9")};
  CHECK_FALSE(flow::check_change(*f.house, owing, wish, f.facts()));
  CHECK(f.events("login").empty());
  CHECK(f.events("login_step").size() == 1);
}

TEST_CASE("the right code completes the login with both proofs, once") {
  StepFixture f;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  const auto done = f.give(cookie, code.substr(0, 3) + " " + code.substr(3));
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  const rights::Session session = f.session_of(*done);
  CHECK(session.proofs.to_names() == "password sms");
  CHECK(session.proofs.level() == 2);
  CHECK(session.proofs.to_amr() == "pwd otp sms mfa");
  CHECK(f.visitor(std::string(done->session_cookie.reveal())).actor);
  // The session of the first step is gone with its cookie.
  CHECK(f.visitor(cookie).session() == nullptr);
  const auto events = f.events("login");
  REQUIRE(events.size() == 1);
  CHECK(events.front().data.find(R"("factors":"sms")") != std::string::npos);
  // Another login of the same person has a code of its own.
  const std::string second = f.owing();
  CHECK(f.fails(second, code));
}

TEST_CASE("five wrong codes end the code, the right one too, and a new one ends the old one") {
  StepFixture f;
  f.settings.lockout.throttle.free_failures = 100;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  for (int i = 0; i < 5; ++i) CHECK(f.fails(cookie, f.other_than(code)));
  CHECK(f.fails(cookie, code));
  CHECK(flow::send_code(*f.house, f.visitor(cookie), ProofMethod::sms, f.facts()).error().code == base::Code::too_many);
  f.now += 30s;
  REQUIRE(flow::send_code(*f.house, f.visitor(cookie), ProofMethod::sms, f.facts()));
  const std::string fresh = f.code();
  CHECK(f.fails(cookie, code == fresh ? f.other_than(code) : code));
  CHECK(f.give(cookie, fresh));
}

TEST_CASE("a code counts for five minutes, and its message is not sent later") {
  StepFixture f;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  CHECK(f.texts().front().until == f.now + 5min);
  f.now += 5min;
  CHECK(f.fails(cookie, code));
}

TEST_CASE("fifty guesses at once never get more than five tries") {
  StepFixture f;
  f.settings.lockout.throttle.free_failures = 1000;
  f.settings.lockout.network.capacity = 0;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  std::vector<std::thread> guesses;
  for (int i = 0; i < 50; ++i) {
    guesses.emplace_back([&f, &cookie, wrong = f.other_than(code)] { (void)f.give(cookie, wrong); });
  }
  for (std::thread& one : guesses) one.join();
  const auto row =
      f.store->read([&](store::Tx& tx) { return store::find_login_code(tx, f.visitor(cookie).session()->id); });
  REQUIRE(row.value());
  CHECK((*row)->tries == 5);
  CHECK(f.fails(cookie, code));
}

TEST_CASE("of fifty right codes at once one is a login") {
  StepFixture f;
  f.settings.lockout.throttle.free_failures = 1000;
  f.settings.lockout.network.capacity = 0;
  f.settings.factor.code_tries = 10;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  std::atomic<int> logins = 0;
  std::vector<std::thread> givers;
  for (int i = 0; i < 50; ++i) {
    givers.emplace_back([&] {
      if (f.give(cookie, code)) ++logins;
    });
  }
  for (std::thread& one : givers) one.join();
  CHECK(logins == 1);
  CHECK(f.events("login").size() >= 1);
}

TEST_CASE("the code of another login, and of another account, proves nothing") {
  StepFixture f;
  f.add_person("ewa", "ewa@clinic.example", "+48600100204");
  const std::string piotr = f.owing();
  const std::string code = f.code();
  f.now += 1s;
  const auto ewa = f.first_step("ewa");
  REQUIRE(ewa);
  const std::string of_ewa = f.code();
  REQUIRE(of_ewa != code);
  CHECK(f.fails(std::string(ewa->session_cookie.reveal()), code));
  CHECK(f.fails(piotr, of_ewa));
  CHECK(f.give(piotr, code));
}

TEST_CASE("without a number a right password ends with its own refusal, a wrong one with the uniform one") {
  StepFixture f;
  f.add_person("nina", "nina@clinic.example");
  const auto right = f.first_step("nina");
  REQUIRE_FALSE(right);
  CHECK(right.error().code == base::Code::denied);
  CHECK(right.error().reason == flow::no_factor);
  CHECK(f.texts().empty());
  CHECK(f.events("login").front().data.find("no_factor") != std::string::npos);
  const auto wrong = flow::login_password(*f.house, {"nina", base::Secret("Wrong-Password-1")}, f.facts());
  CHECK(wrong.error().code == base::Code::login_failed);
}

TEST_CASE("a number that waits for its confirmation gets no code") {
  StepFixture f;
  const auto pending = f.store->write([&](store::Tx& tx) {
    store::PendingAddress address;
    address.account_id = f.piotr;
    address.type = "phone";
    address.canonical = address.display = "+48600999999";
    address.code_hash = "x";
    address.expires_at = f.now + 1h;
    return store::put_pending(tx, address, f.now);
  });
  REQUIRE(pending);
  f.owing();
  REQUIRE(f.texts().size() == 1);
  CHECK(f.texts().front().to == "+48600100203");
}

TEST_CASE("a right first step forgets no failures; the complete login forgets those of both steps") {
  StepFixture f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  f.settings.lockout.classic.failures = 5;
  const auto failures = [&] { return f.account(f.piotr).failures; };
  for (int i = 0; i < 2; ++i) {
    (void)flow::login_password(*f.house, {"piotr", base::Secret("Wrong-Password-1")}, f.facts());
  }
  CHECK(failures() == 2);
  const std::string cookie = f.owing();
  CHECK(failures() == 2);
  const std::string code = f.code();
  CHECK(f.fails(cookie, f.other_than(code)));
  CHECK(failures() == 3);
  REQUIRE(f.give(cookie, code));
  CHECK(failures() == 0);
}

TEST_CASE("in the classic form wrong codes lock the account, the right code and the password as well") {
  StepFixture f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  f.settings.lockout.classic.failures = 5;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  for (int i = 0; i < 5; ++i) CHECK(f.fails(cookie, f.other_than(code)));
  CHECK(f.account(f.piotr).locked_until);
  CHECK(f.fails(cookie, code));
  CHECK(f.first_step().error().code == base::Code::login_failed);
}

TEST_CASE("whoever is suspended between the steps does not get in with the right code") {
  StepFixture f;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  const flow::Visitor before = f.visitor(cookie);
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "piotr", f.facts()));
  const base::Secret secret(code);
  CHECK_FALSE(flow::prove_factor(*f.house, before, {ProofMethod::sms, secret}, f.facts()));
  CHECK(f.visitor(cookie).session() == nullptr);
}

TEST_CASE("a number that was changed between the steps ends the code") {
  StepFixture f;
  const std::string cookie = f.owing();
  const std::string code = f.code();
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::delete_identifier(tx, f.piotr, "phone", "+48600100203"));
    store::Identifier other;
    other.account_id = f.piotr;
    other.type = "phone";
    other.canonical = other.display = "+48600100299";
    other.verified_at = f.now;
    return store::insert_identifier(tx, other, f.now);
  }));
  const base::Id session = f.visitor(cookie).session()->id;
  const auto shown =
      f.store->read([&](store::Tx& tx) { return flow::find_sent_code(*f.house, tx, session, f.now); }).value();
  REQUIRE(shown);
  // The page does not say that a code went to the new number.
  CHECK(shown->is_dead);
  CHECK(f.fails(cookie, code));
}

TEST_CASE("a method that the policy does not count completes nothing") {
  StepFixture f;
  f.ask_everybody({{"methods", "sms totp"}});
  const std::string cookie = f.owing();
  CHECK(flow::send_code(*f.house, f.visitor(cookie), ProofMethod::email, f.facts()).error().code ==
        base::Code::not_found);
  CHECK_FALSE(f.give(cookie, "123456", ProofMethod::email));
  CHECK_FALSE(f.give(cookie, testing::PersonFixture::password, ProofMethod::password));
  CHECK(f.visitor(cookie).must_prove());
}

TEST_CASE("a code by e-mail completes the login where the policy counts it, and gives no second level") {
  StepFixture f;
  f.ask_everybody({{"methods", "email"}});
  const auto begun = f.first_step();
  REQUIRE(begun);
  REQUIRE(begun->owes_factor);
  const auto mails = f.messages();
  REQUIRE_FALSE(mails.empty());
  const std::string& text = mails.front().text;
  const std::size_t at = text.find("\n\n", text.find("{") == std::string::npos ? 10 : 0);
  REQUIRE(at != std::string::npos);
  std::string code;
  for (std::size_t i = 0; i + 6 <= text.size(); ++i) {
    const std::string six = text.substr(i, 6);
    if (six.find_first_not_of("0123456789") == std::string::npos) code = six;
  }
  const auto done = f.give(std::string(begun->session_cookie.reveal()), code, ProofMethod::email);
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  CHECK(f.session_of(*done).proofs.level() == 1);
}

TEST_CASE("a rule that is switched on between the steps of a login is met before a context opens") {
  StepFixture f;
  f.ask_nobody();
  const flow::NewAccount two = [&] {
    flow::NewAccount wished = f.wish("olga");
    wished.email = "olga@clinic.example";
    wished.phone = "+48600100207";
    wished.contexts = {"user", "administrator"};
    return wished;
  }();
  f.create(two);
  const auto done = f.first_step("olga");
  REQUIRE(done);
  CHECK(done->needs_context);
  f.ask_everybody();
  const std::string cookie(done->session_cookie.reveal());
  CHECK(flow::choose_context(*f.house, f.visitor(cookie), "user", f.facts()).error().reason == flow::factor_needed);
}

TEST_CASE("who is logged in when the rule comes goes on, and gets no code for an application without the factor") {
  StepFixture f;
  f.ask_nobody();
  const std::string cookie = f.log_in("piotr");
  f.ask_everybody();
  CHECK(f.visitor(cookie).actor);
  const auto owes = f.store->read(
      [&](store::Tx& tx) { return flow::owes_nothing(tx, *f.visitor(cookie).session(), "192.0.2.7", f.now); });
  CHECK_FALSE(owes.value());
}

TEST_CASE("only the members of a chosen group are asked, and the group cannot be deleted meanwhile") {
  StepFixture f;
  REQUIRE(flow::create_group(*f.house, f.operator_actor(), {"", "ward"}, f.facts()));
  flow::FactorRuleWish wish;
  wish.scope = flow::FactorScope::groups;
  CHECK(flow::set_factor_rule(*f.house, f.operator_actor(), wish, f.facts()).error().reason == "groups");
  wish.groups = {"ward"};
  REQUIRE(flow::set_factor_rule(*f.house, f.operator_actor(), wish, f.facts()));
  CHECK_FALSE(f.first_step()->owes_factor);
  REQUIRE(flow::add_member(*f.house, f.operator_actor(), {"ward", "piotr"}, f.facts()));
  f.now += 1s;
  CHECK(f.first_step()->owes_factor);
  CHECK(flow::delete_group(*f.house, f.operator_actor(), {"", "ward"}, f.facts()).error().code == base::Code::conflict);
  REQUIRE(flow::remove_member(*f.house, f.operator_actor(), {"ward", "piotr"}, f.facts()));
  CHECK_FALSE(f.first_step()->owes_factor);
}

TEST_CASE("the internal network needs no code, gives level one, and a header cannot be one") {
  StepFixture f;
  f.ask_everybody({{"exempts_internal", "true"}, {"internal", "192.0.2.0/24"}});
  const auto inside = f.first_step();
  REQUIRE(inside);
  CHECK_FALSE(inside->owes_factor);
  CHECK(f.session_of(*inside).proofs.level() == 1);
  flow::RequestFacts outside = f.facts();
  outside.ip = "203.0.113.9";
  const auto from_outside = flow::login_password(*f.house, {"piotr", base::Secret(f.password)}, outside);
  REQUIRE(from_outside);
  CHECK(from_outside->owes_factor);
}

TEST_CASE("the preview names who has no number, before anything is in force") {
  StepFixture f;
  f.ask_nobody();
  f.add_person("nina", "nina@clinic.example");
  flow::NewAccount external = f.wish("zofia");
  external.email = "zofia@partner.example";
  external.external = true;
  f.create(external);
  flow::FactorRuleWish wish;
  wish.scope = flow::FactorScope::everybody;
  wish.rules = {{"methods", "sms"}};
  const auto effect = flow::preview_factor_rule(*f.house, f.operator_actor(), wish, 20, f.now);
  REQUIRE_MESSAGE(effect, base::describe(effect.error()));
  CHECK(effect->asked == 3);
  CHECK(effect->without == 2);
  CHECK(effect->external == 1);
  REQUIRE(effect->shut_out.size() == 2);
  CHECK(effect->shut_out.front().login == "nina");
  CHECK_FALSE(f.first_step("nina")->owes_factor);
  wish.rules = {{"methods", "sms email"}};
  CHECK(flow::preview_factor_rule(*f.house, f.operator_actor(), wish, 20, f.now)->without == 0);
  wish.version = 7;
  CHECK(flow::preview_factor_rule(*f.house, f.operator_actor(), wish, 20, f.now).error().code == base::Code::conflict);
}

TEST_CASE("days of grace begin with the first login that asks, and end with their number or the first factor") {
  StepFixture f;
  f.add_person("nina", "nina@clinic.example");
  f.ask_everybody({{"grace_days", "3"}});
  const auto first = f.first_step("nina");
  REQUIRE(first);
  CHECK_FALSE(first->owes_factor);
  CHECK(f.session_of(*first).proofs.level() == 1);
  CHECK(f.visitor(std::string(first->session_cookie.reveal())).actor);
  f.now += 24h * 3;
  CHECK(f.first_step("nina").error().reason == flow::no_factor);
  // Whoever has a factor has no days.
  CHECK(f.first_step()->owes_factor);
}

TEST_CASE("a trusted device does without the second step for its days, at level one, until the password changes") {
  StepFixture f;
  f.ask_everybody({{"second_step_days", "7"}});
  const std::string cookie = f.owing();
  const auto done = f.give(cookie, f.code(), ProofMethod::sms, {.second_step = true});
  REQUIRE(done);
  const std::string device(done->device_cookie.reveal());
  CHECK(f.events("device_trust").size() == 1);
  const auto again = f.first_step("piotr", device);
  REQUIRE(again);
  CHECK_FALSE(again->owes_factor);
  CHECK(f.session_of(*again).proofs.level() == 1);
  CHECK(f.first_step("piotr", "")->owes_factor);
  const std::string renewed(again->device_cookie.reveal());
  SUBCASE("the days are over") {
    f.now += 24h * 7;
    CHECK(f.first_step("piotr", renewed)->owes_factor);
  }
  SUBCASE("the rule remembers no more") {
    f.ask_everybody({{"second_step_days", "0"}});
    CHECK(f.first_step("piotr", renewed)->owes_factor);
  }
  SUBCASE("the security stamp was raised") {
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::raise_security_stamp(tx, f.piotr); }));
    CHECK(f.first_step("piotr", renewed)->owes_factor);
  }
}

TEST_CASE("with a second factor that nothing waives, the shorter least length of the password policy counts") {
  StepFixture f;
  const auto least = [&] {
    return f.store->read([&](store::Tx& tx) { return flow::find_policy(tx, f.account(f.piotr), f.now); })
        .value()
        .policy.min_length;
  };
  REQUIRE(flow::set_policy(*f.house, f.operator_actor(), {"long", "nist-800-63b", {}}, f.facts()));
  REQUIRE(flow::bind_policy(*f.house, f.operator_actor(), {"long", store::PolicyScope::tenant, ""}, f.facts()));
  CHECK(least() == 8);
  f.ask_everybody({{"grace_days", "7"}});
  CHECK(least() == 15);
  f.ask_everybody({{"grace_days", "0"}, {"exempts_internal", "true"}});
  CHECK(least() == 15);
  f.ask_nobody();
  CHECK(least() == 15);
}

TEST_CASE("who begins the login again in the same browser gets a new code at once, and the old one is dead") {
  StepFixture f;
  const std::string first = f.owing();
  const std::string old = f.code();
  f.now += 1s;
  const auto again = flow::login_password(*f.house, {"piotr", base::Secret(f.password), first}, f.facts());
  REQUIRE_MESSAGE(again, base::describe(again.error()));
  REQUIRE(again->owes_factor);
  CHECK(f.texts().size() == 1);
  const std::string cookie(again->session_cookie.reveal());
  const std::string fresh = f.code();
  if (fresh != old) CHECK(f.fails(cookie, old));
  CHECK(f.give(cookie, fresh));
}

TEST_CASE("at a limit of short messages the login says so, sends nothing, and another factor still completes it") {
  StepFixture f;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    identity::SmsLimits limits;
    limits.per_number = 2;
    limits.window = 10min;
    return store::set_sms_limits(tx, limits);
  }));
  for (int i = 0; i < 2; ++i) {
    f.now += 1s;
    CHECK_FALSE(f.first_step()->code_refused);
  }
  f.now += 1s;
  const auto third = f.first_step();
  REQUIRE(third);
  CHECK(third->owes_factor);
  CHECK(third->code_refused);
  CHECK(f.texts().size() == 2);
  CHECK(f.events("sms_limit").size() == 1);
  const std::string cookie(third->session_cookie.reveal());
  CHECK(flow::send_code(*f.house, f.visitor(cookie), ProofMethod::sms, f.facts()).error().code == base::Code::too_many);
  f.now += 10min;
  CHECK_FALSE(f.first_step()->code_refused);
}

TEST_CASE("the own switch asks an account without a rule, by any factor that it has") {
  StepFixture f;
  f.ask_nobody();
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::set_always_factor(tx, f.piotr, true); }));
  const auto done = f.first_step();
  REQUIRE(done);
  CHECK(done->owes_factor);
  CHECK(f.texts().size() == 1);
}

TEST_CASE("on two nodes of one PostgreSQL a code has five tries together, and counts once") {
  const std::string place = postgres::make_place();
  StepFixture f(place);
  f.settings.lockout.throttle.free_failures = 1000;
  f.settings.lockout.network.capacity = 0;
  store::Options options;
  options.url = place;
  const auto other = store::Store::open(options, f.master);
  REQUIRE(other);
  const flow::House second{**other, (*other)->master(), *f.keys, f.gate, f.house->settings};
  const auto give_in_parallel = [&](const std::string& cookie, const std::string& given, int times) {
    std::atomic<int> logins = 0;
    std::vector<std::thread> all;
    for (int i = 0; i < times; ++i) {
      const flow::House& node = i % 2 == 0 ? *f.house : second;
      all.emplace_back([&logins, &node, &cookie, &given, &f] {
        const base::Secret secret(given);
        const auto visitor = flow::find_visitor(node, cookie, f.facts());
        if (!visitor || visitor->session() == nullptr) return;
        if (flow::prove_factor(node, *visitor, {ProofMethod::sms, secret}, f.facts())) ++logins;
      });
    }
    for (std::thread& one : all) one.join();
    return logins.load();
  };
  const std::string guessed = f.owing();
  const std::string code = f.code();
  CHECK(give_in_parallel(guessed, f.other_than(code), 20) == 0);
  CHECK(f.fails(guessed, code));
  f.now += 1s;
  const std::string cookie = f.owing();
  CHECK(give_in_parallel(cookie, f.code(), 4) == 1);
}

TEST_CASE("a password that must be changed waits for the second step, and a reset opens no way around it") {
  StepFixture f;
  flow::NewAccount invited = f.wish("ola");
  invited.email = "ola@clinic.example";
  invited.phone = "+48600100209";
  invited.must_change = true;
  f.create(invited);
  const auto begun = f.first_step("ola");
  REQUIRE(begun);
  CHECK(begun->owes_factor);
  const std::string cookie(begun->session_cookie.reveal());
  CHECK(f.visitor(cookie).must_prove());
  const flow::ChangeWish wish{base::Secret(""), base::Secret("River-Copper-Lantern-9"),
                              base::Secret("River-Copper-Lantern-9")};
  CHECK_FALSE(flow::check_change(*f.house, f.visitor(cookie), wish, f.facts()));
  const auto done = f.give(cookie, f.code());
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  CHECK(done->must_change != identity::MustChange::no);
  CHECK(flow::check_change(*f.house, f.visitor(std::string(done->session_cookie.reveal())), wish, f.facts()));
}
