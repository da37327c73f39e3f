// An application or a context asks for a stronger login than the session has (S3.5, S4.8; OIDC Core §3.1.2.1).
#include <doctest/doctest.h>

#include "flow/login/list_factors.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "store/account/contexts.hpp"
#include "store/account/identifiers.hpp"
#include "store/message/outbox.hpp"

namespace {

using rights::ProofMethod;

class StepUpFixture : public testing::OidcFixture {
 public:
  void give_number() {
    REQUIRE(store->write([&](store::Tx& tx) {
      store::Identifier number;
      number.account_id = anna;
      number.type = "phone";
      number.canonical = number.display = "+48600100201";
      number.verified_at = now;
      return store::insert_identifier(tx, number, now);
    }));
  }
  void ask_everybody() {
    flow::FactorRuleWish wish;
    wish.scope = flow::FactorScope::everybody;
    REQUIRE(flow::set_factor_rule(*house, operator_actor(), wish, facts()));
  }
  flow::Visitor visitor(const std::string& cookie) { return flow::find_visitor(*house, cookie, facts()).value(); }
  std::string step_up(const std::string& cookie) {
    const auto sent = flow::send_code(*house, visitor(cookie), ProofMethod::sms, facts());
    REQUIRE_MESSAGE(sent, base::describe(sent.error()));
    std::string code;
    const auto items = store->read([&](store::Tx& tx) { return store::list_outbox(tx, 100); });
    REQUIRE(items);
    for (const auto& item : *items) {
      if (item.kind == "sms" && item.state == "pending" && code.empty()) {
        code = flow::parse_payload(item.payload)->text.substr(0, 6);
      }
    }
    const base::Secret secret(code);
    const auto done = flow::prove_factor(*house, visitor(cookie), {ProofMethod::sms, secret}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::string(done->session_cookie.reveal());
  }
  static flow::AuthorizationRequest asking(const std::string& acr_values) {
    auto asked = request();
    asked.acr_values = acr_values;
    return asked;
  }
};

}  // namespace

TEST_CASE("a client that demands level two leads an open session to the second step and then gets a code") {
  StepUpFixture f;
  f.give_number();
  f.change_client("portal", [](rights::Client& client) { client.level = 2; });
  const std::string cookie = f.log_in();
  const flow::Attempt attempt = f.attempt_of(f.request(), cookie);
  CHECK(attempt.level == 2);
  CHECK_FALSE(attempt.force_login);
  auto silent = f.request();
  silent.prompt = "none";
  CHECK(f.refusal_of(silent, cookie) == flow::OAuthError::interaction_required);
  const std::string stronger = f.step_up(cookie);
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(f.request(), stronger, &attempt)));
}

TEST_CASE("a client that demands level two refuses a fresh login of an account that cannot reach it") {
  StepUpFixture f;
  f.change_client("portal", [](rights::Client& client) { client.level = 2; });
  const flow::Attempt attempt = f.attempt_of(f.request());
  f.now += std::chrono::seconds(1);
  const std::string cookie = f.log_in();
  CHECK(f.refusal_of(f.request(), cookie, &attempt) == flow::OAuthError::unmet_authentication_requirements);
}

TEST_CASE(
    "acr_values is a wish: asked for if it is in reach, ignored if not, and the token never says more than was "
    "proven") {
  StepUpFixture f;
  const std::string weak = f.log_in();
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(f.asking("urn:chancery:acr:2"), weak)));
  f.give_number();
  const flow::Attempt attempt = f.attempt_of(f.asking("urn:chancery:acr:3 urn:chancery:acr:2"), weak);
  CHECK(attempt.level == 2);
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(f.asking("urn:chancery:acr:3"), weak)));
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(f.asking("urn:chancery:acr:1"), weak)));
  CHECK(std::holds_alternative<flow::CodeIssued>(
      f.authorize(f.asking("urn:chancery:acr:9 phr urn:chancery:acr:22"), weak)));
}

TEST_CASE("a rule that comes while a person is logged in keeps codes and tokens back until the second step") {
  StepUpFixture f;
  f.give_number();
  const std::string cookie = f.log_in();
  const std::string code = f.get_code(cookie);
  f.ask_everybody();
  CHECK(std::holds_alternative<flow::LoginNeeded>(f.authorize(f.request(), cookie)));
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_grant);
  const std::string stronger = f.step_up(cookie);
  CHECK_FALSE(f.error_of(f.redemption(f.get_code(stronger))));
}

TEST_CASE("a login that owes the second step gets no code by any address") {
  StepUpFixture f;
  f.give_number();
  f.ask_everybody();
  const auto done = flow::login_password(*f.house, {"anna.kowalska", base::Secret(f.password)}, f.facts());
  REQUIRE(done);
  REQUIRE(done->owes_factor);
  const std::string cookie(done->session_cookie.reveal());
  CHECK(std::holds_alternative<flow::LoginNeeded>(f.authorize(f.request(), cookie)));
  auto silent = f.request();
  silent.prompt = "none";
  CHECK(f.refusal_of(silent, cookie) == flow::OAuthError::interaction_required);
}

TEST_CASE("a context above the level of the login is offered to who can reach it, and opens after one more proof") {
  StepUpFixture f;
  f.add_account("olga", f.password, {"user", "administrator"}, "olga@clinic.example");
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(auto context, store::find_context_by_key(tx, f.find_client("portal").tenant_id, "administrator"));
    context->level = 2;
    return store::update_context(tx, *context);
  }));
  const std::string cookie = f.log_in("olga");
  // Without a factor it is not offered, and the other one is the only one.
  const auto contexts = flow::list_reachable_contexts(*f.house, f.visitor(cookie), f.facts());
  REQUIRE(contexts);
  CHECK(contexts->size() == 1);
  f.anna = f.visitor(cookie).account()->id;
  f.give_number();
  const auto more = flow::list_reachable_contexts(*f.house, f.visitor(cookie), f.facts());
  REQUIRE(more);
  REQUIRE(more->size() == 2);
  CHECK(std::count_if(more->begin(), more->end(), [](const auto& one) { return one.is_stronger; }) == 1);
  const auto refused = flow::choose_context(*f.house, f.visitor(cookie), "administrator", f.facts());
  REQUIRE_FALSE(refused);
  const std::string stronger = f.step_up(cookie);
  CHECK(flow::choose_context(*f.house, f.visitor(stronger), "administrator", f.facts()));
}

TEST_CASE("the second step cannot be given twice to reach more") {
  StepUpFixture f;
  f.give_number();
  const std::string stronger = f.step_up(f.log_in());
  CHECK(f.visitor(stronger).session()->proofs.level() == 2);
  f.now += std::chrono::seconds(30);
  const std::string again = f.step_up(stronger);
  CHECK(f.visitor(again).session()->proofs.to_names() == "password sms");
  CHECK(f.visitor(again).session()->proofs.level() == 2);
}
