// Tokens of this server: who makes them, what they say, and that nothing of them is kept.
#include "flow/registration/administer_tokens.hpp"

#include <doctest/doctest.h>

#include "flow/registration/registration_fixture.hpp"

using namespace std::chrono_literals;
using testing::RegistrationFixture;

namespace {

struct TokenFixture : RegistrationFixture {
  base::Code error_of(const flow::TokenWishes& wishes) {
    const auto made = flow::create_api_token(*house, operator_actor(), wishes, facts());
    REQUIRE_FALSE(made);
    return made.error().code;
  }
  flow::PresentedToken find(flow::TokenKind kind, const std::string& text) {
    return store->read([&](store::Tx& tx) { return flow::find_token(tx, kind, text, now); }).value();
  }
};

}  // namespace

TEST_CASE("a token has a prefix that scanners of secrets know and 43 characters, and the database has its hash alone") {
  TokenFixture f;
  const std::string initial = f.make_token();
  CHECK(initial.starts_with("chy_iat_"));
  CHECK(initial.size() == 8 + 43);
  const std::string personal = f.make_token(
      {.kind = flow::TokenKind::personal, .account = "anna.kowalska", .scopes = {"sign"}, .uses = std::nullopt});
  CHECK(personal.starts_with("chy_pat_"));
  CHECK(personal.size() == 8 + 43);
  CHECK(f.find(flow::TokenKind::initial, initial).reason.empty());
  CHECK(f.find(flow::TokenKind::personal, personal).reason.empty());
  CHECK(f.find(flow::TokenKind::personal, personal).token->account_id == f.anna);
  CHECK_FALSE(f.find(flow::TokenKind::initial, personal).reason.empty());
  std::string swapped = personal;
  swapped.replace(0, 8, "chy_iat_");
  CHECK(f.find(flow::TokenKind::initial, swapped).reason == "unknown_token");
  for (const auto& event : f.events()) CHECK(event.data.find(initial.substr(8)) == std::string::npos);
}

TEST_CASE("a token needs a name, an end within a year and a number of uses") {
  TokenFixture f;
  CHECK(f.error_of({.name = ""}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a\nb"}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = std::string(101, 'a')}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a", .uses = 0}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a", .uses = 10'001}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a", .lasts = 0s}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a", .lasts = 24h * 366}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a", .scopes = {"nonsense"}}) == base::Code::invalid_input);
  CHECK(f.error_of({.name = "a", .tenant = "nowhere"}) == base::Code::not_found);
  CHECK(f.error_of({.name = "a", .account = "anna.kowalska"}) == base::Code::invalid_input);
  CHECK(f.error_of({.kind = flow::TokenKind::personal, .name = "a"}) == base::Code::invalid_input);
  CHECK(f.error_of({.kind = flow::TokenKind::personal, .name = "a", .account = "nobody", .scopes = {"sign"}}) ==
        base::Code::not_found);
  CHECK(flow::list_api_tokens(*f.house, f.operator_actor(), "", f.now).value().empty());
}

TEST_CASE("only who may manage applications makes, sees and withdraws tokens") {
  TokenFixture f;
  const auto visitor = flow::find_visitor(*f.house, f.log_in(), f.facts()).value();
  const rights::Actor& anna = *visitor.actor;
  CHECK(flow::create_api_token(*f.house, anna, {.name = "mine"}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::list_api_tokens(*f.house, anna, "", f.now).error().code == base::Code::denied);
  (void)f.make_token();
  const std::string id = flow::list_api_tokens(*f.house, f.operator_actor(), "", f.now).value().front().id.to_string();
  CHECK(flow::revoke_api_token(*f.house, anna, id, f.facts()).error().code == base::Code::denied);
}

TEST_CASE("a token is withdrawn once, with an event that names it") {
  TokenFixture f;
  const std::string token = f.make_token({.name = "portal"});
  const std::string id = flow::list_api_tokens(*f.house, f.operator_actor(), "", f.now).value().front().id.to_string();
  const auto revoke = [&](const std::string& which) {
    return flow::revoke_api_token(*f.house, f.operator_actor(), which, f.facts());
  };
  CHECK(revoke(id).value());
  CHECK_FALSE(revoke(id).value());
  CHECK(revoke("x").error().code == base::Code::not_found);
  CHECK(revoke(base::Id::make(f.now).to_string()).error().code == base::Code::not_found);
  CHECK(f.find(flow::TokenKind::initial, token).reason == "token_revoked");
  const auto events = f.events("api_token_change");
  REQUIRE(events.size() == 2);
  CHECK(events[0].data.find("withdrawn") != std::string::npos);
  CHECK(events[0].data.find(id) != std::string::npos);
  CHECK(events[1].data.find("portal") != std::string::npos);
}
