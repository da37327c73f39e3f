#include "flow/setup/replace_master_key.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "flow/audit/verify_audit.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/password_fixture.hpp"
#include "flow/setup/settings.hpp"
#include "places.hpp"
#include "rights/client.hpp"
#include "signing_keys.hpp"
#include "store/certificate/authorities.hpp"
#include "store/engines.hpp"
#include "store/factor/factors.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/oauth/keys.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/signing/signing_credentials.hpp"

using namespace std::chrono_literals;
using testing::PasswordFixture;

namespace {

constexpr const char* app_secret = "0123456789abcdef0123456789abcdef";

struct Installation : PasswordFixture {
  explicit Installation(std::string place) : PasswordFixture(place), url(std::move(place)) {
    change_policy([](identity::PasswordPolicy& policy) { policy.history = identity::PasswordPolicy::ever; });
    anna = add_account("anna.kowalska", right, {"user"}, "anna@clinic.example");
    rights::Client client;
    client.client_id = "portal";
    client.name = "Portal";
    client.redirect_uris = {"https://portal.example.org/callback"};
    REQUIRE(flow::create_client(*house, operator_actor(), client, base::Secret(app_secret), facts()));
  }
  void close() {
    house.reset();
    keys.reset();
    store.reset();
  }
  base::Result<void> open(const crypto::MasterKey& with) {
    close();
    store::Options options;
    options.url = url;
    ASSIGN_OR_RETURN(store, store::Store::open(options, with));
    keys = std::make_unique<flow::KeyRing>(*store, testing::reuse_keys());
    house = std::make_unique<flow::House>(flow::House{*store, store->master(), *keys, gate, kept_settings->by_topic()});
    return keys->load(now);
  }
  void replace(const crypto::MasterKey& next) {
    const auto done = flow::replace_master_key(*house, operator_actor(), next, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
  }
  bool is_client(const char* secret) {
    return store
               ->read([&](store::Tx& tx) {
                 return flow::authenticate_client(*house, tx,
                                                  {flow::ClientMethod::basic, "portal", base::Secret(secret)}, now);
               })
               .value()
               .reason == audit::Code();
  }
  bool was_used_before(const char* in_force, const char* wished) {
    const auto checked = check(visitor_of(in_force), in_force, wished);
    REQUIRE(checked);
    for (const auto& flaw : checked->judgement.flaws) {
      if (flaw.kind == identity::PasswordFlaw::Kind::used_before) return true;
    }
    return false;
  }

  std::string url;
  base::Id anna;
};

}  // namespace

TEST_CASE_TEMPLATE("after the master key was replaced the new one opens everything and the old one nothing", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  Installation f(place.url());
  f.change(f.visitor_of(f.right), f.right, f.other);
  const std::string link = f.get_token();  // of a reset: data of a one-time token, and a message in the outbox
  f.ask("anna.kowalska");                  // and one that the worker has not looked at
  store::Factor app;
  app.id = base::Id::make(f.now);
  app.account_id = f.anna;
  app.data = base::Secret("secret of the app");
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_factor(tx, app, f.now); }));
  store::SmsGatewayRow gateway;
  gateway.name = "main";
  gateway.password = base::Secret("gateway-secret");
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::put_sms_gateway(tx, gateway); }));
  store::AuthorityRow authority;
  authority.id = base::Id::make(f.now);
  authority.kind = "root";
  authority.state = "active";
  authority.sha256 = "aa";
  authority.created_at = f.now;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::put_ocsp_responder(tx, {authority.id, "bb", "", {base::Secret("responder")}, f.now, f.now}));
    return store::insert_authority(tx, authority, {base::Secret("key of the authority")});
  }));
  store::SigningCredential credential;
  credential.id = base::Id::make(f.now);
  credential.created_at = f.now;
  credential.changed_at = f.now;
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return store::insert_signing_credential(tx, credential, {base::Secret("key that signs"), base::Secret("its PIN")});
  }));
  const auto keys_before = f.store->read([](store::Tx& tx) { return store::list_signing_keys(tx); }).value();
  REQUIRE_FALSE(keys_before.empty());

  const crypto::MasterKey first = f.master;
  const crypto::MasterKey second = crypto::MasterKey::make();
  const crypto::MasterKey third = crypto::MasterKey::make();
  for (const auto* next : {&second, &third}) {
    const crypto::MasterKey before = f.store->master();
    f.replace(*next);
    const auto with_old = f.open(before);
    REQUIRE_FALSE(with_old);
    CHECK(with_old.error().code == base::Code::invalid_input);
    const auto with_new = f.open(*next);
    REQUIRE_MESSAGE(with_new, base::describe(with_new.error()));

    CHECK(f.log_in(f.other));
    CHECK_FALSE(f.log_in(f.right));
    CHECK(f.is_client(app_secret));
    CHECK_FALSE(f.is_client("0123456789abcdef0123456789abcdeX"));
    CHECK(f.was_used_before(f.other, f.right));
    CHECK_FALSE(f.was_used_before(f.other, "Cinnamon-Lagoon-91-west"));
    const auto keys_now = f.store->read([](store::Tx& tx) { return store::list_signing_keys(tx); });
    REQUIRE(keys_now);
    CHECK(keys_now->size() >= keys_before.size());
    CHECK(keys_now->front().pkcs8 == keys_before.front().pkcs8);
    const auto factors = f.store->read([&](store::Tx& tx) { return store::list_factors(tx, f.anna); });
    REQUIRE(factors);
    REQUIRE(factors->size() == 1);
    CHECK(factors->front().data.reveal() == "secret of the app");
    const auto gateways = f.store->read([](store::Tx& tx) { return store::list_sms_gateways(tx); });
    REQUIRE(gateways);
    REQUIRE(gateways->size() == 1);
    CHECK(gateways->front().password.reveal() == "gateway-secret");
    const auto authority_key =
        f.store->read([&](store::Tx& tx) { return store::find_authority_key(tx, authority.id); });
    REQUIRE(authority_key);
    CHECK(authority_key->pkcs8.reveal() == "key of the authority");
    const auto responder = f.store->read([&](store::Tx& tx) { return store::find_ocsp_responder(tx, authority.id); });
    REQUIRE(responder);
    CHECK((*responder)->key.pkcs8.reveal() == "responder");
    const auto signing = f.store->read([&](store::Tx& tx) { return store::find_signing_secrets(tx, credential.id); });
    REQUIRE(signing);
    CHECK(signing->pkcs8.reveal() == "key that signs");
    CHECK(signing->pin_hash.reveal() == "its PIN");
    CHECK(flow::is_reset_link_open(*f.house, link, f.now).value());
    const auto event = f.events("key_change").front();
    CHECK(event.data.find(R"("kid":"master")") != std::string::npos);
    const auto verdict = flow::verify_audit(*f.house, "");
    REQUIRE(verdict);
    CHECK(verdict->flaws.empty());
  }
  f.deliver();  // the message and the request that were sealed under the first key
  CHECK(f.count_sent("reset_link") >= 2);
  REQUIRE(flow::confirm_reset(*f.house, f.token_in(f.last("reset_link")), f.facts()));
  CHECK_FALSE(f.open(first));
  REQUIRE(f.open(third));
}

