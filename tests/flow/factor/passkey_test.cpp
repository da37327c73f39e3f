#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.hpp"
#include "flow/factor/enrol_passkey.hpp"
#include "flow/factor/own_factors.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/proof/passkey_proof.hpp"
#include "flow/proof/prove_again.hpp"
#include "soft_authenticator.hpp"
#include "store/factor/factors.hpp"

using namespace std::chrono_literals;
using crypto::CoseAlgorithm;
using testing::PersonFixture;
using testing::SoftAuthenticator;

namespace {

constexpr unsigned present = testing::flag_up;
constexpr unsigned verified = testing::flag_up | testing::flag_uv;

/// What a device and its browser say.
struct Given {
  unsigned flags = verified;
  std::string origin = "https://login.clinic.example";
  std::string type = "webauthn.get";
};

struct Desk : PersonFixture {
  Desk() {
    settings.site.issuer = "https://login.clinic.example";
    anna = add_person("anna", "anna@clinic.example");
    cookie = log_in("anna");
  }
  rights::Actor by() { return actor(cookie); }

  [[nodiscard]] std::string answer_to(const flow::PasskeyOffer& offer, const SoftAuthenticator& device,
                                      unsigned flags = verified,
                                      const std::string& origin = "https://login.clinic.example") const {
    return base::JsonObject()
        .text("ticket", offer.ticket.reveal())
        .text("user", base::to_base64url(offer.user_handle))
        .text("client_data", base::to_base64url(testing::client_data("webauthn.create", offer.challenge, origin)))
        .text("attestation", base::to_base64url(device.create(flags)))
        .text("transports", "internal hybrid nonsense")
        .finish();
  }
  /// nullopt = it was added.
  std::optional<base::Code> finish(const std::string& answer) {
    const auto done = flow::finish_passkey(*house, by(), base::Secret(answer), "Laptop", facts());
    return done ? std::nullopt : std::optional(done.error().code);
  }
  SoftAuthenticator add_passkey(CoseAlgorithm algorithm = CoseAlgorithm::es256, unsigned flags = verified) {
    SoftAuthenticator device(algorithm);
    const auto offer = flow::begin_passkey(*house, by(), facts());
    REQUIRE_MESSAGE(offer, base::describe(offer.error()));
    user_handle = offer->user_handle;
    REQUIRE_FALSE(finish(answer_to(*offer, device, flags)).has_value());
    return device;
  }

  [[nodiscard]] std::string answer_to(const flow::PasskeyRequest& request, const SoftAuthenticator& device,
                                      const Given& given, const base::Bytes& handle) const {
    const std::string client = testing::client_data(given.type, request.challenge, given.origin);
    const base::Bytes data = device.data(given.flags);
    return base::JsonObject()
        .text("ticket", request.ticket.reveal())
        .text("id", base::to_base64url(device.id))
        .text("client_data", base::to_base64url(client))
        .text("authenticator_data", base::to_base64url(data))
        .text("signature", base::to_base64url(device.assert_with(data, client)))
        .text("user_handle", base::to_base64url(handle))
        .finish();
  }
  flow::PasskeyRequest ask() { return flow::begin_passkey_proof(*house, anna, by().session().id, now).value(); }
  bool send(const std::string& answer) {
    const auto renewed = flow::prove_again(
        *house, by(), {rights::ProofMethod::passkey, base::Secret(answer), by().session().id}, facts());
    if (!renewed) {
      CHECK(renewed.error().code == base::Code::login_failed);
      return false;
    }
    cookie = renewed->reveal();
    return true;
  }
  bool prove(SoftAuthenticator& device, const Given& given = {}) {
    ++device.count;
    return send(answer_to(ask(), device, given, user_handle));
  }
  flow::OwnFactors own() { return flow::list_own_factors(*house, by()).value(); }
  std::string last_reason() { return events("proof").front().data; }

