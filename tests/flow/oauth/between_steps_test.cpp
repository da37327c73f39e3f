// Whatever takes a right away between two steps of the code flow with consent and refreshing, nothing more is issued
// (security rule 8).
#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <vector>

#include "flow/account/delete_account.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/grant/refresh_tokens.hpp"
#include "flow/oauth/consent.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/session/logout.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

/// The flow of an application that is not of the house, step by step. Each step gives whether it succeeded.
struct Steps : OidcFixture {
  Steps() {
    change_client("portal", [](rights::Client& client) {
      client.is_first_party = false;
      client.grants = {"authorization_code", "refresh_token"};
      client.scopes.emplace_back("offline_access");
    });
    cookie = log_in();
    wished = request();
  }
  bool ask() {
    auto outcome = flow::authorize(*house, wished, nullptr, cookie, facts()).value();
    auto* needed = std::get_if<flow::ConsentNeeded>(&outcome);
    if (needed != nullptr) attempt = needed->attempt;
    return needed != nullptr;
  }
  bool agree() {
    const auto visitor = flow::find_visitor(*house, cookie, facts()).value();
    if (!visitor.actor) return false;
    return flow::answer_consent(*house, *visitor.actor, attempt, true, facts()).has_value();
  }
  bool resume() {
    const auto outcome = flow::authorize(*house, wished, &attempt, cookie, facts()).value();
    const auto* issued = std::get_if<flow::CodeIssued>(&outcome);
    if (issued != nullptr) code = issued->code;
    return issued != nullptr;
  }
  bool redeem_it() {
    auto done = redeem(redemption(code));
    if (done.refusal) return false;
    token = done.tokens.access_token;
    refresh_token = done.tokens.refresh_token;
    return true;
  }
  bool renew() {
    const auto done = flow::refresh_tokens(*house, {redemption("").client, refresh_token, {}, {}}, facts()).value();
    if (done.refusal) return false;
    token = done.tokens.access_token;
    refresh_token = done.tokens.refresh_token;
    return true;
  }
  bool use() { return !flow::find_userinfo(*house, token, facts())->refusal; }

  flow::AuthorizationRequest wished;
  std::string cookie;
  flow::Attempt attempt;
  std::string code;
  std::string token;
  std::string refresh_token;
};

struct Loss {
  const char* name;
  std::function<void(Steps&)> happen;
  bool is_of_session = false;  // access that outlives the session outlives it too
};

template <class F>
void write(Steps& f, F&& body) {
  REQUIRE(f.store->write(std::forward<F>(body)));
}

const std::vector<Loss>& losses() {
  static const std::vector<Loss> all{
      {"suspended",
       [](Steps& f) { REQUIRE(flow::suspend_account(*f.house, Steps::operator_actor(), "anna.kowalska", f.facts())); }},
      {"deleted",
       [](Steps& f) { REQUIRE(flow::delete_account(*f.house, Steps::operator_actor(), "anna.kowalska", f.facts())); }},
      {"locked",
       [](Steps& f) {
         write(f, [&](store::Tx& tx) {
           return store::set_failures(tx, f.anna, {.failures = 5, .locked_until = f.now + 15min, .newly_locked = true});
         });
       }},
      {"the context was taken away",
       [](Steps& f) {
         const auto context = flow::find_visitor(*f.house, f.cookie, f.facts())->actor->context().id;
         REQUIRE(
             f.store->write([&](store::Tx& tx) { return store::take_context(tx, f.anna, context, f.now); }).value());
       }},
      {"the password was changed elsewhere",
       [](Steps& f) { write(f, [&](store::Tx& tx) { return store::raise_security_stamp(tx, f.anna); }); }},
      {"logged out",
       [](Steps& f) {
         REQUIRE(
             flow::logout(*f.house, *flow::find_visitor(*f.house, f.cookie, f.facts()), audit::why::logout, f.facts()));
       },
       true},
      {"the application was switched off",
       [](Steps& f) { f.change_client("portal", [](rights::Client& client) { client.enabled = false; }); }},
      {"the application demands more",
       [](Steps& f) { f.change_client("portal", [](rights::Client& client) { client.level = 2; }); }},
      {"the session is over", [](Steps& f) { f.now += 24h; }, true},
  };
  return all;
}

using Step = bool (Steps::*)();
constexpr std::array<Step, 6> steps{&Steps::ask,       &Steps::agree, &Steps::resume,
                                    &Steps::redeem_it, &Steps::renew, &Steps::use};

}  // namespace

TEST_CASE("the whole flow with consent gives a token, if nothing happens meanwhile") {
  Steps f;
  for (const Step step : steps) CHECK((f.*step)());
}

TEST_CASE("whatever takes a right away between two steps of the flow, no code and no claim is given after it") {
  for (const Loss& loss : losses()) {
    for (std::size_t before = 1; before < steps.size(); ++before) {
      CAPTURE(loss.name);
      CAPTURE(before);
      Steps f;
      for (std::size_t i = 0; i < before; ++i) REQUIRE((f.*steps.at(i))());
      loss.happen(f);
      // Each later step is tried, whatever the one before it has said.
      const std::size_t codes = f.events("code_issue").size();
      for (std::size_t i = std::max<std::size_t>(before, 2); i < steps.size(); ++i) CHECK_FALSE((f.*steps.at(i))());
      CHECK(f.events("code_issue").size() == codes);
      CHECK(f.events("token_issue").size() == (before > 4 ? 2 : before > 3 ? 1 : 0));
    }
  }
}

TEST_CASE("access that outlives the session ends with everything else that takes a right away") {
  for (const Loss& loss : losses()) {
    CAPTURE(loss.name);
    Steps f;
    f.wished.scope = "openid profile email offline_access";
    for (std::size_t i = 0; i < 4; ++i) REQUIRE((f.*steps.at(i))());
    loss.happen(f);
    CHECK(f.renew() == loss.is_of_session);
    CHECK(f.use() == loss.is_of_session);
  }
}

TEST_CASE("consent that is taken back between two steps ends the flow, whichever step comes next") {
  for (std::size_t before = 2; before < steps.size(); ++before) {
    CAPTURE(before);
    Steps f;
    for (std::size_t i = 0; i < before; ++i) REQUIRE((f.*steps.at(i))());
    const auto actor = *flow::find_visitor(*f.house, f.cookie, f.facts())->actor;
    REQUIRE(flow::withdraw_consent(*f.house, actor, f.find_client("portal").id, f.facts()));
    for (std::size_t i = before; i < steps.size(); ++i) CHECK_FALSE((f.*steps.at(i))());
  }
}
