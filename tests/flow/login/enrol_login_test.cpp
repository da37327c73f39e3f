#include "flow/login/enrol_login.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/base32.hpp"
#include "base/json.hpp"
#include "crypto/factor/totp.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/factor/own_factors.hpp"
#include "flow/factor_fixture.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/login/login_password.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "soft_authenticator.hpp"
#include "store/factor/factors.hpp"
#include "store/postgres.hpp"
#include "store/session/login_codes.hpp"

using namespace std::chrono_literals;
using rights::ProofMethod;

namespace {

/// Nina has a password and a mailbox, and no factor.
struct Newcomer : testing::FactorFixture {
  Newcomer() : Newcomer("sqlite::memory:") {}
  explicit Newcomer(const std::string& url) : FactorFixture(url) {
    settings.site.issuer = "https://login.clinic.example";
    nina = add_person("nina", "nina@clinic.example");
    ask_everybody({{"enrol_methods", "totp passkey"}});
  }
  base::Result<flow::LoginDone> first_step(const std::string& login = "nina") {
    return flow::login_password(*house, {login, base::Secret(password)}, facts());
  }
  /// Value of the session cookie of a login that has to set up a factor.
  std::string owing(const std::string& login = "nina") {
    const auto done = first_step(login);
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    REQUIRE(done->owes_factor);
    return std::string(done->session_cookie.reveal());
  }
  flow::Visitor visitor(const std::string& cookie) { return flow::find_visitor(*house, cookie, facts()).value(); }
  flow::EnrolStep step(const std::string& cookie) {
    return flow::find_enrol_step(*house, visitor(cookie), facts()).value();
  }
  flow::TotpOffer offer(const std::string& cookie) {
    auto made = flow::begin_login_totp(*house, visitor(cookie), facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *std::move(made);
  }
  [[nodiscard]] std::string code_of(const flow::TotpOffer& offer, std::int64_t away = 0) const {
    std::string bare = offer.secret;
    std::erase(bare, ' ');
    const base::Secret secret(base::parse_base32(bare).value());
    return crypto::make_totp_code(secret, crypto::totp_step_of(now) + away);
  }
  base::Result<flow::Enrolled> finish(const std::string& cookie, const flow::TotpOffer& offer, const std::string& code,
                                      const std::string& name = "Phone") {
    const base::Secret typed(code);
    return flow::enrol_totp(*house, visitor(cookie), {offer.ticket, typed, name}, {}, facts());
  }
  std::size_t factors() {
    return store->read([&](store::Tx& tx) { return store::list_factors(tx, nina); }).value().size();
  }
  std::string code_by_sms() {
    for (const auto& item : messages()) {
      if (item.text.find("@login.clinic.example #") != std::string::npos) return item.text.substr(0, 6);
    }
    FAIL("no code was sent");
    return {};
  }

  base::Id nina;
};

bool says(const std::string& data, std::string_view text) {
  return data.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("without the switch an account that has no factor is told to see the administrator, as before") {
  Newcomer f;
  f.ask_everybody({{"enrol_methods", ""}});
  CHECK(f.first_step().error().reason == flow::no_factor);
}

TEST_CASE("after the right password nothing opens but setting up a factor, and a wrong one tells nothing of it") {
  Newcomer f;
  const std::string cookie = f.owing();
  const flow::EnrolStep step = f.step(cookie);
  CHECK(step.is_open);
  CHECK(step.is_owed);
  CHECK_FALSE(step.days_left);
  CHECK(step.methods == std::vector{ProofMethod::totp, ProofMethod::passkey});
  const flow::Visitor owing = f.visitor(cookie);
  CHECK_FALSE(owing.actor);
  CHECK(owing.must_prove());
  CHECK(flow::choose_context(*f.house, owing, "user", f.facts()).error().reason == flow::factor_needed);
  CHECK(f.messages().empty());
  const auto wrong = flow::login_password(*f.house, {"nina", base::Secret("Wrong-Password-1")}, f.facts());
  CHECK(wrong.error().code == base::Code::login_failed);
}

TEST_CASE("the app that is set up counts as proven, and the recovery codes come with it, once") {
  Newcomer f;
  const std::string cookie = f.owing();
  const flow::TotpOffer offer = f.offer(cookie);
  CHECK(f.factors() == 0);
  const auto done = f.finish(cookie, offer, f.code_of(offer));
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  CHECK(done->recovery_codes.size() == identity::recovery_codes_made);
  CHECK_FALSE(done->done.owes_factor);
  const flow::Visitor in = f.visitor(std::string(done->done.session_cookie.reveal()));
  REQUIRE(in.actor);
  CHECK(in.session()->proofs.to_names() == "password totp");
  CHECK(in.session()->proofs.level() == 2);
  CHECK(in.session()->proofs.to_amr() == "pwd otp mfa");
  // The session of the first step is gone with its cookie, and the offer is used.
  CHECK(f.visitor(cookie).session() == nullptr);
  CHECK_FALSE(f.finish(std::string(done->done.session_cookie.reveal()), offer, f.code_of(offer)));
  CHECK(f.factors() == 11);
  const auto logins = f.events("login");
  REQUIRE(logins.size() == 1);
  CHECK(says(logins.front().data, R"("factors":"totp")"));
  const auto changes = f.events("account_change");
  CHECK(std::any_of(changes.begin(), changes.end(),
                    [&](const audit::Event& one) { return says(one.data, "added_at_login") && one.actor == f.nina; }));
  CHECK(f.messages().size() == 1);
  // From now on the login asks for it: the password alone sets up nothing more.
  f.now += 60s;
  const std::string next = f.owing();
  CHECK_FALSE(f.step(next).is_open);
  CHECK(flow::begin_login_totp(*f.house, f.visitor(next), f.facts()).error().code == base::Code::conflict);
}

TEST_CASE("the passkey that is set up counts as proven, by what its device verified") {
  for (const unsigned flags : {testing::flag_up | testing::flag_uv, testing::flag_up + 0U}) {
    Newcomer f;
    const std::string cookie = f.owing();
    const auto offer = flow::begin_login_passkey(*f.house, f.visitor(cookie), f.facts());
    REQUIRE_MESSAGE(offer, base::describe(offer.error()));
    const testing::SoftAuthenticator device(crypto::CoseAlgorithm::es256);
    const std::string client =
        testing::client_data("webauthn.create", offer->challenge, "https://login.clinic.example");
    const base::Secret answer(base::JsonObject()
                                  .text("ticket", offer->ticket.reveal())
                                  .text("user", base::to_base64url(offer->user_handle))
                                  .text("client_data", base::to_base64url(client))
                                  .text("attestation", base::to_base64url(device.create(flags)))
                                  .text("transports", "internal")
                                  .finish());
    const auto other = f.owing();
    CHECK(flow::enrol_passkey(*f.house, f.visitor(other), {answer, ""}, {}, f.facts()).error().code ==
          base::Code::expired);
    const auto done = flow::enrol_passkey(*f.house, f.visitor(cookie), {answer, "Laptop"}, {}, f.facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    const flow::Visitor in = f.visitor(std::string(done->done.session_cookie.reveal()));
    REQUIRE(in.actor);
    CHECK(in.session()->proofs.has((flags & testing::flag_uv) != 0 ? ProofMethod::passkey : ProofMethod::security_key));
    CHECK(in.session()->proofs.level() == 3);
  }
}

TEST_CASE("a wrong code, a wrong name, an old offer and the offer of another login set up nothing") {
  Newcomer f;
  const std::string cookie = f.owing();
  const flow::TotpOffer offer = f.offer(cookie);
  CHECK(f.finish(cookie, offer, "12345").error().code == base::Code::login_failed);
  CHECK(f.finish(cookie, offer, f.code_of(offer, 40)).error().code == base::Code::login_failed);
  CHECK(f.finish(cookie, offer, f.code_of(offer), std::string(400, 'x')).error().code == base::Code::invalid_input);
  const std::string other = f.owing();
  CHECK(f.finish(other, offer, f.code_of(offer)).error().code == base::Code::expired);
  CHECK(flow::show_login_totp_again(*f.house, f.visitor(cookie), offer.ticket, f.now)->secret == offer.secret);
  f.now += 10min;
  CHECK_FALSE(f.finish(cookie, offer, f.code_of(offer)));
  CHECK(f.factors() == 0);
  CHECK(f.events("login").empty());
}

TEST_CASE("of two logins with one password only one sets up a factor, and the other one is asked for it") {
  Newcomer f;
  const std::string owner = f.owing();
  const std::string thief = f.owing();
  const flow::TotpOffer of_thief = f.offer(thief);
  const flow::TotpOffer of_owner = f.offer(owner);
  REQUIRE(f.finish(owner, of_owner, f.code_of(of_owner)));
  CHECK(f.finish(thief, of_thief, f.code_of(of_thief)).error().code == base::Code::conflict);
  CHECK(f.factors() == 11);
  CHECK(f.visitor(thief).must_prove());
  CHECK_FALSE(f.step(thief).is_open);
}

TEST_CASE("of many requests at once one sets up a factor") {
  Newcomer f;
  std::vector<std::string> cookies;
  std::vector<flow::TotpOffer> offers;
  for (int i = 0; i < 12; ++i) {
    cookies.push_back(f.owing());
    offers.push_back(f.offer(cookies.back()));
  }
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < cookies.size(); ++i) {
    threads.emplace_back([&, i] {
      if (f.finish(cookies[i], offers[i], f.code_of(offers[i]))) ++done;
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(done == 1);
  CHECK(f.factors() == 11);
}

TEST_CASE("who has a factor, although it does not count, proves it before anything is set up") {
  Newcomer f;
  f.add_person("piotr", "piotr@clinic.example", "+48600100203");
  f.ask_everybody({{"methods", "totp passkey recovery"}, {"enrol_methods", "totp"}});
  const std::string cookie = f.owing("piotr");
  CHECK_FALSE(f.step(cookie).is_open);
  CHECK(flow::begin_login_totp(*f.house, f.visitor(cookie), f.facts()).error().code == base::Code::conflict);
  const auto factor_step = flow::find_factor_step(*f.house, f.visitor(cookie), 0, f.facts());
  REQUIRE(factor_step);
  CHECK(factor_step->methods == std::vector{ProofMethod::sms});
  const std::string code = f.code_by_sms();
  const auto give = [&](const std::string& typed) {
    const base::Secret secret(typed);
    return flow::prove_factor(*f.house, f.visitor(cookie), {ProofMethod::sms, secret}, f.facts());
  };
  CHECK(give(code == "000000" ? "000001" : "000000").error().code == base::Code::login_failed);
  CHECK_FALSE(f.step(cookie).is_open);
  const auto proven = give(code);
  REQUIRE_MESSAGE(proven, base::describe(proven.error()));
  CHECK(proven->owes_factor);
  const std::string next(proven->session_cookie.reveal());
  CHECK_FALSE(f.visitor(next).actor);
  CHECK(f.step(next).is_owed);
  const flow::TotpOffer offer = f.offer(next);
  const auto done = f.finish(next, offer, f.code_of(offer));
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  CHECK(f.visitor(std::string(done->done.session_cookie.reveal())).actor);
}

TEST_CASE("a method that the rules do not count, or do not let be set up, is not offered") {
  Newcomer f;
  f.ask_everybody({{"methods", "passkey sms"}, {"enrol_methods", "passkey"}});
  const std::string cookie = f.owing();
  CHECK(f.step(cookie).methods == std::vector{ProofMethod::passkey});
  CHECK(flow::begin_login_totp(*f.house, f.visitor(cookie), f.facts()).error().code == base::Code::conflict);
  f.ask_everybody({{"methods", "sms"}, {"enrol_methods", ""}});
  CHECK(f.first_step().error().reason == flow::no_factor);
  CHECK_FALSE(f.step(cookie).is_open);
  flow::FactorRuleWish wish;
  wish.scope = flow::FactorScope::everybody;
  wish.rules = {{"enrol_methods", "sms"}};
  CHECK(flow::set_factor_rule(*f.house, f.operator_actor(), wish, f.facts()).error().reason == "enrol_methods");
  // What does not count would be set up for nothing, whichever of the two is changed.
  wish.rules = {{"enrol_methods", "totp"}};
  CHECK(flow::set_factor_rule(*f.house, f.operator_actor(), wish, f.facts()).error().reason == "enrol_methods");
  f.ask_everybody({{"methods", "totp sms"}, {"enrol_methods", "totp"}});
  wish.rules = {{"methods", "sms"}};
  CHECK(flow::set_factor_rule(*f.house, f.operator_actor(), wish, f.facts()).error().reason == "enrol_methods");
}

TEST_CASE("at an address without a name no passkey can be set up") {
  Newcomer f;
  f.settings.site.issuer = "https://192.0.2.1";
  f.ask_everybody({{"enrol_methods", "passkey"}});
  CHECK(f.first_step().error().reason == flow::no_factor);
}

TEST_CASE("during the days of grace it is an offer with the days left, and afterwards it is owed") {
  Newcomer f;
  f.ask_everybody({{"grace_days", "3"}});
  const auto first = f.first_step();
  REQUIRE(first);
  CHECK_FALSE(first->owes_factor);
  CHECK(first->offers_enrolment);
  const std::string cookie(first->session_cookie.reveal());
  CHECK(f.visitor(cookie).actor);
  CHECK(f.step(cookie).is_open);
  CHECK_FALSE(f.step(cookie).is_owed);
  CHECK(f.step(cookie).days_left == 3);
  // A while later the own pages are the place, because they ask for a proof.
  f.settings.proof.lasts = 5min;
  f.now += 6min;
  CHECK_FALSE(f.step(cookie).is_open);
  f.now += 24h * 2;
  const auto third = f.first_step();
  REQUIRE(third);
  const std::string last(third->session_cookie.reveal());
  CHECK(f.step(last).days_left == 1);
  const flow::TotpOffer offer = f.offer(last);
  const auto done = f.finish(last, offer, f.code_of(offer));
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  const flow::Visitor in = f.visitor(std::string(done->done.session_cookie.reveal()));
  REQUIRE(in.actor);
  CHECK(in.session()->proofs.level() == 2);
}

TEST_CASE("when the days of grace are over nothing opens without a factor") {
  Newcomer f;
  f.ask_everybody({{"grace_days", "3"}});
  REQUIRE(f.first_step());
  f.now += 24h * 3;
  const std::string cookie = f.owing();
  CHECK(f.step(cookie).is_owed);
  CHECK_FALSE(f.step(cookie).days_left);
  CHECK_FALSE(f.visitor(cookie).actor);
}

TEST_CASE("whoever is suspended before the code of the app is given does not get in") {
  Newcomer f;
  const std::string cookie = f.owing();
  const flow::TotpOffer offer = f.offer(cookie);
  const flow::Visitor before = f.visitor(cookie);
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "nina", f.facts()));
  const base::Secret code(f.code_of(offer));
  CHECK_FALSE(flow::enrol_totp(*f.house, before, {offer.ticket, code, ""}, {}, f.facts()));
  CHECK(f.factors() == 0);
}

TEST_CASE("a rule that is switched off or made stricter between offer and code is met as it is then") {
  Newcomer f;
  const std::string cookie = f.owing();
  const flow::TotpOffer offer = f.offer(cookie);
  f.ask_everybody({{"enrol_methods", ""}});
  CHECK(f.finish(cookie, offer, f.code_of(offer)).error().code == base::Code::conflict);
  CHECK(f.factors() == 0);
}

TEST_CASE("recovery codes come only where the rules count them") {
  Newcomer f;
  f.ask_everybody({{"methods", "totp"}, {"enrol_methods", "totp"}});
  const std::string cookie = f.owing();
  const flow::TotpOffer offer = f.offer(cookie);
  const auto done = f.finish(cookie, offer, f.code_of(offer));
  REQUIRE(done);
  CHECK(done->recovery_codes.empty());
  CHECK(f.factors() == 1);
}

TEST_CASE("failures before the login are forgotten only when the factor is set up") {
  Newcomer f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  f.settings.lockout.classic.failures = 5;
  (void)flow::login_password(*f.house, {"nina", base::Secret("Wrong-Password-1")}, f.facts());
  const std::string cookie = f.owing();
  CHECK(f.account(f.nina).failures == 1);
  const flow::TotpOffer offer = f.offer(cookie);
  REQUIRE(f.finish(cookie, offer, f.code_of(offer)));
  CHECK(f.account(f.nina).failures == 0);
}

TEST_CASE("the preview says who sets up a factor, and counts nobody as shut out who can") {
  Newcomer f;
  flow::FactorRuleWish wish;
  wish.scope = flow::FactorScope::everybody;
  const auto effect = flow::preview_factor_rule(*f.house, f.operator_actor(), wish, 20, f.now);
  REQUIRE(effect);
  CHECK(effect->to_set_up == 1);
  CHECK(effect->without == 0);
  wish.rules = {{"enrol_methods", ""}};
  CHECK(flow::preview_factor_rule(*f.house, f.operator_actor(), wish, 20, f.now)->without == 1);
}

TEST_CASE("where a password alone can set up a factor, passwords are as long as without one") {
  Newcomer f;
  const auto is_always = [&] {
    return rights::is_always_asked(f.store->read([&](store::Tx& tx) { return flow::find_demand(tx, f.nina); }).value());
  };
  CHECK_FALSE(is_always());
  f.ask_everybody({{"enrol_methods", ""}});
  CHECK(is_always());
}

TEST_CASE("on two nodes of one PostgreSQL two logins with one password set up one factor") {
  const std::string place = postgres::make_place();
  Newcomer f(place);
  store::Options options;
  options.url = place;
  const auto other = store::Store::open(options, f.master);
  REQUIRE(other);
  const flow::House second{**other, (*other)->master(), *f.keys, f.gate, f.house->settings};
  std::vector<std::string> cookies;
  std::vector<flow::TotpOffer> offers;
  for (int i = 0; i < 6; ++i) {
    cookies.push_back(f.owing());
    offers.push_back(f.offer(cookies.back()));
  }
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < cookies.size(); ++i) {
    threads.emplace_back([&, i] {
      const flow::House& node = i % 2 == 0 ? *f.house : second;
      const auto visitor = flow::find_visitor(node, cookies[i], f.facts());
      if (!visitor || visitor->session() == nullptr) return;
      const base::Secret code(f.code_of(offers[i]));
      if (flow::enrol_totp(node, *visitor, {offers[i].ticket, code, ""}, {}, f.facts())) ++done;
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(done == 1);
  CHECK(f.factors() == 11);
}
