// Tokens by Cryptoki: SoftHSM as it is, and with faults that a test wants.
#include "token/token.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "places.hpp"
#include "softhsm.hpp"
#include "unit/token/faults.hpp"

using crypto::SoftKeyKind;
using testing::SoftHsm;
using token::PinState;
using token::Token;
using namespace std::chrono_literals;

namespace {

const base::Secret right(SoftHsm::pin);
const base::Secret wrong("999999");

crypto::SignatureAlgorithm standard_of(const token::Key& key) {
  return crypto::list_algorithms_of(key.public_key).front();
}

base::Result<base::Bytes> sign(Token& token, const token::Key& key, const base::Secret& pin,
                               const std::string& text = "a document") {
  auto values = token.sign(pin, {key.id, standard_of(key), {text}});
  if (!values) return base::fail(values.error().code, values.error().reason);
  REQUIRE(values->size() == 1);
  return values->front();
}

bool is_right(const token::Key& key, base::BytesView value, const std::string& text = "a document") {
  return crypto::verify_signature(key.public_key, standard_of(key), text, value, crypto::ValueForm::der);
}

struct OneToken : SoftHsm {
  OneToken() { add_token("HBA-anna"); }
  token::Key generate(SoftKeyKind kind) {
    auto key = token.generate(right, kind, "signature");
    REQUIRE_MESSAGE(key, base::describe(key.error()));
    return *key;
  }
  Token token{settings("HBA-anna")};
};

/// SoftHSM behind the module with faults.
struct FaultyToken : SoftHsm {
  FaultyToken() {
    add_token("HBA-anna");
    token::Settings wanted = settings("HBA-anna");
    wanted.module = testing::binary_folder + "/tests/libfaulty_token.so";
    void* const library = dlopen(wanted.module.c_str(), RTLD_NOW | RTLD_NODELETE);
    REQUIRE_MESSAGE(library != nullptr, dlerror());
    faults = static_cast<Faults*>(dlsym(library, faults_symbol));
    REQUIRE(faults != nullptr);
    faults->signs = 0;
    faults->of_login = CKR_OK;
    faults->flags = 0;
    faults->asks_each_time = false;
    faults->holds = false;
    faults->logins = 0;
    faults->context_logins = 0;
    faults->sessions = 0;
    token = std::make_unique<Token>(wanted);
    wish = wanted;
    const auto made = token->generate(right, SoftKeyKind::ec_p256, "signature");
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    key = *made;
  }
  Faults* faults = nullptr;
  token::Settings wish;
  std::unique_ptr<Token> token;
  token::Key key;
};

}  // namespace

TEST_CASE("a token that is there says who it is, and one that is not says so") {
  OneToken f;
  const auto seen = f.token.look();
  REQUIRE(seen);
  CHECK(seen->is_present);
  CHECK(seen->label == "HBA-anna");
  CHECK(seen->pin == PinState::fine);
  CHECK(seen->needs_pin);
  CHECK_FALSE(seen->serial.empty());
  token::Settings by_serial = f.settings("");
  by_serial.serial = seen->serial;
  CHECK(Token(by_serial).look()->label == "HBA-anna");
  const auto other = Token(f.settings("HBA-jan")).look();
  REQUIRE(other);
  CHECK_FALSE(other->is_present);
  CHECK_FALSE(other->failure.empty());
  token::Settings no_module = f.settings("HBA-anna");
  no_module.module = "/nowhere/libnothing.so";
  CHECK_FALSE(Token(no_module).look()->is_present);
  no_module.module = "/usr/lib/x86_64-linux-gnu/libz.so.1";
  CHECK_FALSE(Token(no_module).look()->is_present);
  CHECK(Token(no_module).sign(right, {}).error().code == base::Code::unavailable);
}

TEST_CASE("keys of each kind are made on the token and sign there by each of their algorithms") {
  OneToken f;
  for (const SoftKeyKind kind : {SoftKeyKind::ec_p256, SoftKeyKind::ec_p384, SoftKeyKind::ec_p521,
                                 SoftKeyKind::brainpool_p256, SoftKeyKind::brainpool_p384, SoftKeyKind::rsa_2048}) {
    CAPTURE(crypto::name_of(kind));
    const token::Key key = f.generate(kind);
    CHECK(crypto::find_soft_key_kind(key.public_key) == kind);
    for (const auto algorithm : crypto::list_algorithms_of(key.public_key)) {
      CAPTURE(name_of(algorithm));
      const auto values = f.token.sign(right, {key.id, algorithm, {"one", "two"}});
      REQUIRE_MESSAGE(values, base::describe(values.error()));
      REQUIRE(values->size() == 2);
      CHECK(crypto::verify_signature(key.public_key, algorithm, "one", (*values)[0], crypto::ValueForm::der));
      CHECK(crypto::verify_signature(key.public_key, algorithm, "two", (*values)[1], crypto::ValueForm::der));
    }
  }
}

