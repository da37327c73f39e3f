#include "flow/admin/reset_factors.hpp"

#include <doctest/doctest.h>

#include "base/base32.hpp"
#include "crypto/factor/totp.hpp"
#include "flow/admin/give_app.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "store/driver/sql.hpp"
#include "store/factor/factors.hpp"
#include "store/session/devices.hpp"

using testing::PersonFixture;

namespace {

struct Office : PersonFixture {
  Office() {
    flow::NewAccount wished = wish("root");
    wished.email = "root@clinic.example";
    wished.contexts = {"super_administrator"};
    create(wished);
    anna = add_person("anna", "anna@clinic.example");
    cookie = log_in("root");
  }
  rights::Actor by() { return actor(cookie); }
  std::size_t count_devices() {
    return store->read([&](store::Tx& tx) { return store::list_devices(tx, anna); }).value().size();
  }
  flow::SeenFactors seen() { return flow::look_at_factors(*house, by(), "anna", facts()).value(); }
  base::Result<bool> give(const std::string& secret, bool if_missing = false) {
    const base::Secret kept(secret);
    return flow::give_app(*house, operator_actor(), {"anna", kept, if_missing}, facts());
  }

  base::Id anna;
  std::string cookie;
};

constexpr const char* secret = "JBSWY3DPEHPK3PXP";

}  // namespace

TEST_CASE("an administrator removes all second factors and known devices of an account, and the person is told") {
  Office f;
  REQUIRE(f.give(secret).value());
  f.log_in("anna");
  REQUIRE(f.count_devices() == 1);
  REQUIRE(f.seen().held.size() == 1);
  flow::RequestFacts facts = f.facts();
  facts.motive = audit::motive::lost;
  REQUIRE(flow::reset_factors(*f.house, f.by(), "anna", facts));
  CHECK(f.seen().empty());
  CHECK(f.count_devices() == 0);
  CHECK(f.messages().front().message == "factors_reset");
  CHECK(f.messages().front().to == "anna@clinic.example");
  const auto event = f.events("account_change").front();
  CHECK(event.data.find(R"("change":"removed")") != std::string::npos);
  CHECK(event.data.find(R"("motive":"lost")") != std::string::npos);
  const auto again = flow::reset_factors(*f.house, f.by(), "anna", facts);
  // There is nothing to take away any more: nobody is told, and nothing is recorded.
  REQUIRE(again);
  CHECK(f.events("account_change").front().seq == event.seq);
}

TEST_CASE("nobody removes the own factors this way, nor without the permission or a fresh proof") {
  Office f;
  REQUIRE(f.give(secret).value());
  const auto code_of = [&](const rights::Actor& by, const std::string& whose) {
    const auto done = flow::reset_factors(*f.house, by, whose, f.facts());
    return done ? std::optional<base::Code>() : std::optional(done.error().code);
  };
  CHECK(code_of(f.by(), "root") == base::Code::denied);
  CHECK(code_of(f.actor(f.log_in("anna")), "root") == base::Code::denied);
  CHECK(code_of(f.by(), "nobody") == base::Code::not_found);
  f.now += std::chrono::minutes(6);
  CHECK(code_of(f.by(), "anna") == base::Code::denied);
  CHECK(f.seen().held.size() == 1);
}

TEST_CASE("an app whose secret another system has made proves who one is") {
  Office f;
  for (const char* bad : {"", "JBSWY3DPEHPK3", "not base32!", "1BSWY3DPEHPK3PXP"}) {
    const auto refused = f.give(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Code::invalid_input);
  }
  CHECK(f.give("jbsw y3dp ehpk 3pxp").value());
  CHECK_FALSE(f.give(secret, true).value());
  CHECK(f.seen().held.size() == 1);
  const base::Secret octets(base::parse_base32(secret).value());
  const std::string cookie = f.log_in("anna");
  const auto proven = flow::prove_again(
      *f.house, f.actor(cookie),
      {rights::ProofMethod::totp, base::Secret(crypto::make_totp_code(octets, crypto::totp_step_of(f.now))),
       f.actor(cookie).session().id},
      f.facts());
  CHECK(proven.has_value());
}

TEST_CASE("an account without a password proves it again by its app") {
  Office f;
  REQUIRE(f.give(secret).value());
  const std::string cookie = f.log_in("anna");
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return tx.run("DELETE FROM credential WHERE account_id = $1 AND type = 'password'", {f.anna});
  }));
  const rights::Actor anna = f.actor(cookie);
  const auto methods = flow::list_proof_methods(*f.house, anna, f.now).value();
  REQUIRE(methods.size() == 1);
  CHECK(methods.front() == rights::ProofMethod::totp);
  const base::Secret octets(base::parse_base32(secret).value());
  const base::Secret code(crypto::make_totp_code(octets, crypto::totp_step_of(f.now)));
  CHECK(flow::prove_again(*f.house, anna, {rights::ProofMethod::totp, code, anna.session().id}, f.facts()));
}
