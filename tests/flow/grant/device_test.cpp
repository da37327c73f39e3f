// The device flow: begin, the person's decision, the questions of the device.
#include "flow/grant/device.hpp"

#include <doctest/doctest.h>

#include <set>

#include "flow/account/delete_account.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/admin/give_app.hpp"
#include "flow/oauth/consent.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/session/logout.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
using testing::OidcFixture;

namespace {

constexpr const char* device_grant = "urn:ietf:params:oauth:grant-type:device_code";

struct DeviceFixture : OidcFixture {
  DeviceFixture() {
    rights::Client client = rights::draft_client(rights::ClientKind::native);
    client.client_id = "television";
    client.name = "Television";
    client.grants = {device_grant, "refresh_token"};
    client.scopes = {"openid", "profile", "offline_access"};
    add_client(client, "");
  }

  [[nodiscard]] static flow::ClientCredentials television() { return {flow::ClientMethod::none, "television", {}}; }
  flow::DeviceBegun begin(const std::string& scope = "openid profile", const std::string& client = "television") {
    auto begun = flow::begin_device(*house, {{flow::ClientMethod::none, client, {}}, scope, {}}, facts());
    REQUIRE_MESSAGE(begun, base::describe(begun.error()));
    return *begun;
  }
  rights::Actor person(const std::string& login = "anna.kowalska") {
    const auto visitor = flow::find_visitor(*house, log_in(login), facts());
    REQUIRE(visitor);
    REQUIRE(visitor->actor);
    return *visitor->actor;
  }
  audit::Code decide(const rights::Actor& actor, const std::string& user_code, bool is_allowed = true) {
    const auto refusal = flow::decide_device(*house, actor, user_code, is_allowed, facts());
    REQUIRE_MESSAGE(refusal, base::describe(refusal.error()));
    return *refusal;
  }
  flow::Redeemed ask(const std::string& device_code, const std::string& client = "television") {
    auto done = flow::redeem_device_code(*house, {{flow::ClientMethod::none, client, {}}, device_code}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  std::optional<OAuthError> refusal_of(const std::string& device_code, const std::string& client = "television") {
    const auto done = ask(device_code, client);
    return done.refusal ? std::optional(done.refusal->error) : std::nullopt;
  }
  base::Code question_error(const rights::Actor& actor, const std::string& user_code) {
    const auto asked = flow::find_device_question(*house, actor, user_code, facts());
    REQUIRE_FALSE(asked);
    return asked.error().code;
  }
};

}  // namespace

TEST_CASE("a device gets its tokens after a person has typed its code and allowed the access") {
  DeviceFixture f;
  const auto begun = f.begin();
  REQUIRE_FALSE(begun.refusal);
  CHECK(begun.expires_in == 600);
  CHECK(begun.interval == 5);
  CHECK(f.refusal_of(begun.device_code) == OAuthError::authorization_pending);
  const rights::Actor anna = f.person();
  const auto asked = flow::find_device_question(*f.house, anna, begun.user_code, f.facts());
  REQUIRE(asked);
  CHECK(asked->client.client_id == "television");
  CHECK(asked->scope == "openid profile");
  CHECK(asked->items.size() == 2);
  CHECK(f.decide(anna, begun.user_code).empty());
  f.now += 6s;
  const auto done = f.ask(begun.device_code);
  REQUIRE_FALSE(done.refusal);
  CHECK_FALSE(done.tokens.access_token.empty());
  CHECK_FALSE(done.tokens.id_token.empty());
  CHECK_FALSE(done.tokens.refresh_token.empty());
  CHECK(done.tokens.scope == "openid profile");
  CHECK(f.events("device_decision").size() == 1);
  CHECK(f.events("token_issue").size() == 1);
}

TEST_CASE("a user code has eight letters without vowels and is read however a person types it") {
  DeviceFixture f;
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    const std::string code = f.begin().user_code;
    REQUIRE(code.size() == 9);
    CHECK(code[4] == '-');
    CHECK(code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ-") == std::string::npos);
    CHECK(seen.insert(code).second);
  }
  CHECK(flow::canonical_user_code(" bcdf ghjk ") == "BCDFGHJK");
  CHECK(flow::canonical_user_code("BCDF-GHJK") == "BCDFGHJK");
  for (const char* bad : {"", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCD1-GHJK", "BCDFGHJO"}) {
    CHECK(flow::canonical_user_code(bad).empty());
  }
}

TEST_CASE("a device that asks too soon must wait longer, and one that waits is told to go on") {
  DeviceFixture f;
  const auto begun = f.begin();
  CHECK(f.refusal_of(begun.device_code) == OAuthError::authorization_pending);
  f.now += 3s;
  CHECK(f.refusal_of(begun.device_code) == OAuthError::slow_down);  // from now on ten seconds
  f.now += 6s;
  CHECK(f.refusal_of(begun.device_code) == OAuthError::slow_down);  // fifteen
  f.now += 16s;
  CHECK(f.refusal_of(begun.device_code) == OAuthError::authorization_pending);
}

TEST_CASE("a device that asks too soon gets nothing even if the access was allowed meanwhile") {
  DeviceFixture f;
  const auto begun = f.begin();
  CHECK(f.refusal_of(begun.device_code) == OAuthError::authorization_pending);
  f.decide(f.person(), begun.user_code);
  f.now += 1s;
  CHECK(f.refusal_of(begun.device_code) == OAuthError::slow_down);
  f.now += 11s;
  CHECK_FALSE(f.refusal_of(begun.device_code));
}

TEST_CASE("a denial reaches the device, and the code is worth nothing any more") {
  DeviceFixture f;
  const auto begun = f.begin();
  const rights::Actor anna = f.person();
  CHECK(f.decide(anna, begun.user_code, false).empty());
  CHECK(f.refusal_of(begun.device_code) == OAuthError::access_denied);
  CHECK(f.question_error(anna, begun.user_code) == base::Code::not_found);
  const auto again = flow::decide_device(*f.house, anna, begun.user_code, true, f.facts());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == base::Code::not_found);
  CHECK(f.refusal_of(begun.device_code) == OAuthError::access_denied);
}

TEST_CASE("after ten minutes neither the device nor a person can use the codes") {
  DeviceFixture f;
  const auto waiting = f.begin();
  const auto allowed = f.begin();
  f.decide(f.person(), allowed.user_code);
  f.now += 10min;
  CHECK(f.refusal_of(waiting.device_code) == OAuthError::expired_token);
  CHECK(f.refusal_of(allowed.device_code) == OAuthError::expired_token);
  CHECK(f.question_error(f.person(), waiting.user_code) == base::Code::not_found);
}

TEST_CASE("a device code counts once, and when it comes again all that was issued for it ends") {
  DeviceFixture f;
  const auto begun = f.begin();
  f.decide(f.person(), begun.user_code);
  const auto first = f.ask(begun.device_code);
  REQUIRE_FALSE(first.refusal);
  f.now += 6s;
  CHECK(f.refusal_of(begun.device_code) == OAuthError::invalid_grant);
  CHECK(f.events("code_replay").size() == 1);
  CHECK(f.refusal_of(begun.device_code) == OAuthError::invalid_grant);
  CHECK(f.events("code_replay").size() == 1);
}

TEST_CASE("a device code is worth nothing to another client, altered, or as an authorization code") {
  DeviceFixture f;
  rights::Client other = f.find_client("television");
  other.client_id = "radio";
  f.add_client(other, "");
  const auto begun = f.begin();
  f.decide(f.person(), begun.user_code);
  CHECK(f.refusal_of(begun.device_code, "radio") == OAuthError::invalid_grant);
  std::string altered = begun.device_code;
  altered[40] = altered[40] == 'A' ? 'B' : 'A';
  CHECK(f.refusal_of(altered) == OAuthError::invalid_grant);
  for (const char* bad : {"x", "", "AAAA"}) CHECK(f.refusal_of(bad) == OAuthError::invalid_grant);
  flow::CodeRedemption wished = OidcFixture::redemption(begun.device_code);
  CHECK(f.error_of(wished) == OAuthError::invalid_grant);
  CHECK_FALSE(f.refusal_of(begun.device_code));
}

TEST_CASE("only a client that is registered for device codes can begin, for scopes that it has") {
  DeviceFixture f;
  const auto begin = [&](flow::ClientCredentials client, const std::string& scope) {
    return flow::begin_device(*f.house, {std::move(client), scope, {}}, f.facts()).value();
  };
  CHECK(begin({flow::ClientMethod::none, "spa", {}}, "openid").refusal->error == OAuthError::unauthorized_client);
  CHECK(begin({flow::ClientMethod::none, "nobody", {}}, "openid").refusal->error == OAuthError::invalid_client);
  CHECK(begin({flow::ClientMethod::basic, "portal", base::Secret("wrong")}, "openid").refusal->error ==
        OAuthError::invalid_client);
  CHECK(begin(DeviceFixture::television(), "email results").refusal->error == OAuthError::invalid_scope);
  CHECK_FALSE(begin(DeviceFixture::television(), "").refusal);
  f.change_client("television", [](rights::Client& client) { client.enabled = false; });
  CHECK(begin(DeviceFixture::television(), "openid").refusal->error == OAuthError::invalid_client);
}

TEST_CASE(
    "between the permission and the tokens nothing is issued to who is suspended, logged out, or to a disabled "
    "client") {
  DeviceFixture f;
  const auto allowed = [&] {
    const auto begun = f.begin();
    f.decide(f.person(), begun.user_code);
    return begun.device_code;
  };
  SUBCASE("suspended") {
    const std::string code = allowed();
    REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "anna.kowalska", f.facts()));
    CHECK(f.refusal_of(code) == OAuthError::invalid_grant);
  }
  SUBCASE("logged out") {
    const auto begun = f.begin();
    const std::string cookie = f.log_in();
    const auto visitor = flow::find_visitor(*f.house, cookie, f.facts()).value();
    f.decide(*visitor.actor, begun.user_code);
    REQUIRE(flow::logout(*f.house, visitor, audit::why::logout, f.facts()));
    CHECK(f.refusal_of(begun.device_code) == OAuthError::invalid_grant);
  }
  SUBCASE("deleted") {
    const std::string code = allowed();
    REQUIRE(flow::delete_account(*f.house, f.operator_actor(), "anna.kowalska", f.facts()));
    CHECK(f.refusal_of(code) == OAuthError::invalid_grant);
  }
  SUBCASE("locked") {
    const std::string code = allowed();
    REQUIRE(f.store->write([&](store::Tx& tx) {
      return store::set_failures(tx, f.anna, {.failures = 5, .locked_until = f.now + 15min, .newly_locked = true});
    }));
    CHECK(f.refusal_of(code) == OAuthError::invalid_grant);
  }
  SUBCASE("the context was taken away") {
    const auto begun = f.begin();
    const rights::Actor anna = f.person();
    f.decide(anna, begun.user_code);
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::take_context(tx, f.anna, anna.context().id, f.now); }));
    CHECK(f.refusal_of(begun.device_code) == OAuthError::invalid_grant);
  }
  SUBCASE("the password was changed elsewhere") {
    const std::string code = allowed();
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::raise_security_stamp(tx, f.anna); }));
    CHECK(f.refusal_of(code) == OAuthError::invalid_grant);
  }
  SUBCASE("client disabled") {
    const std::string code = allowed();
    f.change_client("television", [](rights::Client& client) { client.enabled = false; });
    CHECK(f.refusal_of(code) == OAuthError::invalid_client);
  }
  SUBCASE("consent withdrawn") {
    const auto begun = f.begin();
    const rights::Actor anna = f.person();
    f.decide(anna, begun.user_code);
    REQUIRE(flow::withdraw_consent(*f.house, anna, f.find_client("television").id, f.facts()));
    CHECK(f.refusal_of(begun.device_code) == OAuthError::invalid_grant);
  }
}

