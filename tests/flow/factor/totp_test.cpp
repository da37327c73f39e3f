#include "crypto/factor/totp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/base32.hpp"
#include "flow/factor/enrol_totp.hpp"
#include "flow/factor/make_recovery_codes.hpp"
#include "flow/factor/own_factors.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/proof/throttle_login.hpp"
#include "store/factor/factors.hpp"
#include "store/postgres.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Phone : PersonFixture {
  explicit Phone(const std::string& url = "sqlite::memory:") : PersonFixture(url) {
    anna = add_person("anna", "anna@clinic.example");
    cookie = log_in("anna");
  }
  rights::Actor by() { return actor(cookie); }

  /// The code that the app shows at the time of the fixture.
  [[nodiscard]] std::string code(const base::Secret& secret, std::int64_t away = 0) const {
    return crypto::make_totp_code(secret, crypto::totp_step_of(now) + away);
  }
  static base::Secret secret_of(const flow::TotpOffer& offer) {
    std::string bare = offer.secret;
    std::erase(bare, ' ');
    return base::Secret(base::parse_base32(bare).value());
  }
  base::Secret add_app(const std::string& name = {}) {
    const auto offer = flow::begin_totp(*house, by(), facts());
    REQUIRE_MESSAGE(offer, base::describe(offer.error()));
    base::Secret secret = secret_of(*offer);
    const auto done = flow::finish_totp(*house, by(), {offer->ticket, base::Secret(code(secret)), name}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return secret;
  }
  flow::OwnFactors own() { return flow::list_own_factors(*house, by()).value(); }

  bool prove(rights::ProofMethod method, const std::string& typed) {
    const auto renewed = flow::prove_again(*house, by(), {method, base::Secret(typed), by().session().id}, facts());
    if (!renewed) {
      CHECK(renewed.error().code == base::Code::login_failed);
      return false;
    }
    cookie = renewed->reveal();
    return true;
  }
  bool prove_by_app(const std::string& typed) { return prove(rights::ProofMethod::totp, typed); }
  std::string last_reason() { return events("proof").front().data; }

  base::Id anna;
  std::string cookie;
};

bool says(const std::string& data, std::string_view text) {
  return data.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("an authenticator app counts after one right code, is told to the person, and proves who one is") {
  Phone f;
  CHECK(f.own().apps.empty());
  const auto offer = flow::begin_totp(*f.house, f.by(), f.facts()).value();
  CHECK(offer.address.starts_with("otpauth://totp/"));
  CHECK(says(offer.address, "anna?secret="));
  CHECK(says(offer.address, "&algorithm=SHA1&digits=6&period=30"));
  CHECK(f.own().apps.empty());
  const base::Secret secret = Phone::secret_of(offer);
  const auto wrong = flow::finish_totp(*f.house, f.by(), {offer.ticket, base::Secret("000000"), "Phone"}, f.facts());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == base::Code::login_failed);
  CHECK(f.own().apps.empty());
  REQUIRE(flow::finish_totp(*f.house, f.by(), {offer.ticket, base::Secret(f.code(secret)), "Phone"}, f.facts()));
  REQUIRE(f.own().apps.size() == 1);
  CHECK(f.own().apps.front().name == "Phone");
  CHECK_FALSE(f.own().apps.front().last_used_at.has_value());
  CHECK(f.messages().front().message == "factor_added");
  CHECK(says(f.events("account_change").front().data, R"("change":"added")"));
  f.now += 30s;
  CHECK(f.prove_by_app(f.code(secret)));
  CHECK(f.own().apps.front().last_used_at == f.now);
}

TEST_CASE("the code that confirmed the app, and any code that was accepted, is not accepted again") {
  Phone f;
  const base::Secret secret = f.add_app();
  CHECK_FALSE(f.prove_by_app(f.code(secret)));
  CHECK(says(f.last_reason(), "used_before"));
  CHECK_FALSE(f.prove_by_app(f.code(secret, -1)));
  CHECK(f.prove_by_app(f.code(secret, 1)));
  CHECK_FALSE(f.prove_by_app(f.code(secret, 1)));
  CHECK_FALSE(f.prove_by_app(f.code(secret)));
  f.now += 60s;
  CHECK(f.prove_by_app(f.code(secret)));
}

TEST_CASE("of many requests with one code exactly one is accepted") {
  Phone f;
  const base::Secret secret = f.add_app();
  f.now += 30s;
  const std::int64_t step = crypto::totp_step_of(f.now);
  const auto app = f.store->read([&](store::Tx& tx) { return store::list_factors(tx, f.anna); }).value().front();
  int accepted = 0;
  for (int i = 0; i < 5; ++i) {
    const auto raised = f.store->write([&](store::Tx& tx) { return store::raise_counter(tx, app.id, step, f.now); });
    if (raised && *raised) ++accepted;
  }
  CHECK(accepted == 1);
}

