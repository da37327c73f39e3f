#include "flow/grant/try_client.hpp"

#include <doctest/doctest.h>

#include "flow/house/site_settings.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/session/choose_context.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

struct Desk : OidcFixture {
  Desk() {
    add_account("ada.minster", password, {"super_administrator"}, "ada@clinic.example");
    cookie = log_in("ada.minster");
  }
  rights::Actor ada() { return *flow::find_visitor(*house, cookie, facts()).value().actor; }
  base::Result<flow::Trial> begin(const std::string& secret = "portal-secret", const std::string& client = "portal") {
    return flow::begin_trial(*house, ada(), client, base::Secret(secret), now);
  }
  /// The request that the trial sends the browser with.
  static flow::AuthorizationRequest request_of(const flow::Trial& trial) {
    const auto get = [&](const std::string& name) {
      const std::string begin = (name == "response_type" ? "?" : "&") + name + "=";
      const std::size_t at = trial.location.find(begin);
      REQUIRE(at != std::string::npos);
      const std::size_t from = at + begin.size();
      return base::percent_decode(trial.location.substr(from, trial.location.find('&', from) - from), true).value();
    };
    flow::AuthorizationRequest asked;
    asked.client_id = get("client_id");
    asked.redirect_uri = get("redirect_uri");
    asked.response_type = get("response_type");
    asked.scope = get("scope");
    asked.state = get("state");
    asked.nonce = get("nonce");
    asked.code_challenge = get("code_challenge");
    asked.code_challenge_method = get("code_challenge_method");
    return asked;
  }
  flow::TrialAnswer answer_to(const flow::Trial& trial) {
    const auto asked = request_of(trial);
    const auto outcome = authorize(asked, cookie);
    REQUIRE(std::holds_alternative<flow::CodeIssued>(outcome));
    return {asked.state, std::get<flow::CodeIssued>(outcome).code, trial.sealed};
  }
  base::Result<flow::TrialResult> finish(const flow::TrialAnswer& answer) {
    return flow::finish_trial(*house, ada(), answer, facts());
  }
  static std::string value_of(const flow::Members& members, std::string_view name) {
    for (const auto& [one, value] : members) {
      if (one == name) return value;
    }
    return {};
  }
  std::string cookie;
};

}  // namespace

TEST_CASE("an administrator sees what the application is told about him, and no token") {
  Desk f;
  const auto trial = f.begin();
  REQUIRE(trial);
  CHECK(trial->sealed.find("portal-secret") == std::string::npos);
  const auto result = f.finish(f.answer_to(*trial));
  REQUIRE_MESSAGE(result, base::describe(result.error()));
  CHECK_FALSE(result->refusal);
  CHECK(result->client_id == "portal");
  CHECK(result->scope == "openid profile email");
  CHECK(Desk::value_of(result->id_token.header, "alg") == "ES256");
  CHECK(Desk::value_of(result->id_token.claims, "aud") == "portal");
  CHECK(Desk::value_of(result->id_token.claims, "sub") == f.ada().account().id.to_string());
  CHECK(Desk::value_of(result->access_token.header, "typ") == "at+jwt");
  CHECK(Desk::value_of(result->userinfo, "email") == "ada@clinic.example");
  for (const auto& event : f.events("")) CHECK(event.data.find("eyJ") == std::string::npos);
}

TEST_CASE("a wrong secret is refused as the application would be, and a public client needs none") {
  Desk f;
  const auto refused = f.finish(f.answer_to(*f.begin("wrong")));
  REQUIRE(refused);
  CHECK(refused->refusal->error == flow::OAuthError::invalid_client);
  CHECK(refused->id_token.claims.empty());
  const auto result = f.finish(f.answer_to(*f.begin("", "spa")));
  REQUIRE(result);
  CHECK_FALSE(result->refusal);
}

TEST_CASE("a test login is finished only where it was begun, once, and within ten minutes") {
  Desk f;
  const auto trial = *f.begin();
  auto answer = f.answer_to(trial);
  auto other = answer;
  other.state = f.request_of(*f.begin()).state;
  CHECK(f.finish(other).error().code == base::Code::invalid_input);
  other = answer;
  other.sealed = "";
  CHECK_FALSE(f.finish(other));
  REQUIRE_FALSE(f.finish(answer)->refusal);
  CHECK(f.finish(answer)->refusal->error == flow::OAuthError::invalid_grant);
  answer = f.answer_to(*f.begin());
  f.now += 10min;
  CHECK(f.finish(answer).error().code == base::Code::expired);
}

TEST_CASE("who does not administer clients gets no code for the address of test logins, and begins none") {
  Desk f;
  const auto trial = *f.begin();
  const auto asked = Desk::request_of(trial);
  CHECK(f.refusal_of(asked, f.log_in()) == flow::OAuthError::access_denied);
  CHECK(f.events("code_issue").empty());
  const auto anna = *flow::find_visitor(*f.house, f.log_in(), f.facts()).value().actor;
  CHECK(flow::begin_trial(*f.house, anna, "portal", {}, f.now).error().code == base::Code::denied);
  const auto answer = f.answer_to(trial);
  CHECK(flow::finish_trial(*f.house, anna, answer, f.facts()).error().code == base::Code::denied);
  auto elsewhere = asked;
  elsewhere.redirect_uri += "/x";
  CHECK(std::holds_alternative<flow::PageRefusal>(f.authorize(elsewhere, f.cookie)));
}

TEST_CASE("a client that is disabled or logs nobody in cannot be tried") {
  Desk f;
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  CHECK(f.begin().error().code == base::Code::invalid_input);
  f.change_client("laboratory", [](rights::Client& client) { client.grants = {}; });
  CHECK(f.begin("x", "laboratory").error().code == base::Code::invalid_input);
  CHECK(f.begin("x", "nobody").error().code == base::Code::not_found);
}