TEST_CASE("offline access outlives the session in which the person allowed it") {
  DeviceFixture f;
  const auto begun = f.begin("openid offline_access");
  const std::string cookie = f.log_in();
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts()).value();
  f.decide(*visitor.actor, begun.user_code);
  REQUIRE(flow::logout(*f.house, visitor, audit::why::logout, f.facts()));
  const auto done = f.ask(begun.device_code);
  REQUIRE_FALSE(done.refusal);
  CHECK_FALSE(done.tokens.refresh_token.empty());
}

TEST_CASE("a login that is too weak for the application grants no device") {
  DeviceFixture f;
  f.change_client("television", [](rights::Client& client) { client.level = 2; });
  const auto begun = f.begin();
  const rights::Actor anna = f.person();
  const auto missing_level = [&] {
    return flow::find_device_question(*f.house, anna, begun.user_code, f.facts()).value().missing_level;
  };
  CHECK(missing_level() == 0);  // nothing that she has reaches it
  const base::Secret kept("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
  REQUIRE(flow::give_app(*f.house, f.operator_actor(), {"anna.kowalska", kept}, f.facts()));
  CHECK(missing_level() == 2);
  f.change_client("television", [](rights::Client& client) { client.level = 3; });
  CHECK(missing_level() == 0);
  CHECK(f.decide(anna, begun.user_code) == audit::Code("level_too_low"));
  f.now += 6s;
  CHECK(f.refusal_of(begun.device_code) == OAuthError::authorization_pending);
  CHECK(f.events("device_decision").empty());
}

TEST_CASE("codes cannot be guessed: a session has twenty tries in ten minutes, whatever they hit") {
  DeviceFixture f;
  const auto begun = f.begin();
  const rights::Actor anna = f.person();
  for (int i = 0; i < 20; ++i) CHECK(f.question_error(anna, "BCDF-GHJK") == base::Code::not_found);
  CHECK(f.question_error(anna, begun.user_code) == base::Code::too_many);
  const auto decided = flow::decide_device(*f.house, anna, begun.user_code, true, f.facts());
  REQUIRE_FALSE(decided);
  CHECK(decided.error().code == base::Code::too_many);
  f.now += 10min + 1s;
  CHECK(f.question_error(anna, begun.user_code) == base::Code::not_found);  // over by now
}

TEST_CASE("guesses of many sessions bar their network") {
  DeviceFixture f;
  std::vector<rights::Actor> sessions;
  for (int i = 0; i < 8; ++i) sessions.push_back(f.person());
  bool is_barred = false;
  for (const rights::Actor& anna : sessions) {
    for (int i = 0; i < 19 && !is_barred; ++i) {
      is_barred = f.question_error(anna, "BCDF-GHJK") == base::Code::too_many;
    }
  }
  CHECK(is_barred);
}
