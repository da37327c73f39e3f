// Personal tokens as their owner makes and withdraws them.
#include "flow/registration/own_tokens.hpp"

#include <doctest/doctest.h>

#include "flow/account/suspend_account.hpp"
#include "flow/person_fixture.hpp"
#include "flow/system/find_program.hpp"

using testing::PersonFixture;
using namespace std::chrono_literals;

namespace {

struct Fixture : PersonFixture {
  Fixture() {
    anna = add_person("anna", "anna@clinic.example");
    person = std::make_unique<rights::Actor>(actor(log_in("anna")));
  }
  base::Result<flow::NewToken> make(const flow::OwnTokenWish& wish) {
    return flow::create_own_token(*house, *person, wish, facts());
  }
  base::Code refusal(const flow::OwnTokenWish& wish) {
    const auto made = make(wish);
    return made ? base::Code::internal : made.error().code;
  }
  flow::Program program(const base::Secret& token, std::string_view scope) {
    const flow::CallerProof proof = flow::BearerToken{std::string(token.reveal())};
    const auto read = flow::read_proof(*house, proof, now);
    return store
        ->write([&](store::Tx& tx) {
          return flow::find_program(*house, tx, {proof, read}, {scope, audit::type::key_refusal}, facts());
        })
        .value();
  }

  base::Id anna;
  std::unique_ptr<rights::Actor> person;
};

}  // namespace

TEST_CASE("a person makes a token for a program, which has its scopes until it is withdrawn") {
  Fixture f;
  const auto made = f.make({"my archive", {"sign", "verify"}, 24h});
  REQUIRE(made);
  CHECK(made->text.reveal().starts_with("chy_pat_"));
  CHECK(made->expires_at == f.now + 24h);
  CHECK(f.program(made->text, "sign").account == f.anna);
  CHECK(f.program(made->text, "timestamp").refusal == flow::ProgramRefusal::lacks_scope);
  const auto listed = flow::list_own_tokens(*f.house, *f.person, f.now);
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().name == "my archive");
  CHECK(listed->front().state == "valid");
  CHECK(flow::revoke_own_token(*f.house, *f.person, made->id.to_string(), f.facts()).value());
  CHECK_FALSE(flow::revoke_own_token(*f.house, *f.person, made->id.to_string(), f.facts()).value());
  CHECK(f.program(made->text, "sign").refusal == flow::ProgramRefusal::unauthenticated);
  const auto events = f.events("api_token_change");
  REQUIRE(events.size() == 2);
  // What a person calls a token can be erased.
  CHECK(events.back().data.find("my archive") == std::string::npos);
  CHECK(events.back().data.find("sign verify") != std::string::npos);
}

TEST_CASE("a token that cannot be, or too many of them, are refused, and nobody withdraws one of another person") {
  Fixture f;
  CHECK(f.refusal({"", {"sign"}, 24h}) == base::Code::invalid_input);
  CHECK(f.refusal({"two\nlines", {"sign"}, 24h}) == base::Code::invalid_input);
  CHECK(f.refusal({"a", {}, 24h}) == base::Code::invalid_input);
  CHECK(f.refusal({"a", {"accounts:write"}, 24h}) == base::Code::invalid_input);
  CHECK(f.refusal({"a", {"sign"}, 0h}) == base::Code::invalid_input);
  CHECK(f.refusal({"a", {"sign"}, 24h * 366}) == base::Code::invalid_input);
  for (std::size_t i = 0; i < flow::most_own_tokens; ++i) REQUIRE(f.make({"a", {"sign"}, 24h}));
  CHECK(f.refusal({"a", {"sign"}, 24h}) == base::Code::too_many);
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  const std::string id = flow::list_own_tokens(*f.house, *f.person, f.now).value().front().id.to_string();
  CHECK(flow::revoke_own_token(*f.house, jan, id, f.facts()).error().code == base::Code::not_found);
  CHECK(flow::list_own_tokens(*f.house, jan, f.now).value().empty());
  f.now += 25h;
  f.person = std::make_unique<rights::Actor>(f.actor(f.log_in("anna")));
  CHECK(f.make({"a", {"sign"}, 24h}));
}

TEST_CASE("a token needs a fresh proof, and ends for ever with the suspension of its account") {
  Fixture f;
  const auto made = f.make({"a", {"sign"}, 24h});
  REQUIRE(made);
  f.now += 20min;
  CHECK(f.refusal({"b", {"sign"}, 24h}) == base::Code::denied);
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "anna", f.facts()));
  CHECK(f.program(made->text, "sign").refusal == flow::ProgramRefusal::unauthenticated);
  REQUIRE(flow::restore_account(*f.house, f.operator_actor(), "anna", f.facts()));
  CHECK(f.program(made->text, "sign").refusal == flow::ProgramRefusal::unauthenticated);
}
