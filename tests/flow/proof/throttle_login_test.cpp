// The lockout that cannot be used against the owner, as it applies to logins.
#include "flow/proof/throttle_login.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "crypto/password/password_hash.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/login/login_password.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/known_device.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/devices.hpp"

using namespace std::chrono_literals;

namespace {

/// Anna's account, and browsers that try.
class Scene : public testing::PersonFixture {
 public:
  explicit Scene(const std::string& url = "sqlite::memory:") : PersonFixture(url) {
    anna = add_person("anna.kowalska", "anna@clinic.example");
  }

  base::Result<flow::LoginDone> attempt(const std::string& login, const std::string& typed,
                                        std::string* devices = nullptr) {
    flow::RequestFacts asking = facts();
    asking.ip = ip;
    if (devices != nullptr) asking.devices = *devices;
    auto done = flow::login_password(*house, {login, base::Secret(typed)}, asking);
    if (done && devices != nullptr) *devices = std::string(done->device_cookie.reveal());
    return done;
  }
  bool is_refused(const std::string& login, const std::string& typed, std::string* devices = nullptr) {
    const auto done = attempt(login, typed, devices);
    return !done && done.error().code == base::Code::login_failed;
  }
  bool is_barred(const std::string& login, const std::string& typed) {
    const auto done = attempt(login, typed);
    return !done && done.error().code == base::Code::too_many;
  }
  void fail(int times, std::string* devices = nullptr, const std::string& login = "anna.kowalska") {
    for (int i = 0; i < times; ++i) REQUIRE(is_refused(login, "wrong", devices));
  }
  std::string last_reason() {
    const std::string data = events("login").front().data;
    const std::size_t at = data.find("\"reason\":\"");
    return at == std::string::npos ? "" : data.substr(at + 10, data.find('"', at + 10) - at - 10);
  }

  base::Id anna;
  std::string ip = "192.0.2.7";
};

}  // namespace

TEST_CASE("after five failures strangers wait, each further failure doubles the wait, and then the password counts") {
  Scene s;
  s.fail(5);
  CHECK(s.is_refused("anna.kowalska", Scene::password));
  CHECK(s.last_reason() == "delayed");
  s.now += 5s - 1ms;
  CHECK(s.is_refused("anna.kowalska", Scene::password));
  s.now += 1ms;
  CHECK(s.is_refused("anna.kowalska", "wrong"));
  CHECK(s.last_reason() == "wrong_password");
  s.now += 10s - 1ms;
  CHECK(s.is_refused("anna.kowalska", Scene::password));
  s.now += 1ms;
  CHECK(s.attempt("anna.kowalska", Scene::password));
  s.fail(4);
  CHECK(s.attempt("anna.kowalska", Scene::password));
}

TEST_CASE("attempts during a delay do not lengthen it") {
  Scene s;
  s.fail(5);
  for (int i = 0; i < 50; ++i) {
    s.now += 99ms;
    CHECK(s.is_refused("anna.kowalska", Scene::password));
  }
  s.now += 50ms;
  CHECK(s.attempt("anna.kowalska", Scene::password));
}

TEST_CASE("no stranger locks the owner out of a known device") {
  Scene s;
  std::string laptop;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
  REQUIRE_FALSE(laptop.empty());
  for (int i = 0; i < 40; ++i) {
    s.now += 1h;
    REQUIRE(s.is_refused("anna.kowalska", "wrong"));
  }
  CHECK(s.attempt("anna.kowalska", Scene::password, &laptop));
  CHECK(s.is_refused("anna.kowalska", Scene::password));
  CHECK(s.last_reason() == "delayed");
}

TEST_CASE("a known device has an allowance of its own, and then is a stranger") {
  Scene s;
  s.settings.audit.failures_each_minute = 100;  // every one is an event
  std::string laptop;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
  s.fail(9, &laptop);
  CHECK(s.attempt("anna.kowalska", Scene::password, &laptop));
  s.fail(10, &laptop);
  s.fail(5, &laptop);
  CHECK(s.is_refused("anna.kowalska", Scene::password, &laptop));
  CHECK(s.last_reason() == "delayed");
  s.now += 24h;
  CHECK(s.attempt("anna.kowalska", Scene::password, &laptop));
}

