#include <doctest/doctest.h>

#include "flow/factor_fixture.hpp"
#include "flow/login/find_way_in.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/login/read_activity.hpp"
#include "flow/proof/factor_settings.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "identity/lockout/sms_limits.hpp"
#include "store/message/sms_counts.hpp"

using namespace std::chrono_literals;
using rights::ProofMethod;

namespace {

struct Desk : testing::FactorFixture {
  Desk() {
    piotr = add_person("piotr", "piotr@clinic.example", "+48600100203");
    cookie = log_in("piotr");
  }
  rights::Actor by() { return actor(cookie); }
  base::Result<void> send() { return flow::send_code_again(*house, by(), facts()); }
  bool prove(const std::string& typed) {
    const auto renewed =
        flow::prove_again(*house, by(), {ProofMethod::sms, base::Secret(typed), by().session().id}, facts());
    if (renewed) cookie = renewed->reveal();
    return renewed.has_value();
  }
  static std::string other_than(const std::string& code) { return code == "000000" ? "000001" : "000000"; }

  base::Id piotr;
  std::string cookie;
};

bool offers_sms(const Desk& desk, const rights::Actor& by) {
  const auto methods = flow::list_proof_methods(*desk.house, by, desk.now).value();
  return std::find(methods.begin(), methods.end(), ProofMethod::sms) != methods.end();
}

}  // namespace

TEST_CASE("a code by SMS proves it again, once, and the session gets a new cookie") {
  Desk f;
  f.settings.proof.lasts = 5min;
  f.now += 6min;
  CHECK_FALSE(flow::has_fresh_proof(*f.house, f.by(), f.now));
  CHECK(offers_sms(f, f.by()));
  REQUIRE(f.send());
  CHECK(f.texts().size() == 1);
  CHECK(f.texts().front().to == "+48600100203");
  const std::string code = f.code();
  const std::string before = f.cookie;
  CHECK_FALSE(f.prove(f.other_than(code)));
  REQUIRE(f.prove(code));
  CHECK(f.cookie != before);
  CHECK(flow::has_fresh_proof(*f.house, f.by(), f.now));
  CHECK_FALSE(f.prove(code));
  CHECK(f.events("proof").size() == 3);
}

TEST_CASE("a code for a stronger login proves nothing again, and the other way round") {
  Desk f;
  const auto visitor = [&] { return flow::find_visitor(*f.house, f.cookie, f.facts()).value(); };
  REQUIRE(flow::send_code(*f.house, visitor(), ProofMethod::sms, f.facts()));
  CHECK_FALSE(f.prove(f.code()));
  f.now += 1min;
  REQUIRE(f.send());
  const base::Secret secret(f.code());
  CHECK_FALSE(flow::prove_factor(*f.house, visitor(), {ProofMethod::sms, secret}, f.facts()));
  CHECK(f.prove(f.code()));
}

TEST_CASE("the code of another session proves nothing") {
  Desk f;
  REQUIRE(f.send());
  const std::string code = f.code();
  const std::string first = f.cookie;
  f.now += 1s;
  f.cookie = f.log_in("piotr");
  CHECK_FALSE(f.prove(code));
  f.cookie = first;
  CHECK(f.prove(code));
}

TEST_CASE("five tries, five minutes, and a new code not before half a minute") {
  Desk f;
  f.settings.lockout.throttle.free_failures = 100;
  REQUIRE(f.send());
  const std::string code = f.code();
  CHECK(f.send().error().code == base::Code::too_many);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(f.prove(f.other_than(code)));
  CHECK_FALSE(f.prove(code));
  f.now += 30s;
  REQUIRE(f.send());
  const std::string late = f.code();
  f.now += 5min;
  CHECK_FALSE(f.prove(late));
}

TEST_CASE("where the rules do not count SMS, and without a number, no code is sent and none is taken") {
  Desk f;
  REQUIRE(f.send());
  const std::string code = f.code();
  f.ask_everybody({{"methods", "totp"}, {"grace_days", "7"}});
  CHECK_FALSE(offers_sms(f, f.by()));
  CHECK(f.send().error().code == base::Code::not_found);
  const auto given =
      flow::prove_again(*f.house, f.by(), {ProofMethod::sms, base::Secret(code), f.by().session().id}, f.facts());
  CHECK(given.error().code == base::Code::invalid_input);
  f.ask_everybody({{"methods", "totp sms"}, {"grace_days", "7"}});
  f.add_person("nina", "nina@clinic.example");
  f.cookie = f.log_in("nina");
  CHECK_FALSE(offers_sms(f, f.by()));
  CHECK(f.send().error().code == base::Code::not_found);
}

TEST_CASE("the limits of short messages count these codes") {
  Desk f;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    identity::SmsLimits limits;
    limits.per_number = 1;
    limits.window = 60min;
    return store::set_sms_limits(tx, limits);
  }));
  REQUIRE(f.send());
  f.now += 1min;
  CHECK(f.send().error().code == base::Code::too_many);
  CHECK(f.texts().size() == 1);
}

TEST_CASE("a code by e-mail proves nothing again") {
  Desk f;
  const auto given =
      flow::prove_again(*f.house, f.by(), {ProofMethod::email, base::Secret("123456"), f.by().session().id}, f.facts());
  CHECK(given.error().code == base::Code::invalid_input);
}

TEST_CASE("the overview counts the days of grace, for who has no factor only") {
  Desk f;
  f.add_person("nina", "nina@clinic.example");
  f.ask_everybody({{"methods", "sms"}, {"grace_days", "3"}});
  CHECK_FALSE(flow::read_activity(*f.house, f.by(), f.now)->factor_days_left);
  f.cookie = f.log_in("nina");
  CHECK(flow::read_activity(*f.house, f.by(), f.now)->factor_days_left == 3);
  f.now += 25h;
  f.cookie = f.log_in("nina");
  CHECK(flow::read_activity(*f.house, f.by(), f.now)->factor_days_left == 2);
}

TEST_CASE("a message about the way in does not promise a login to who owes a factor and has none") {
  Desk f;
  const base::Id nina = f.add_person("nina", "nina@clinic.example");
  const auto way_in = [&](const base::Id& id) {
    return std::string(
        f.store->read([&](store::Tx& tx) { return flow::find_way_in(*f.house, tx, id, f.now); }).value());
  };
  CHECK(way_in(nina) == "message.way_in.open");
  f.ask_everybody({{"methods", "sms totp"}});
  CHECK(way_in(nina) == "message.way_in.no_factor");
  CHECK(way_in(f.piotr) == "message.way_in.open");
  f.ask_everybody({{"grace_days", "3"}});
  CHECK(way_in(nina) == "message.way_in.open");
  f.ask_everybody({{"grace_days", "0"}, {"enrol_methods", "totp"}});
  CHECK(way_in(nina) == "message.way_in.open");
}