  base::Id anna;
  std::string cookie;
  base::Bytes user_handle;
};

bool says(const std::string& data, std::string_view text) {
  return data.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a passkey of each algorithm is added, is told to the person, and proves who one is") {
  for (const CoseAlgorithm algorithm : crypto::all_cose_algorithms) {
    CAPTURE(crypto::number_of(algorithm));
    Desk f;
    SoftAuthenticator device = f.add_passkey(algorithm);
    REQUIRE(f.own().passkeys.size() == 1);
    CHECK(f.own().passkeys.front().name == "Laptop");
    CHECK(f.messages().front().message == "factor_added");
    CHECK(says(f.events("account_change").front().data, R"("factor":"webauthn")"));
    const auto request = f.ask();
    REQUIRE(request.allowed.size() == 1);
    CHECK(request.allowed.front().id == device.id);
    CHECK(request.allowed.front().transports == "hybrid internal");
    f.now += 1min;
    CHECK(f.prove(device));
    CHECK(f.own().passkeys.front().last_used_at == f.now);
  }
}

TEST_CASE("the handle of the person is random, stays the same, and is not the account's id") {
  Desk f;
  f.add_passkey();
  const base::Bytes first = f.user_handle;
  CHECK(first.size() == 32);
  CHECK_FALSE(says(first, f.anna.bytes()));
  const auto second = flow::begin_passkey(*f.house, f.by(), f.facts()).value();
  CHECK(second.user_handle == first);
  CHECK(second.excluded.size() == 1);
}

TEST_CASE("a challenge counts once, for its session, for five minutes, and for nothing else") {
  Desk f;
  f.settings.lockout.throttle.free_failures = 100;
  SoftAuthenticator device = f.add_passkey();
  ++device.count;
  const auto request = f.ask();
  const std::string answer = f.answer_to(request, device, {}, f.user_handle);
  const std::string old = f.cookie;
  CHECK(f.send(answer));
  CHECK_FALSE(f.send(answer));  // the session has a new id, to which the challenge is not bound

  // The same challenge with a second, good signature in the same session.
  ++device.count;
  const auto once = f.ask();
  const auto spend = [&] {
    return f.store
        ->write(
            [&](store::Tx& tx) { return flow::spend_passkey_challenge(tx, f.account(f.anna), once.challenge, f.now); })
        .value();
  };
  CHECK(spend());
  CHECK_FALSE(spend());
  CHECK_FALSE(f.send(f.answer_to(once, device, {}, f.user_handle)));
  CHECK(says(f.last_reason(), "used_before"));

  const auto late = f.ask();
  ++device.count;
  f.now += 5min;
  CHECK_FALSE(f.send(f.answer_to(late, device, {}, f.user_handle)));
  const auto for_login = flow::begin_passkey_login(*f.house, f.by().session().id.bytes(), f.now);
  CHECK_FALSE(f.send(f.answer_to(for_login, device, {}, f.user_handle)));
  const auto of_other = flow::begin_passkey_proof(*f.house, f.anna, base::Id::make(f.now), f.now).value();
  CHECK_FALSE(f.send(f.answer_to(of_other, device, {}, f.user_handle)));
  CHECK(f.prove(device));
}

TEST_CASE("another origin, another site, another ceremony and a person who was not there are refused") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  CHECK_FALSE(f.prove(device, {verified, "https://login.clinic.example.attacker.example"}));
  CHECK_FALSE(f.prove(device, {verified, "http://login.clinic.example"}));
  CHECK_FALSE(f.prove(device, {verified, "https://login.clinic.example", "webauthn.create"}));
  CHECK_FALSE(f.prove(device, {testing::flag_uv}));
  device.rp_id = "clinic.example";
  CHECK_FALSE(f.prove(device));
  device.rp_id = "login.clinic.example";
  f.now += 10min;
  CHECK(f.prove(device));
}

TEST_CASE("the passkey of somebody else, and one that was removed, prove nothing") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  const base::Bytes handle = f.user_handle;
  f.add_person("jan", "jan@clinic.example");
  const std::string annas = f.cookie;
  f.cookie = f.log_in("jan");
  SoftAuthenticator jans = f.add_passkey();
  f.cookie = annas;
  f.user_handle = handle;
  CHECK_FALSE(f.prove(jans));
  CHECK(f.prove(device));
  REQUIRE(flow::remove_own_factor(*f.house, f.by(), f.own().passkeys.front().id, f.facts()));
  CHECK_FALSE(f.prove(device));
}

TEST_CASE("the answer of a device for another person is refused") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  f.user_handle = base::random_bytes(32);
  CHECK_FALSE(f.prove(device));
  f.user_handle.clear();  // a security key need not tell it
  CHECK(f.prove(device));
}