TEST_CASE("a known device whose allowance is used up does not pass the bar of its network") {
  Scene s;
  s.settings.lockout.network = {15, 1h};
  std::string laptop;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
  for (int i = 0; i < 40 && !s.is_barred("nobody." + std::to_string(i), "wrong"); ++i) {
  }
  REQUIRE(s.is_barred("nobody.else", "wrong"));
  s.fail(10, &laptop);
  const auto further = s.attempt("anna.kowalska", Scene::password, &laptop);
  REQUIRE_FALSE(further);
  CHECK(further.error().code == base::Code::too_many);
}

TEST_CASE("the device of one person gives nothing at the account of another") {
  Scene s;
  s.add_person("jan.nowak", "jan@clinic.example");
  std::string tablet;
  REQUIRE(s.attempt("jan.nowak", Scene::password, &tablet));
  s.fail(5, &tablet);
  CHECK(s.is_refused("anna.kowalska", Scene::password, &tablet));
  CHECK(s.last_reason() == "delayed");
  CHECK(s.attempt("jan.nowak", Scene::password, &tablet));
}

TEST_CASE("people who share a computer are known on it one beside the other, and the secret changes with each use") {
  Scene s;
  s.add_person("jan.nowak", "jan@clinic.example");
  std::string shared;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &shared));
  const std::string of_anna = shared;
  REQUIRE(s.attempt("jan.nowak", Scene::password, &shared));
  CHECK(shared.size() == 2 * 64 + 1);
  s.fail(5);
  CHECK(s.attempt("anna.kowalska", Scene::password, &shared));
  CHECK(shared.find(of_anna) == std::string::npos);
  std::string stolen = of_anna;  // the earlier secret
  CHECK(s.is_refused("anna.kowalska", Scene::password, &stolen));
  const auto devices = s.store->read([&](store::Tx& tx) { return store::list_devices(tx, s.anna); }).value();
  CHECK(devices.size() == 1);
}

TEST_CASE("a device not used for half a year is a stranger") {
  Scene s;
  std::string laptop;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
  s.now += 24h * 180;
  s.fail(5);
  CHECK(s.is_refused("anna.kowalska", Scene::password, &laptop));
}

