#include "flow/login/login_passkey.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "flow/factor/enrol_passkey.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "soft_authenticator.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;
using testing::SoftAuthenticator;

namespace {

constexpr const char* origin = "https://login.clinic.example";
constexpr unsigned present = testing::flag_up;
constexpr unsigned verified = testing::flag_up | testing::flag_uv;

/// What a device and its browser say.
struct Given {
  unsigned flags = verified;
  std::string from = origin;
  bool names_person = true;
};

struct Door : PersonFixture {
  Door() {
    settings.site.issuer = origin;
    anna = add_person("anna", "anna@clinic.example");
    const rights::Actor by = actor(log_in("anna"));
    const auto offer = flow::begin_passkey(*house, by, facts()).value();
    user_handle = offer.user_handle;
    const std::string answer =
        base::JsonObject()
            .text("ticket", offer.ticket.reveal())
            .text("user", base::to_base64url(user_handle))
            .text("client_data", base::to_base64url(testing::client_data("webauthn.create", offer.challenge, origin)))
            .text("attestation", base::to_base64url(device.create()))
            .finish();
    REQUIRE(flow::finish_passkey(*house, by, base::Secret(answer), "", facts()));
  }
  [[nodiscard]] flow::PasskeyRequest ask(const std::string& attempt = "attempt") const {
    return flow::begin_passkey_login(*house, attempt, now);
  }
  std::string answer_to(const flow::PasskeyRequest& request, const Given& given = {}) {
    ++device.count;
    const std::string client = testing::client_data("webauthn.get", request.challenge, given.from);
    const base::Bytes data = device.data(given.flags);
    return base::JsonObject()
        .text("ticket", request.ticket.reveal())
        .text("id", base::to_base64url(device.id))
        .text("client_data", base::to_base64url(client))
        .text("authenticator_data", base::to_base64url(data))
        .text("signature", base::to_base64url(device.assert_with(data, client)))
        .text("user_handle", given.names_person ? base::to_base64url(user_handle) : std::string())
        .finish();
  }
  base::Result<flow::LoginDone> send(const std::string& answer, const std::string& attempt = "attempt") {
    const base::Secret kept(answer);
    return flow::login_passkey(*house, {kept, attempt}, facts());
  }
  /// nullopt = logged in.
  std::optional<base::Code> try_it(const std::string& answer, const std::string& attempt = "attempt") {
    const auto done = send(answer, attempt);
    return done ? std::nullopt : std::optional(done.error().code);
  }

  SoftAuthenticator device{crypto::CoseAlgorithm::es256};
  base::Bytes user_handle;
  base::Id anna;
};

}  // namespace

TEST_CASE("a passkey logs its owner in without a name and a password, phishing-resistant") {
  Door f;
  const auto done = f.send(f.answer_to(f.ask()));
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  const rights::Actor by = f.actor(std::string(done->session_cookie.reveal()));
  CHECK(by.account().id == f.anna);
  CHECK(by.session().proofs.level() == 3);
  CHECK(f.events("login").front().data.find(R"("method":"passkey")") != std::string::npos);
}

TEST_CASE("whatever is wrong with a login by passkey, the answer is the same") {
  Door f;
  const auto failed = base::Code::login_failed;
  CHECK(f.try_it(f.answer_to(f.ask(), {present})) == failed);
  CHECK(f.try_it(f.answer_to(f.ask(), {verified, "https://login.clinic.example.attacker.example"})) == failed);
  CHECK(f.try_it(f.answer_to(f.ask(), {verified, origin, false})) == failed);
  CHECK(f.try_it(f.answer_to(f.ask("other attempt"))) == failed);
  CHECK(f.try_it("") == failed);
  f.now += 1h;
  const std::string once = f.answer_to(f.ask());
  CHECK_FALSE(f.try_it(once).has_value());
  CHECK(f.try_it(once) == failed);
  CHECK(f.try_it(once, "other attempt") == failed);
  const auto late = f.ask();
  f.now += 5min;
  CHECK(f.try_it(f.answer_to(late)) == failed);
  SoftAuthenticator stranger(crypto::CoseAlgorithm::es256);
  std::swap(f.device, stranger);
  CHECK(f.try_it(f.answer_to(f.ask())) == failed);
}

TEST_CASE("a suspended account is not opened by its passkey") {
  Door f;
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return store::set_account_status(tx, f.anna, identity::AccountStatus::suspended_admin, f.now, std::nullopt);
  }));
  CHECK(f.try_it(f.answer_to(f.ask())) == base::Code::login_failed);
  CHECK(f.events("login").front().data.find("suspended") != std::string::npos);
}

TEST_CASE("a challenge of a login proves nothing in a session, and the other way round") {
  Door f;
  const auto of_session = flow::begin_passkey_proof(*f.house, f.anna, base::Id::make(f.now), f.now).value();
  CHECK(f.try_it(f.answer_to(of_session)) == base::Code::login_failed);
}