TEST_CASE("a certificate is put beside its key, is replaced by the next one, and is listed with it") {
  OneToken f;
  const token::Key key = f.generate(SoftKeyKind::ec_p256);
  f.generate(SoftKeyKind::brainpool_p256);
  const auto authority = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  const auto issue = [&](const std::string& name) {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = base::parse_rfc3339("2026-01-01T00:00:00Z").value();
    wanted.not_after = base::parse_rfc3339("2027-01-01T00:00:00Z").value();
    wanted.key_uses = {crypto::KeyUse::sign_certificates};
    wanted.is_authority = true;
    const base::Bytes root = crypto::issue_root(wanted, authority).value();
    wanted.public_key = key.public_key;
    wanted.is_authority = false;
    wanted.key_uses = {crypto::KeyUse::digital_signature, crypto::KeyUse::non_repudiation};
    return crypto::issue(wanted, {root, authority}).value();
  };
  const base::Bytes first = issue("Anna");
  const base::Bytes second = issue("Anna Kowalska");
  REQUIRE(f.token.import_certificate(right, key.id, first));
  REQUIRE(f.token.import_certificate(right, key.id, second));
  const auto listed = f.token.list_keys(right);
  REQUIRE(listed);
  CHECK(listed->size() == 2);
  for (const token::Key& one : *listed) {
    CHECK(one.is_private_seen);
    CHECK(one.certificate == (one.id == key.id ? second : base::Bytes()));
  }
  // Nobody needs a PIN to see what is public.
  const auto seen = Token(f.settings("HBA-anna")).list_keys(base::Secret());
  REQUIRE(seen);
  CHECK(seen->size() == 2);
  CHECK(f.token.import_certificate(right, "no such id", first).error().code == base::Code::not_found);
  CHECK(f.token.import_certificate(right, key.id, "no certificate").error().code == base::Code::invalid_input);
}

TEST_CASE("a wrong PIN, none and another key are told apart, and the right PIN of the order before opens nothing") {
  OneToken f;
  const token::Key key = f.generate(SoftKeyKind::ec_p256);
  CHECK(f.token.is_unlocked_by(right));
  CHECK_FALSE(f.token.is_unlocked_by(wrong));
  CHECK(is_right(key, sign(f.token, key, right).value()));
  // The session is open now, for whoever has opened it.
  CHECK(sign(f.token, key, base::Secret()).error().code == base::Code::login_failed);
  CHECK(f.token.generate(base::Secret(), SoftKeyKind::ec_p256, "free").error().code == base::Code::login_failed);
  CHECK(f.token.import_certificate(base::Secret(), key.id, "x").error().code == base::Code::login_failed);
  CHECK(sign(f.token, key, wrong).error().code == base::Code::login_failed);
  CHECK_FALSE(f.token.is_unlocked_by(right));
  CHECK(sign(f.token, key, base::Secret()).error().code != base::Code::internal);
  CHECK_FALSE(sign(f.token, key, base::Secret()));
  CHECK(is_right(key, sign(f.token, key, right).value()));
  token::Key other = key;
  other.id = "no such id";
  CHECK(sign(f.token, other, right).error().code == base::Code::not_found);
  const crypto::SignatureAlgorithm of_rsa{crypto::SignatureScheme::rsa_pkcs1, crypto::DigestKind::sha256};
  CHECK(f.token.sign(right, {key.id, of_rsa, {"x"}}).error().code == base::Code::invalid_input);
  const crypto::SignatureAlgorithm weak{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha1};
  CHECK(f.token.sign(right, {key.id, weak, {"x"}}).error().code == base::Code::invalid_input);
}

TEST_CASE("the token is logged in once for a stack of orders with the same PIN, and logged out after its time") {
  FaultyToken f;
  f.faults->logins = 0;
  for (int i = 0; i < 20; ++i) REQUIRE(sign(*f.token, f.key, right));
  CHECK(f.faults->logins == 0);
  token::Settings short_login = f.wish;
  short_login.login_lasts = 0ms;
  // A login counts for the whole process.
  f.token.reset();
  Token other(short_login);
  REQUIRE(sign(other, f.key, right));
  REQUIRE(sign(other, f.key, right));
  CHECK(f.faults->logins == 2);
  CHECK_FALSE(other.is_unlocked_by(right));
}

TEST_CASE("a token that is removed in the middle is opened again for the order, and the loss is counted") {
  FaultyToken f;
  for (const CK_RV loss : {CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED}) {
    f.faults->of_sign = loss;
    f.faults->signs = 1;
    const int sessions = f.faults->sessions;
    const auto value = sign(*f.token, f.key, right);
    REQUIRE_MESSAGE(value, base::describe(value.error()));
    CHECK(is_right(f.key, *value));
    CHECK(f.faults->sessions == sessions + 1);
  }
  CHECK(f.token->look()->times_lost == 4);
  // Gone for good: the order is refused, the next one tries anew.
  f.faults->of_sign = CKR_DEVICE_REMOVED;
  f.faults->signs = 2;
  CHECK(sign(*f.token, f.key, right).error().code == base::Code::unavailable);
  CHECK(is_right(f.key, sign(*f.token, f.key, right).value()));
}

