#include "flow/signing/use_credential.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "flow/account/change_contexts.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/setup/settings.hpp"
#include "flow/signing/credential_fixture.hpp"
#include "flow/signing/key_user.hpp"
#include "flow/signing/soft_keys.hpp"
#include "store/account/contexts.hpp"
#include "store/oauth/clients.hpp"

using flow::Activation;
using testing::CredentialFixture;
using namespace std::chrono_literals;

TEST_CASE("a person signs with the own credential and its PIN, and the use is counted and recorded with the hash") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  const flow::KeyUse use = f.use_of(credential);
  const auto values = f.sign(actor, use);
  REQUIRE_MESSAGE(values, base::describe(values.error()));
  REQUIRE(values->size() == 1);
  CHECK(crypto::verify_signature(credential.spki, use.algorithm, "to be signed", values->front(),
                                 crypto::ValueForm::der));
  CHECK(f.find(credential.id).uses == 1);
  CHECK(f.find(credential.id).last_used_at == f.now);
  const auto events = f.events("key_use");
  REQUIRE(events.size() == 1);
  CHECK(events[0].actor == f.anna);
  CHECK(events[0].subject == f.anna);
  CHECK(events[0].data.find(credential.id.to_string()) != std::string::npos);
  CHECK(events[0].data.find(R"("document":")" + std::string(64, 'a')) != std::string::npos);
  CHECK(events[0].data.find("ecdsa-sha256") != std::string::npos);
  CHECK(events[0].data.find("to be signed") == std::string::npos);
}

TEST_CASE("a stack of documents is one use of each, in the order given, with the PIN given once") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  flow::KeyUse use = f.use_of(credential);
  use.orders.clear();
  for (int i = 0; i < 20; ++i) use.orders.push_back({"text " + std::to_string(i), std::string(64, 'b')});
  std::vector<base::Bytes> stored;
  use.also = [&](store::Tx&, const std::vector<base::Bytes>& values) -> base::Result<void> {
    stored = values;
    return {};
  };
  const auto values = f.sign(actor, use);
  REQUIRE(values);
  CHECK(stored == *values);
  for (std::size_t i = 0; i < values->size(); ++i) {
    CHECK(crypto::verify_signature(credential.spki, use.algorithm, use.orders[i].to_be_signed, (*values)[i],
                                   crypto::ValueForm::der));
  }
  CHECK(f.find(credential.id).uses == 20);
  CHECK(f.events("key_use").size() == 20);
  use.orders.clear();
  CHECK(f.refusal(actor, use) == base::Code::invalid_input);
  use.orders.resize(flow::most_orders + 1);
  CHECK(f.refusal(actor, use) == base::Code::invalid_input);
  CHECK(f.find(credential.id).uses == 20);
}

TEST_CASE("what the caller stores and the use are there both or neither") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  flow::KeyUse use = f.use_of(credential);
  use.also = [](store::Tx&, const std::vector<base::Bytes>&) -> base::Result<void> {
    return base::fail(base::Code::conflict, "the job is over");
  };
  CHECK(f.refusal(actor, use) == base::Code::conflict);
  CHECK(f.find(credential.id).uses == 0);
  CHECK(f.events("key_use").empty());
}

TEST_CASE("wrong PINs are told, counted and recorded, and the third one makes the next one wait, the right one too") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  CHECK(f.refusal(actor, f.use_of(credential, "")) == base::Code::login_failed);
  CHECK(f.last_reason().find("pin_missing") != std::string::npos);
  CHECK(f.find(credential.id).wrong_pins == 0);
  for (int i = 1; i <= 3; ++i) {
    CHECK(f.refusal(actor, f.use_of(credential, "000000")) == base::Code::login_failed);
    CHECK(f.last_reason().find("wrong_pin") != std::string::npos);
    CHECK(f.find(credential.id).wrong_pins == i);
  }
  CHECK(f.find(credential.id).pins_wait_until == f.now + 1min);
  CHECK(f.refusal(actor, f.use_of(credential)) == base::Code::too_many);
  CHECK(f.last_reason().find("pin_delayed") != std::string::npos);
  f.now += 61s;
  CHECK(f.refusal(actor, f.use_of(credential, "111111")) == base::Code::login_failed);
  CHECK(f.find(credential.id).pins_wait_until == f.now + 2min);
  f.now += 121s;
  REQUIRE(f.sign(actor, f.use_of(credential)));
  CHECK(f.find(credential.id).wrong_pins == 0);
  CHECK_FALSE(f.find(credential.id).pins_wait_until);
  CHECK(f.find(credential.id).uses == 1);
}