TEST_CASE("cookies of devices that are malformed, forged or too many are those of strangers") {
  Scene s;
  std::string laptop;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
  s.fail(5);
  std::string altered = laptop;
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  const std::string filler = std::string(64, 'A') + ".";
  for (const std::string& bad : {altered, std::string("x"), std::string(64, '\xff'), std::string(100'000, '.'),
                                 filler + filler + filler + laptop}) {
    std::string cookie = bad;
    CHECK(s.is_refused("anna.kowalska", Scene::password, &cookie));
  }
  CHECK(s.attempt("anna.kowalska", Scene::password, &laptop));
}

TEST_CASE("a name that nobody has meets the same delays") {
  Scene s;
  s.fail(5, nullptr, "nobody.here");
  const auto count = [&](std::string_view key) {
    return s.store->read([&](store::Tx& tx) { return store::find_failures(tx, key); }).value().failures;
  };
  const base::Bytes key = s.house->master.authenticate("throttle", "nobody|password|nobody.here");
  CHECK(count(key) == 5);
  s.fail(3, nullptr, "NOBODY.here");  // during the delay, another spelling
  CHECK(count(key) == 5);
  s.now += 5s;
  s.fail(1, nullptr, "nobody.here");
  CHECK(count(key) == 6);
}

TEST_CASE("every identifier and every spelling of it is delayed together") {
  Scene s;
  for (const char* spelling :
       {"anna.kowalska", "ANNA.Kowalska", "anna@clinic.example", "Anna@Clinic.Example", " \xef\xbd\x81nna.kowalska "}) {
    CHECK(s.is_refused(spelling, "wrong"));
  }
  CHECK(s.is_refused("anna.kowalska", Scene::password));
  CHECK(s.last_reason() == "delayed");
}

TEST_CASE("a network that fails too often waits, whatever the accounts, and known devices in it do not") {
  for (const auto form : {flow::LockoutForm::protective, flow::LockoutForm::classic}) {
    CAPTURE(form);
    Scene s;
    s.settings.lockout.form = form;
    s.settings.lockout.network.capacity = 20;
    std::string laptop;
    REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
    for (int i = 0; i < 20; ++i) s.fail(1, nullptr, "name" + std::to_string(i));
    const auto hashes = crypto::hashes_computed();
    CHECK(s.is_barred("anna.kowalska", Scene::password));
    CHECK(s.is_barred("nobody.here", "wrong"));
    CHECK(crypto::hashes_computed() == hashes);
    CHECK(s.last_reason() == "network");
    CHECK(s.attempt("anna.kowalska", Scene::password, &laptop));
    s.ip = "192.0.2.8";
    CHECK(s.attempt("anna.kowalska", Scene::password));
    s.ip = "192.0.2.7";
    s.now += 2s;
    CHECK(s.attempt("anna.kowalska", Scene::password));
  }
}

TEST_CASE("in the classic form failures of a known device take nothing from the network until the account is locked") {
  Scene s;
  s.settings.lockout.form = flow::LockoutForm::classic;
  s.settings.lockout.network.capacity = 3;
  std::string laptop;
  REQUIRE(s.attempt("anna.kowalska", Scene::password, &laptop));
  s.fail(5, &laptop);
  CHECK(s.is_refused("nobody.here", "wrong"));  // the network may still fail
  s.fail(2, &laptop);                           // the account is locked now: these count
  CHECK(s.last_reason() == "locked");
  CHECK(s.is_barred("nobody.here", "wrong"));
  const auto barred = s.attempt("anna.kowalska", "wrong", &laptop);
  CHECK(barred.error().code == base::Code::too_many);
}

TEST_CASE("an IPv6 network counts as one, and good logins take nothing from it") {
  Scene s;
  s.settings.lockout.network.capacity = 5;
  for (int i = 0; i < 5; ++i) {
    s.ip = "2001:db8:1:2::" + std::to_string(i + 1);
    s.fail(1, nullptr, "name" + std::to_string(i));
  }
  s.ip = "2001:db8:1:2:ffff::1";
  CHECK(s.is_barred("anna.kowalska", Scene::password));
  s.ip = "2001:db8:1:3::1";
  for (int i = 0; i < 20; ++i) CHECK(s.attempt("anna.kowalska", Scene::password));
}

TEST_CASE("codes are counted apart from passwords") {
  Scene s;
  s.fail(5);
  const auto bar = [&](std::string_view proof) {
    return s.store
        ->read([&](store::Tx& tx) -> base::Result<std::string> {
          ASSIGN_OR_RETURN(const auto account, store::find_account(tx, s.anna));
          ASSIGN_OR_RETURN(const flow::Standing standing,
                           flow::find_standing(*s.house, tx, {&*account, {}}, proof, s.facts()));
          return std::string(standing.bar);
        })
        .value();
  };
  CHECK(bar("password") == "delayed");
  CHECK(bar("code").empty());
}

TEST_CASE("administrators see that strangers are delayed at an account, and unlock it") {
  Scene s;
  s.fail(5);
  CHECK(s.events("lockout").size() == 1);
  CHECK(s.events("lockout").front().data.find("protective") != std::string::npos);
  const auto locked = [&] {
    flow::AccountQuery query;
    query.state = "locked";
    return flow::search_accounts(*s.house, Scene::operator_actor(), query, s.facts()).value().rows;
  };
  REQUIRE(locked().size() == 1);
  CHECK(locked().front().locked_until == s.now + 5s);
  REQUIRE(flow::unlock_account(*s.house, Scene::operator_actor(), "anna.kowalska", s.facts()));
  CHECK(locked().empty());
  CHECK(s.attempt("anna.kowalska", Scene::password));
}

TEST_CASE("no failures is a number that turns the delays off") {
  Scene s;
  s.settings.lockout.throttle.free_failures = 0;
  s.settings.lockout.network.capacity = 0;
  s.fail(200);
  CHECK(s.attempt("anna.kowalska", Scene::password));
}

TEST_CASE("of forty failures at the same time those within the allowance are counted and no more") {
  Scene s;
  s.settings.audit.failures_each_minute = 100;  // every one is an event
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        (void)flow::login_password(*s.house, {"anna.kowalska", base::Secret("wrong")}, s.facts());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(s.events("lockout").size() == 1);
  CHECK(s.events("login").size() == 40);
  s.now += 5s;
  CHECK(s.attempt("anna.kowalska", Scene::password));
}