TEST_CASE("handles that are not valid any more are found again, and another failure is told and not repeated") {
  FaultyToken f;
  f.faults->of_sign = CKR_KEY_HANDLE_INVALID;
  f.faults->signs = 1;
  CHECK(is_right(f.key, sign(*f.token, f.key, right).value()));
  f.faults->of_sign = CKR_FUNCTION_FAILED;
  f.faults->signs = 1;
  const auto failed = sign(*f.token, f.key, right);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == base::Code::unavailable);
  CHECK(failed.error().reason.find("CKR_FUNCTION_FAILED") != std::string::npos);
  CHECK(f.faults->signs == 0);
}

TEST_CASE("the states of a PIN are shown, and a locked one is denied without being tried") {
  FaultyToken f;
  const auto shown = [&](CK_FLAGS flags) {
    f.faults->flags = flags;
    return f.token->look()->pin;
  };
  CHECK(shown(CKF_USER_PIN_COUNT_LOW) == PinState::low);
  CHECK(shown(CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW) == PinState::final_try);
  CHECK(shown(CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY) == PinState::locked);
  f.faults->logins = 0;
  Token other(f.wish);
  CHECK(sign(other, f.key, right).error().code == base::Code::denied);
  CHECK(f.faults->logins == 0);
  f.faults->flags = 0;
  f.faults->of_login = CKR_PIN_LOCKED;
  CHECK(sign(other, f.key, right).error().code == base::Code::denied);
  f.faults->of_login = CKR_PIN_INCORRECT;
  CHECK(sign(other, f.key, right).error().code == base::Code::login_failed);
  std::set<std::string_view> names;
  for (const PinState state : {PinState::fine, PinState::low, PinState::final_try, PinState::locked, PinState::not_set,
                               PinState::to_be_changed})
    names.insert(name_of(state));
  CHECK(names.size() == 6);
}

TEST_CASE("a key that asks each time gets the PIN for each signature") {
  FaultyToken f;
  f.faults->asks_each_time = true;
  Token other(f.wish);
  f.faults->context_logins = 0;
  REQUIRE(other.sign(right, {f.key.id, standard_of(f.key), {"one", "two", "three"}}));
  CHECK(f.faults->context_logins == 3);
  CHECK(other.list_keys(right)->front().asks_each_time);
}

TEST_CASE("a full queue refuses, an order that nobody waits for any more is not done, and the others come through") {
  FaultyToken f;
  f.token.reset();
  token::Settings narrow = f.wish;
  narrow.queue = 2;
  narrow.deadline = 500ms;
  Token token(narrow);
  f.faults->holds = true;
  std::vector<std::thread> threads;
  std::atomic<int> full{0};
  std::atomic<int> late{0};
  std::atomic<int> other{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto value = token.sign(right, {f.key.id, standard_of(f.key), {"x"}});
      const base::Code code = value ? base::Code::internal : value.error().code;
      ++(code == base::Code::too_many ? full : code == base::Code::unavailable ? late : other);
    });
  }
  for (std::thread& one : threads) one.join();
  // One is on the token, two wait; whether the first was taken before the others came is chance.
  CHECK(full >= 5);
  CHECK(late == 8 - full);
  CHECK(other == 0);
  f.faults->holds = false;
  // The thread is free again as soon as the token has answered.
  base::Result<base::Bytes> value = sign(token, f.key, right);
  while (!value) value = sign(token, f.key, right);
  CHECK(is_right(f.key, *value));
}

TEST_CASE("many threads sign on one token at once, each its own text") {
  OneToken f;
  const token::Key key = f.generate(SoftKeyKind::ec_p256);
  std::atomic<int> right_ones{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        const std::string text = std::to_string(i) + "/" + std::to_string(n);
        const auto values = f.token.sign(right, {key.id, standard_of(key), {text}});
        if (values && is_right(key, values->front(), text)) ++right_ones;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(right_ones == 80);
}

TEST_CASE("two tokens of one module are used side by side and found by their names") {
  SoftHsm hsm;
  hsm.add_token("HBA-anna");
  hsm.add_token("SMC-B-clinic", "654321");
  const token::Tokens tokens({hsm.settings("HBA-anna", "hba-anna"), hsm.settings("SMC-B-clinic", "smc-b")});
  CHECK(tokens.all().size() == 2);
  CHECK(tokens.find("other") == nullptr);
  Token* const clinic = tokens.find("smc-b");
  REQUIRE(clinic != nullptr);
  CHECK(clinic->generate(right, SoftKeyKind::ec_p256, "seal").error().code == base::Code::login_failed);
  const auto seal = clinic->generate(base::Secret("654321"), SoftKeyKind::ec_p256, "seal");
  REQUIRE_MESSAGE(seal, base::describe(seal.error()));
  CHECK(tokens.find("hba-anna")->list_keys(right)->empty());
  CHECK(clinic->list_keys(base::Secret("654321"))->size() == 1);
}