TEST_CASE("a PIN that was right a moment ago waits with the wrong ones, so that no guess is free") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  REQUIRE(f.sign(actor, f.use_of(credential)));
  for (int i = 1; i <= 3; ++i) CHECK(f.refusal(actor, f.use_of(credential, "000000")) == base::Code::login_failed);
  CHECK(f.refusal(actor, f.use_of(credential, "111111")) == base::Code::too_many);
  CHECK(f.refusal(actor, f.use_of(credential)) == base::Code::too_many);
  // Another node may remember it still.
  const auto secrets = f.store->read([&](store::Tx& tx) { return store::find_signing_secrets(tx, credential.id); });
  REQUIRE(secrets);
  flow::note_right_pin(credential.id, base::Secret(CredentialFixture::pin), secrets->pin_hash);
  CHECK(f.refusal(actor, f.use_of(credential)) == base::Code::too_many);
  CHECK(f.find(credential.id).uses == 1);
  f.now += 61s;
  REQUIRE(f.sign(actor, f.use_of(credential)));
}

TEST_CASE("guesses at once do not outrun the brake") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  std::atomic<int> tried{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      if (f.refusal(actor, f.use_of(credential, "000000")) == base::Code::login_failed) ++tried;
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(tried == 3);
  CHECK(f.find(credential.id).wrong_pins == 3);
}

TEST_CASE("nobody else signs with a person's credential: not another person, not an administrator, not the operator") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  f.add_person("jan", "jan@clinic.example");
  flow::NewAccount chief = f.wish("chief");
  chief.contexts = {"administrator"};
  f.create(chief);
  const rights::Actor jan = f.actor(f.log_in("jan"));
  const rights::Actor administrator = f.actor(f.log_in("chief"));
  CHECK(f.refusal(jan, f.use_of(credential)) == base::Code::not_found);
  CHECK(f.refusal(administrator, f.use_of(credential)) == base::Code::not_found);
  CHECK(f.refusal(f.by, f.use_of(credential)) == base::Code::not_found);
  CHECK(f.find(credential.id).uses == 0);
}

TEST_CASE("an account that is suspended between the question and the answer gets no signature") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  flow::KeyUse use = f.use_of(credential);
  REQUIRE(flow::find_usable_credential(*f.house, flow::KeyUser(&actor), credential.id, f.now));
  REQUIRE(flow::suspend_account(*f.house, f.by, "anna", f.facts()));
  CHECK(f.refusal(actor, use) == base::Code::denied);
  CHECK(f.find(credential.id).uses == 0);
  CHECK(f.events("key_use").empty());
  const flow::KeyUser token = flow::AccountByToken{f.anna};
  CHECK(flow::use_credential(*f.house, token, use, f.facts()).error().code == base::Code::denied);
  CHECK(f.last_reason().find("account_not_active") != std::string::npos);
}

TEST_CASE("a suspended, revoked, expired or early credential signs nothing, each with its reason") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  rights::Actor actor = f.actor(f.log_in("anna"));
  REQUIRE(flow::suspend_credential(*f.house, f.by, credential.id, f.facts()));
  CHECK(f.refusal(actor, f.use_of(credential)) == base::Code::denied);
  CHECK(f.last_reason().find("credential_suspended") != std::string::npos);
  REQUIRE(flow::restore_credential(*f.house, f.by, credential.id, f.facts()));
  REQUIRE(f.sign(actor, f.use_of(credential)));
  const base::Time before = f.now;
  CHECK(flow::state_of(credential, *credential.not_before - 1s) == "early");
  const flow::KeyUser token = flow::AccountByToken{f.anna};
  f.now = *credential.not_after + 1s;
  CHECK(flow::use_credential(*f.house, token, f.use_of(credential), f.facts()).error().code == base::Code::expired);
  CHECK(f.last_reason().find("certificate_expired") != std::string::npos);
  f.now = before;
  REQUIRE(flow::revoke_credential(*f.house, f.by, credential.id, crypto::RevocationReason::key_compromise, f.facts()));
  CHECK(f.refusal(actor, f.use_of(credential)) == base::Code::denied);
  CHECK(f.last_reason().find("credential_revoked") != std::string::npos);
  auto requested = f.wish_for("anna");
  requested.is_issued = false;
  const auto waiting = f.make(requested);
  CHECK(f.refusal(actor, f.use_of(waiting)) == base::Code::denied);
  CHECK(f.last_reason().find("credential_requested") != std::string::npos);
}