TEST_CASE("on two nodes of one PostgreSQL a code of an app counts once, whichever node it comes to") {
  const std::string place = postgres::make_place();
  Phone f(place);
  const base::Secret secret = f.add_app();
  f.now += 30s;
  f.settings.lockout.throttle.free_failures = 1000;
  f.settings.lockout.network.capacity = 0;
  store::Options options;
  options.url = place;
  const auto other = store::Store::open(options, f.master);
  REQUIRE(other);
  const flow::House second{**other, (*other)->master(), *f.keys, f.gate, f.house->settings};
  std::vector<rights::Actor> actors;
  for (int i = 0; i < 6; ++i) actors.push_back(f.actor(f.log_in("anna")));
  const std::string code = f.code(secret);
  std::atomic<int> accepted = 0;
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < actors.size(); ++i) {
    const flow::House& node = i % 2 == 0 ? *f.house : second;
    all.emplace_back([&, i] {
      const flow::GivenProof given{rights::ProofMethod::totp, base::Secret(code), actors[i].session().id};
      if (flow::prove_again(node, actors[i], given, f.facts())) ++accepted;
    });
  }
  for (std::thread& one : all) one.join();
  CHECK(accepted == 1);
}

TEST_CASE("a code is accepted one step around its time, with blanks, and no further away") {
  Phone f;
  const base::Secret secret = f.add_app();
  f.now += 10min;
  CHECK_FALSE(f.prove_by_app(f.code(secret, 2)));
  CHECK_FALSE(f.prove_by_app(f.code(secret, -2)));
  CHECK_FALSE(f.prove_by_app(""));
  std::string typed = f.code(secret, -1);
  typed.insert(3, " ");
  CHECK(f.prove_by_app(typed));
}

TEST_CASE("each of several apps has its own codes, and one that was removed proves nothing") {
  Phone f;
  const base::Secret first = f.add_app("First");
  f.now += 1s;
  const base::Secret second = f.add_app("Second");
  f.now += 60s;
  CHECK(f.prove_by_app(f.code(first)));
  CHECK(f.prove_by_app(f.code(second)));
  const base::Id id = f.own().apps.front().id;
  CHECK(flow::rename_own_factor(*f.house, f.by(), id, "Old phone", f.facts()));
  CHECK(f.own().apps.front().name == "Old phone");
  REQUIRE(flow::remove_own_factor(*f.house, f.by(), id, f.facts()));
  CHECK(f.messages().front().message == "factor_removed");
  f.now += 60s;
  CHECK_FALSE(f.prove_by_app(f.code(first)));
  CHECK(f.prove_by_app(f.code(second)));
}

TEST_CASE("an account has five apps and not a sixth") {
  Phone f;
  for (std::size_t i = 0; i < identity::most_totp; ++i) f.add_app();
  const auto more = flow::begin_totp(*f.house, f.by(), f.facts());
  REQUIRE_FALSE(more);
  CHECK(more.error().code == base::Code::conflict);
}

TEST_CASE("an offer is of one session and ten minutes, and counts once") {
  Phone f;
  const std::string other = f.log_in("anna");
  const auto offer = flow::begin_totp(*f.house, f.by(), f.facts()).value();
  const base::Secret secret = Phone::secret_of(offer);
  const auto finish = [&](const std::string& cookie, const base::Secret& ticket) {
    const auto done =
        flow::finish_totp(*f.house, f.actor(cookie), {ticket, base::Secret(f.code(secret)), ""}, f.facts());
    return done ? std::optional<base::Code>() : std::optional(done.error().code);
  };
  CHECK(finish(other, offer.ticket) == base::Code::expired);
  CHECK(finish(f.cookie, base::Secret("x")) == base::Code::expired);
  CHECK(finish(f.cookie, base::Secret("")) == base::Code::expired);
  CHECK_FALSE(finish(f.cookie, offer.ticket).has_value());
  CHECK(finish(f.cookie, offer.ticket) == base::Code::expired);
  CHECK(f.own().apps.size() == 1);
  const auto late = flow::begin_totp(*f.house, f.by(), f.facts()).value();
  f.now += 10min;
  CHECK(finish(f.cookie, late.ticket) == base::Code::expired);
}