TEST_CASE("a value that does not open keeps the master key from being replaced, and nothing is changed") {
  const engines::Sqlite::Place place;
  Installation f(place.url());
  f.close();
  place.execute("UPDATE credential SET data = zeroblob(80)");
  REQUIRE(f.open(f.master));
  const auto refused = flow::replace_master_key(*f.house, f.operator_actor(), crypto::MasterKey::make(), f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::internal);
  CHECK(f.events("key_change").empty());
  REQUIRE(f.open(f.master));
  CHECK(f.is_client(app_secret));
}

TEST_CASE("while another node works on the database the master key stays") {
  const engines::Postgresql::Place place;
  Installation other(place.url());
  store::Options options;
  options.url = place.url();
  const auto late = store::Store::open(options, other.master);
  REQUIRE(late);
  const flow::House house{**late, (*late)->master(), *other.keys, other.gate, other.house->settings};
  const auto refused =
      flow::replace_master_key(house, other.operator_actor(), crypto::MasterKey::make(), other.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::conflict);
  // The command asks this before it makes a next key.
  const auto early = flow::demand_no_other_process(house, other.operator_actor(), other.facts());
  REQUIRE_FALSE(early);
  CHECK(early.error().code == base::Code::conflict);
  CHECK(flow::demand_no_other_process(*other.house, other.operator_actor(), other.facts()));
  CHECK(other.is_client(app_secret));
}

TEST_CASE("whoever seals a value that is stored says how it is sealed anew") {
  namespace fs = std::filesystem;
  // The first are walked by replace_master_key, the factors with the passwords. The others seal what a browser
  // keeps, which begins anew, or what lives for minutes: access tokens, pushed requests.
  const std::set<std::string> known{"store/certificate/authorities.cpp",
                                    "flow/proof/certificate_handoff.cpp",
                                    "flow/token/access_token.cpp",
                                    "store/oauth/pushed_requests.cpp",
                                    "store/factor/factors.cpp",
                                    "flow/factor/enrol_totp.cpp",
                                    "flow/proof/passkey_challenge.cpp",
                                    "store/message/sms_gateways.cpp",
                                    "store/message/outbox.cpp",
                                    "store/oauth/keys.cpp",
                                    "store/password/passwords.cpp",
                                    "store/proof/one_time_tokens.cpp",
                                    "store/signing/signing_credentials.cpp",
                                    "store/signing/signing_jobs.cpp",
                                    "store/timestamp/timestamps.cpp",
                                    "store/validation/validation_reports.cpp",
                                    "store/schema/marks.cpp",
                                    "store/driver/sql.hpp",
                                    "flow/login/attempt.cpp",
                                    "flow/oauth/post_logout.cpp",
                                    "flow/password/change_password.cpp",
                                    "flow/grant/try_client.cpp",
                                    "flow/session/kept_search.cpp"};
  std::set<std::string> found;
  const fs::path sources = testing::source_folder + "/src";
  for (const auto& file : fs::recursive_directory_iterator(sources)) {
    const std::string name = fs::relative(file.path(), sources).generic_string();
    if (!file.is_regular_file() || name.starts_with("crypto/")) continue;
    std::stringstream text;
    text << std::ifstream(file.path()).rdbuf();
    for (const char* call : {"master().seal(", "master.seal(", "next.seal("}) {
      if (text.str().find(call) != std::string::npos) found.insert(name);
    }
  }
  CHECK(found == known);
}