TEST_CASE("a counter that does not rise is refused and reported, and one that is always zero is not") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  CHECK(f.prove(device));
  device.count = 1;  // as registered: 2 was used
  CHECK_FALSE(f.prove(device));
  CHECK(says(f.last_reason(), "used_before"));
  const auto event = f.events("tampering").front();
  CHECK(says(event.data, "passkey_counter"));
  CHECK(event.outcome == "failure");
  device.count = 6;
  CHECK(f.prove(device));

  Desk g;
  SoftAuthenticator still(CoseAlgorithm::es256);
  still.count = 0;
  const auto offer = flow::begin_passkey(*g.house, g.by(), g.facts()).value();
  g.user_handle = offer.user_handle;
  REQUIRE_FALSE(g.finish(g.answer_to(offer, still)).has_value());
  for (int i = 0; i < 3; ++i) CHECK(g.send(g.answer_to(g.ask(), still, {}, g.user_handle)));
}

TEST_CASE("a key that begins to say that it can be copied is refused") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  CHECK_FALSE(f.prove(device, {verified | testing::flag_be}));
  SoftAuthenticator synced = f.add_passkey(CoseAlgorithm::es256, verified | testing::flag_be);
  const auto is_one_synced = [&] {
    const auto passkeys = f.own().passkeys;
    return std::any_of(passkeys.begin(), passkeys.end(), [](const auto& one) { return one.is_synced; });
  };
  CHECK_FALSE(is_one_synced());
  CHECK(f.prove(synced, {verified | testing::flag_be | testing::flag_bs}));
  CHECK(is_one_synced());
}

TEST_CASE("without the person verified it is a key that the person holds, and no more") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  CHECK(f.prove(device, {present}));
  CHECK(says(f.last_reason(), "security_key"));
  CHECK(f.prove(device, {verified}));
  CHECK(says(f.last_reason(), R"("method":"passkey")"));
}

TEST_CASE("a registration with another origin, an old or used challenge, or of another session is refused") {
  Desk f;
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const auto offer = flow::begin_passkey(*f.house, f.by(), f.facts()).value();
  CHECK(f.finish(f.answer_to(offer, device, verified, "https://attacker.example")) == base::Code::login_failed);
  CHECK(f.finish(f.answer_to(offer, device, 0)) == base::Code::login_failed);
  CHECK(f.finish("") == base::Code::login_failed);
  CHECK(f.finish("{}") == base::Code::expired);
  const std::string cookie = f.cookie;
  f.cookie = f.log_in("anna");
  CHECK(f.finish(f.answer_to(offer, device)) == base::Code::expired);
  f.cookie = cookie;
  auto other_person = offer;
  other_person.user_handle = base::random_bytes(32);
  CHECK(f.finish(f.answer_to(other_person, device)) == base::Code::expired);
  CHECK_FALSE(f.finish(f.answer_to(offer, device)).has_value());
  CHECK(f.finish(f.answer_to(offer, SoftAuthenticator(CoseAlgorithm::es256))) == base::Code::expired);
  const auto late = flow::begin_passkey(*f.house, f.by(), f.facts()).value();
  f.now += 5min;
  CHECK(f.finish(f.answer_to(late, SoftAuthenticator(CoseAlgorithm::es256))) == base::Code::expired);
  CHECK(f.own().passkeys.size() == 1);
}

TEST_CASE("a credential id belongs to one account, whoever comes second") {
  Desk f;
  const SoftAuthenticator device = f.add_passkey();
  f.add_person("jan", "jan@clinic.example");
  f.cookie = f.log_in("jan");
  const auto offer = flow::begin_passkey(*f.house, f.by(), f.facts()).value();
  CHECK(f.finish(f.answer_to(offer, device)) == base::Code::already_exists);
}

TEST_CASE("whoever cannot read an answer learns nothing from it") {
  Desk f;
  SoftAuthenticator device = f.add_passkey();
  for (const std::string& answer : {std::string(), std::string("{}"), std::string("[]"), std::string(50000, 'x'),
                                    std::string(R"({"ticket":1,"id":"!!","signature":null})")}) {
    CHECK_FALSE(f.send(answer));
    f.now += 10min;
  }
  CHECK(f.prove(device));
}
