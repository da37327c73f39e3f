// Credentials whose keys are on a token of SoftHSM.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "flow/signing/credential_fixture.hpp"
#include "softhsm.hpp"

using testing::CredentialFixture;
using namespace std::chrono_literals;

namespace {

struct TokenFixture : testing::SoftHsm, CredentialFixture {
  TokenFixture() {
    add_token("HBA-anna");
    tokens = std::make_unique<token::Tokens>(std::vector{settings("HBA-anna", "hba")});
    house->tokens = tokens.get();
  }
  using CredentialFixture::pin;

  [[nodiscard]] static flow::CredentialWish wish_on_token(const std::string& token_pin = SoftHsm::pin) {
    flow::CredentialWish wish = wish_for("anna");
    wish.pin = {};
    wish.token = "hba";
    wish.token_pin = base::Secret(token_pin);
    wish.kind = crypto::SoftKeyKind::brainpool_p256;
    return wish;
  }
  using SoftHsm::settings;
  std::unique_ptr<token::Tokens> tokens;
};

}  // namespace

TEST_CASE("a key is made on the token, certified by the own authority, and signs there with the token's PIN") {
  TokenFixture f;
  const auto credential = f.make(f.wish_on_token());
  CHECK(credential.backend == "token");
  CHECK(credential.token == "hba");
  CHECK_FALSE(credential.has_pin);
  const auto on_token = flow::list_token_keys(*f.house, f.by, "hba", base::Secret(testing::SoftHsm::pin));
  REQUIRE(on_token);
  REQUIRE(on_token->size() == 1);
  CHECK(on_token->front().certificate == credential.certificate);
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const flow::KeyUse use = f.use_of(credential, testing::SoftHsm::pin);
  const auto values = f.sign(anna, use);
  REQUIRE_MESSAGE(values, base::describe(values.error()));
  CHECK(crypto::verify_signature(credential.spki, use.algorithm, "to be signed", values->front(),
                                 crypto::ValueForm::der));
  CHECK(f.events("key_use").front().data.find(R"("backend":"token")") != std::string::npos);
  CHECK(f.find(credential.id).uses == 1);
}

TEST_CASE("wrong PINs of a token that counts nothing are counted and braked here") {
  TokenFixture f;
  const auto credential = f.make(f.wish_on_token());
  const rights::Actor anna = f.actor(f.log_in("anna"));
  for (int i = 1; i <= 3; ++i) {
    CHECK(f.refusal(anna, f.use_of(credential, "000000")) == base::Code::login_failed);
    CHECK(f.find(credential.id).wrong_pins == i);
  }
  CHECK(f.refusal(anna, f.use_of(credential, testing::SoftHsm::pin)) == base::Code::too_many);
  f.now += 61s;
  CHECK(f.sign(anna, f.use_of(credential, testing::SoftHsm::pin)));
  CHECK(f.find(credential.id).wrong_pins == 0);
  CHECK(flow::create_credential(*f.house, f.by, f.wish_on_token("999999"), f.facts()).error().code ==
        base::Code::login_failed);
}

TEST_CASE("the PIN that has unlocked a token waits with the wrong ones, so that no guess is free") {
  TokenFixture f;
  const auto credential = f.make(f.wish_on_token());
  const rights::Actor anna = f.actor(f.log_in("anna"));
  REQUIRE(f.sign(anna, f.use_of(credential, testing::SoftHsm::pin)));
  for (int i = 1; i <= 3; ++i) CHECK(f.refusal(anna, f.use_of(credential, "000000")) == base::Code::login_failed);
  CHECK(f.refusal(anna, f.use_of(credential, "111111")) == base::Code::too_many);
  CHECK(f.refusal(anna, f.use_of(credential, testing::SoftHsm::pin)) == base::Code::too_many);
  CHECK(f.find(credential.id).uses == 1);
}