TEST_CASE("without a fresh proof nothing is added, removed, made or switched") {
  Phone f;
  f.add_app();
  const base::Id id = f.own().apps.front().id;
  f.now += 6min;
  const auto is_denied = [](const auto& result) {
    return !result && result.error().code == base::Code::denied && result.error().reason == flow::proof_needed;
  };
  CHECK(is_denied(flow::begin_totp(*f.house, f.by(), f.facts())));
  CHECK(is_denied(flow::remove_own_factor(*f.house, f.by(), id, f.facts())));
  CHECK(is_denied(flow::make_recovery_codes(*f.house, f.by(), f.facts())));
  CHECK(is_denied(flow::set_own_always(*f.house, f.by(), true, f.facts())));
  CHECK(is_denied(flow::set_own_always(*f.house, f.by(), false, f.facts())));
  CHECK(f.own().apps.size() == 1);
}

TEST_CASE("nobody names or removes the factor of somebody else") {
  Phone f;
  f.add_app();
  const base::Id id = f.own().apps.front().id;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  const auto renamed = flow::rename_own_factor(*f.house, jan, id, "Mine", f.facts());
  REQUIRE_FALSE(renamed);
  CHECK(renamed.error().code == base::Code::not_found);
  const auto removed = flow::remove_own_factor(*f.house, jan, id, f.facts());
  REQUIRE_FALSE(removed);
  CHECK(removed.error().code == base::Code::not_found);
  CHECK(f.own().apps.size() == 1);
}

TEST_CASE("the wish to be asked at every login is off at first, and ends with the last factor") {
  Phone f;
  CHECK_FALSE(f.own().always);
  const auto nothing = flow::set_own_always(*f.house, f.by(), true, f.facts());
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == base::Code::conflict);
  f.add_app();
  REQUIRE(flow::set_own_always(*f.house, f.by(), true, f.facts()));
  CHECK(f.own().always);
  CHECK(says(f.events("account_change").front().data, "always_on"));
  REQUIRE(flow::make_recovery_codes(*f.house, f.by(), f.facts()));
  REQUIRE(flow::remove_own_factor(*f.house, f.by(), f.own().apps.front().id, f.facts()));
  CHECK_FALSE(f.own().always);
  CHECK(f.own().recovery_codes == 0);
}

TEST_CASE("ten recovery codes are made, each proves who one is once, and new ones end the old ones") {
  Phone f;
  REQUIRE_FALSE(flow::make_recovery_codes(*f.house, f.by(), f.facts()));  // nothing that they could stand in for
  f.add_app();
  const auto codes = flow::make_recovery_codes(*f.house, f.by(), f.facts()).value();
  CHECK(codes.size() == 10);
  CHECK(f.own().recovery_codes == 10);
  const auto told = f.messages();
  CHECK(std::any_of(told.begin(), told.end(), [](const auto& one) { return one.message == "recovery_made"; }));
  const auto prove = [&](std::string_view typed) { return f.prove(rights::ProofMethod::recovery, std::string(typed)); };
  CHECK(prove(codes[3].reveal()));
  CHECK_FALSE(prove(codes[3].reveal()));
  std::string shouted(codes[4].reveal());
  std::erase(shouted, '-');
  std::transform(shouted.begin(), shouted.end(), shouted.begin(), [](unsigned char c) { return std::toupper(c); });
  CHECK(prove(" " + shouted));
  CHECK_FALSE(prove(""));
  CHECK_FALSE(prove("----"));
  CHECK(f.own().recovery_codes == 8);
  const auto fresh = flow::make_recovery_codes(*f.house, f.by(), f.facts()).value();
  CHECK_FALSE(prove(codes[5].reveal()));
  CHECK(prove(fresh[5].reveal()));
}

TEST_CASE("neither secrets nor codes are in the database in the clear") {
  Phone f;
  const base::Secret secret = f.add_app();
  const auto codes = flow::make_recovery_codes(*f.house, f.by(), f.facts()).value();
  const auto factors = f.store->read([&](store::Tx& tx) { return store::list_factors(tx, f.anna); }).value();
  for (const store::Factor& factor : factors) {
    if (factor.kind == identity::FactorKind::recovery) {
      for (const base::Secret& code : codes) CHECK_FALSE(factor.data == code);
    }
  }
  CHECK(factors.size() == 11);
}

TEST_CASE("the methods that an account can prove with are those that it has") {
  Phone f;
  using rights::ProofMethod;
  const auto methods = [&] { return flow::list_proof_methods(*f.house, f.by(), f.now).value(); };
  const auto has = [&](ProofMethod method) {
    const auto list = methods();
    return std::find(list.begin(), list.end(), method) != list.end();
  };
  CHECK_FALSE(has(ProofMethod::totp));
  f.add_app();
  CHECK(has(ProofMethod::totp));
  CHECK_FALSE(has(ProofMethod::recovery));
  REQUIRE(flow::make_recovery_codes(*f.house, f.by(), f.facts()));
  CHECK(has(ProofMethod::recovery));
}