TEST_CASE(
    "a credential that is unlocked by the password needs a fresh proof in the session, and two factors if it says so") {
  CredentialFixture f;
  const auto by_password = f.make(f.wish_for("anna", Activation::password));
  const auto by_factor = f.make(f.wish_for("anna", Activation::second_factor));
  const std::string cookie = f.log_in("anna");
  REQUIRE(f.sign(f.actor(cookie), f.use_of(by_password, "")));
  CHECK(f.refusal(f.actor(cookie), f.use_of(by_factor, "")) == base::Code::conflict);
  f.now += 12min;
  CHECK(f.refusal(f.actor(cookie), f.use_of(by_password, "")) == base::Code::conflict);
  CHECK(f.last_reason().find("proof_needed") != std::string::npos);
  // A program cannot prove anything of the kind.
  const flow::KeyUser token = flow::AccountByToken{f.anna};
  CHECK(flow::use_credential(*f.house, token, f.use_of(by_password, ""), f.facts()).error().code ==
        base::Code::conflict);
}

TEST_CASE("a context without the right to sign signs nothing") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const std::string cookie = f.log_in("anna");
  REQUIRE(f.sign(f.actor(cookie), f.use_of(credential)));
  const rights::Actor before = f.actor(cookie);
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto context, store::find_context_by_key(tx, f.account(f.anna).tenant_id, "user"));
    context->lacks.add(rights::Permission::sign);
    ASSIGN_OR_RETURN(const bool is_changed, store::update_context(tx, *context));
    return is_changed ? base::Result<void>() : base::fail(base::Code::conflict, "not changed");
  }));
  CHECK(f.refusal(before, f.use_of(credential)) == base::Code::denied);
  const flow::KeyUser token = flow::AccountByToken{f.anna};
  CHECK(flow::use_credential(*f.house, token, f.use_of(credential), f.facts()).error().code == base::Code::denied);
  CHECK(f.last_reason().find("not_permitted") != std::string::npos);
  CHECK(f.find(credential.id).uses == 1);
}

TEST_CASE("a seal is used by who may manage credentials, and by a program of its organisation if it needs no proof") {
  CredentialFixture f;
  const auto seal = f.make(f.wish_for("", Activation::none));
  CHECK_FALSE(seal.account_id);
  const auto with_pin = f.make(f.wish_for("", Activation::pin));
  REQUIRE(f.sign(f.by, f.use_of(seal, "")));
  CHECK(f.refusal(f.actor(f.log_in("anna")), f.use_of(seal, "")) == base::Code::not_found);
  rights::Client client = rights::draft_client(rights::ClientKind::machine);
  client.id = base::Id::make(f.now);
  client.client_id = "archive";
  client.name = "Archive";
  client.tenant_id = seal.tenant_id;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_client(tx, client, f.now); }));
  const flow::KeyUser program = flow::ClientByToken{client.id};
  REQUIRE(flow::use_credential(*f.house, program, f.use_of(seal, ""), f.facts()));
  CHECK(f.events("key_use").front().client == "archive");
  CHECK(flow::use_credential(*f.house, program, f.use_of(with_pin, ""), f.facts()).error().code ==
        base::Code::login_failed);
  const auto usable = flow::list_usable_credentials(*f.house, program, f.now);
  REQUIRE(usable);
  CHECK(usable->size() == 2);
  client.enabled = false;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::update_client(tx, client, f.now); }));
  CHECK(flow::use_credential(*f.house, program, f.use_of(seal, ""), f.facts()).error().code == base::Code::denied);
}