TEST_CASE("a token that is not there, or not in this configuration, counts no use and no wrong PIN") {
  TokenFixture f;
  const auto credential = f.make(f.wish_on_token());
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const flow::KeyUse use = f.use_of(credential, testing::SoftHsm::pin);
  f.house->tokens = nullptr;
  CHECK(f.refusal(anna, use) == base::Code::unavailable);
  token::Tokens others({f.settings("HBA-jan", "hba")});
  f.house->tokens = &others;
  CHECK(f.refusal(anna, use) == base::Code::unavailable);
  CHECK(f.last_reason().find("token_unavailable") != std::string::npos);
  CHECK(f.find(credential.id).uses == 0);
  CHECK(f.find(credential.id).wrong_pins == 0);
  f.house->tokens = f.tokens.get();
  CHECK(f.sign(anna, use));
}

TEST_CASE("many parallel uses of one key are each counted once and each right") {
  TokenFixture f;
  const auto credential = f.make(f.wish_on_token());
  const rights::Actor anna = f.actor(f.log_in("anna"));
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n) {
        flow::KeyUse use = f.use_of(credential, testing::SoftHsm::pin);
        use.orders.front().to_be_signed = std::to_string(i) + "/" + std::to_string(n);
        const auto values = f.sign(anna, use);
        if (values && crypto::verify_signature(credential.spki, use.algorithm, use.orders.front().to_be_signed,
                                               values->front(), crypto::ValueForm::der))
          ++right;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(right == 40);
  CHECK(f.find(credential.id).uses == 40);
  CHECK(f.events("key_use").size() == 40);
}

TEST_CASE("a key that lies on a token with its certificate is taken over, and only by who may manage credentials") {
  TokenFixture f;
  const auto made = f.make(f.wish_on_token());
  REQUIRE(flow::delete_credential(*f.house, f.by, made.id, f.facts()));
  auto wish = f.wish_on_token();
  wish.is_issued = false;
  const auto taken = flow::take_from_token(*f.house, f.by, wish, "", f.facts());
  REQUIRE_MESSAGE(taken, base::describe(taken.error()));
  CHECK(taken->sha256 == made.sha256);
  CHECK(taken->status == "active");
  CHECK(flow::take_from_token(*f.house, f.by, wish, "", f.facts()).error().code == base::Code::already_exists);
  CHECK(flow::take_from_token(*f.house, f.by, wish, "no such id", f.facts()).error().code == base::Code::not_found);
  wish.token = "none";
  CHECK(flow::take_from_token(*f.house, f.by, wish, "", f.facts()).error().code == base::Code::not_found);
  const rights::Actor anna = f.actor(f.log_in("anna"));
  auto own = f.wish_on_token();
  own.owner.account.clear();
  own.owner.is_seal = false;
  CHECK(flow::take_from_token(*f.house, anna, own, "", f.facts()).error().code == base::Code::denied);
  CHECK(flow::list_token_keys(*f.house, anna, "hba", {}).error().code == base::Code::denied);
  const auto shown = flow::look_at_tokens(*f.house, f.by);
  REQUIRE(shown);
  CHECK(shown->front().state.label == "HBA-anna");
}

TEST_CASE("a request for a key on a token is signed there, and a renewal puts the new certificate beside the key") {
  TokenFixture f;
  const auto credential = f.make(f.wish_on_token());
  const auto request =
      flow::request_certificate(*f.house, f.by, credential.id, {{}, base::Secret(testing::SoftHsm::pin)}, f.facts());
  REQUIRE_MESSAGE(request, base::describe(request.error()));
  CHECK(
      flow::request_certificate(*f.house, f.by, credential.id, {{}, base::Secret("999999")}, f.facts()).error().code ==
      base::Code::login_failed);
  const auto renewed =
      flow::renew_credential(*f.house, f.by, credential.id, base::Secret(testing::SoftHsm::pin), f.facts());
  REQUIRE_MESSAGE(renewed, base::describe(renewed.error()));
  CHECK(renewed->spki == credential.spki);
  CHECK(renewed->sha256 != credential.sha256);
  const auto keys = flow::list_token_keys(*f.house, f.by, "hba", base::Secret(testing::SoftHsm::pin));
  REQUIRE(keys->size() == 1);
  CHECK(keys->front().certificate == renewed->certificate);
}