TEST_CASE("a seal is activated for a time with its PIN, and programs use it until the end, a change, or a restart") {
  CredentialFixture f;
  const auto seal = f.make(f.wish_for(""));
  rights::Client client = rights::draft_client(rights::ClientKind::machine);
  client.id = base::Id::make(f.now);
  client.client_id = "archive";
  client.name = "Archive";
  client.tenant_id = seal.tenant_id;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_client(tx, client, f.now); }));
  const flow::KeyUser program = flow::ClientByToken{client.id};
  const auto use = [&] { return flow::use_credential(*f.house, program, f.use_of(seal, ""), f.facts()); };
  const auto activate = [&](const std::string& pin, base::Duration lasts) {
    return flow::activate_credential(*f.house, f.by, {seal.id, base::Secret(pin), lasts}, f.facts());
  };
  CHECK(use().error().code == base::Code::login_failed);
  CHECK(activate("000000", 1h).error().code == base::Code::login_failed);
  CHECK(f.find(seal.id).wrong_pins == 1);
  CHECK(use().error().code == base::Code::login_failed);
  REQUIRE(activate(CredentialFixture::pin, 1h));
  CHECK(f.find(seal.id).wrong_pins == 0);
  CHECK(f.find(seal.id).uses == 0);
  CHECK(f.events("credential_change").front().data.find("activated") != std::string::npos);
  CHECK(use());
  f.now += 61min;
  CHECK(use().error().code == base::Code::login_failed);
  REQUIRE(activate(CredentialFixture::pin, 1h));
  CHECK(use());
  REQUIRE(activate("", 0h));
  CHECK(use().error().code == base::Code::login_failed);
  REQUIRE(activate(CredentialFixture::pin, 1h));
  // Guesses of others make other guesses wait, and not the seal.
  for (int i = 0; i < 4; ++i) CHECK_FALSE(flow::use_credential(*f.house, program, f.use_of(seal, "000000"), f.facts()));
  CHECK(flow::use_credential(*f.house, program, f.use_of(seal), f.facts()).error().code == base::Code::too_many);
  CHECK(use());
  f.now += 2min;
  REQUIRE(activate(CredentialFixture::pin, 1h));
  REQUIRE(flow::suspend_credential(*f.house, f.by, seal.id, f.facts()));
  REQUIRE(flow::restore_credential(*f.house, f.by, seal.id, f.facts()));
  CHECK(use().error().code == base::Code::login_failed);
  CHECK(activate(CredentialFixture::pin, 24h * 32).error().code == base::Code::invalid_input);
  // A person is there when they sign.
  const auto personal = f.make(f.wish_for("anna"));
  CHECK(flow::activate_credential(*f.house, f.by, {personal.id, base::Secret(CredentialFixture::pin), 1h}, f.facts())
            .error()
            .code == base::Code::not_found);
  CHECK(flow::activate_credential(*f.house, f.actor(f.log_in("anna")), {seal.id, base::Secret("x"), 1h}, f.facts())
            .error()
            .code == base::Code::denied);
}

TEST_CASE("an algorithm that is not one of the key is refused") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  flow::KeyUse use = f.use_of(credential);
  use.algorithm = {crypto::SignatureScheme::rsa_pkcs1, crypto::DigestKind::sha256};
  CHECK(f.refusal(actor, use) == base::Code::invalid_input);
  use.algorithm = {crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha1};
  CHECK(f.refusal(actor, use) == base::Code::invalid_input);
}

TEST_CASE("the choice shows what a person may sign with now, with chain and algorithms") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const auto suspended = f.make(f.wish_for("anna"));
  REQUIRE(flow::suspend_credential(*f.house, f.by, suspended.id, f.facts()));
  const rights::Actor actor = f.actor(f.log_in("anna"));
  const auto usable = flow::list_usable_credentials(*f.house, flow::KeyUser(&actor), f.now);
  REQUIRE(usable);
  REQUIRE(usable->size() == 1);
  const flow::UsableCredential& one = usable->front();
  CHECK(one.id == credential.id);
  CHECK(one.chain.size() == 2);
  CHECK(one.algorithms.size() == 3);
  CHECK(one.subject.find("CN=Anna Kowalska") != std::string::npos);
  CHECK_FALSE(one.is_seal);
}
