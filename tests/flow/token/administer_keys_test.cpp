#include "flow/token/administer_keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/audit/read_audit.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/token/token_settings.hpp"
#include "store/oauth/keys.hpp"

using testing::OidcFixture;

namespace {

struct Keys : OidcFixture {
  std::vector<flow::KeyState> list() { return flow::list_keys(*house, operator_actor()).value(); }
  std::string state_of(const std::string& kid) {
    for (const auto& key : list()) {
      if (key.kid == kid) return key.state;
    }
    return {};
  }
  // Makes the next key, and waits until every node publishes it.
  void prepare() {
    REQUIRE(keys->prepare_next(now));
    now += flow::KeyRing::published_after;
  }
  std::string rotate() {
    prepare();
    return flow::rotate_key(*house, operator_actor(), crypto::Algorithm::es256, facts()).value();
  }
  base::Result<bool> revoke(const std::string& kid) { return flow::revoke_key(*house, operator_actor(), kid, facts()); }
  std::string signer() { return keys->find_signer(crypto::Algorithm::es256, now)->kid(); }
  bool is_published(const std::string& kid) { return keys->jwks()->find("\"" + kid + "\"") != std::string::npos; }
  std::string detail(const audit::Event& event, const std::string& wanted) {
    for (const auto& [name, value] : flow::audit_details(event)) {
      if (name == wanted) return value;
    }
    return {};
  }
};

}  // namespace

TEST_CASE("a new key signs, and what the one before has signed can still be verified") {
  Keys f;
  const std::string first = f.signer();
  const auto token = f.get_tokens(f.log_in()).id_token;
  const std::string second = f.rotate();
  CHECK(f.signer() == second);
  CHECK(second != first);
  CHECK(f.state_of(first) == "retiring");
  CHECK(f.state_of(second) == "active");
  CHECK(f.is_published(first));
  CHECK(f.is_published(second));
  CHECK(f.keys->verify("JWT", token, f.now));
  const auto events = f.events("key_change");
  CHECK(f.detail(events.at(1), "kid") == first);
  CHECK(f.detail(events.at(1), "old") == "active");
  CHECK(f.detail(events.at(1), "new") == "retiring");
  CHECK(f.detail(events.at(0), "kid") == second);
  CHECK(f.detail(events.at(0), "old") == "pending");
  CHECK(f.detail(events.at(0), "new") == "active");
}

TEST_CASE("a key signs only after every node has published it") {
  Keys f;
  flow::KeyRing other(*f.store);
  REQUIRE(other.load(f.now));
  const std::string first = f.signer();
  // Nothing is prepared: the first attempt makes the next key, publishes it, and asks to try again later.
  const auto early = flow::rotate_key(*f.house, f.operator_actor(), crypto::Algorithm::es256, f.facts());
  REQUIRE_FALSE(early);
  CHECK(early.error().code == base::Code::conflict);
  CHECK(f.signer() == first);
  CHECK(f.events("key_change").empty());
  f.now += flow::KeyRing::published_after - std::chrono::seconds(1);
  CHECK_FALSE(flow::rotate_key(*f.house, f.operator_actor(), crypto::Algorithm::es256, f.facts()));
  other.refresh(f.now);
  const auto elsewhere = other.jwks();
  f.now += std::chrono::seconds(1);
  const auto kid = flow::rotate_key(*f.house, f.operator_actor(), crypto::Algorithm::es256, f.facts());
  REQUIRE(kid);
  CHECK(f.signer() == *kid);
  CHECK(elsewhere->find("\"" + *kid + "\"") != std::string::npos);
}

TEST_CASE("after a rotation the next key is there and published, one for each algorithm") {
  Keys f;
  f.rotate();
  for (const auto* const algorithm : {"ES256", "RS256"}) {
    const auto keys = f.list();
    const auto next = std::find_if(keys.begin(), keys.end(), [&](const flow::KeyState& key) {
      return key.algorithm == algorithm && key.state == "pending";
    });
    REQUIRE(next != keys.end());
    CHECK(f.is_published(next->kid));
  }
}

TEST_CASE("a key that does not sign yet can be revoked, and has a successor") {
  Keys f;
  f.prepare();
  const auto pending = [&] {
    for (const auto& key : f.list()) {
      if (key.algorithm == "ES256" && key.state == "pending") return key.kid;
    }
    return std::string();
  };
  const std::string signer = f.signer();
  const std::string next = pending();
  CHECK(f.revoke(next).value());
  CHECK(f.state_of(next) == "revoked");
  CHECK_FALSE(f.is_published(next));
  CHECK_FALSE(pending().empty());
  CHECK(f.signer() == signer);
}

TEST_CASE("what a revoked key has signed is refused, and its key is not published any more") {
  Keys f;
  const std::string first = f.signer();
  const auto token = f.get_tokens(f.log_in()).id_token;
  f.rotate();
  CHECK(f.revoke(first).value());
  CHECK(f.state_of(first) == "revoked");
  CHECK_FALSE(f.is_published(first));
  CHECK_FALSE(f.keys->verify("JWT", token, f.now));
  CHECK(f.detail(f.events("key_change").front(), "new") == "revoked");
  const std::size_t events = f.events().size();
  CHECK_FALSE(f.revoke(first).value());
  CHECK(f.events().size() == events);
}

TEST_CASE("the key that signs can be revoked: another one signs from the same moment on") {
  Keys f;
  const std::string first = f.signer();
  CHECK(f.revoke(first).value());
  CHECK(f.signer() != first);
  CHECK_FALSE(f.is_published(first));
  CHECK(f.is_published(f.signer()));
  CHECK_FALSE(f.get_tokens(f.log_in()).id_token.empty());
}

TEST_CASE("a key of another algorithm goes on signing") {
  Keys f;
  const std::string first = f.signer();
  f.prepare();
  const auto rsa = flow::rotate_key(*f.house, f.operator_actor(), crypto::Algorithm::rs256, f.facts());
  REQUIRE(rsa);
  CHECK(f.state_of(first) == "active");
  CHECK(f.keys->find_signer(crypto::Algorithm::rs256, f.now)->kid() == *rsa);
  CHECK(f.signer() == first);
}

TEST_CASE("an unknown key is no key, and only a super administrator sees and changes keys") {
  Keys f;
  CHECK(f.revoke("nothing").error().code == base::Code::not_found);
  const auto visitor = flow::find_visitor(*f.house, f.log_in(), f.facts()).value();
  REQUIRE(visitor.actor);
  CHECK(flow::list_keys(*f.house, *visitor.actor).error().code == base::Code::denied);
  CHECK(flow::rotate_key(*f.house, *visitor.actor, crypto::Algorithm::es256, f.facts()).error().code ==
        base::Code::denied);
  CHECK(flow::revoke_key(*f.house, *visitor.actor, f.signer(), f.facts()).error().code == base::Code::denied);
}

TEST_CASE("by schedule a key that has signed for long enough is followed by the next one, which everybody knows then") {
  Keys f;
  const std::string first = f.signer();
  f.prepare();
  CHECK(flow::rotate_due_keys(*f.house, f.now).value() == 0);
  f.now += std::chrono::hours(24 * 90);
  CHECK(flow::rotate_due_keys(*f.house, f.now).value() ==
        4);  // two algorithms, each with a key that goes and one that comes
  f.now += flow::KeyRing::refresh_after;
  const std::string second = f.signer();
  CHECK(second != first);
  CHECK(f.state_of(first) == "retiring");
  CHECK(f.is_published(first));
  CHECK(flow::rotate_due_keys(*f.house, f.now).value() == 0);
}

TEST_CASE("a key that signed before stays published for longer than any token lives, and is retired then") {
  Keys f;
  const std::string first = f.signer();
  const auto token = f.get_tokens(f.log_in()).id_token;
  f.rotate();
  f.now += std::chrono::hours(24 * 7) - std::chrono::seconds(1);
  CHECK(flow::rotate_due_keys(*f.house, f.now).value() == 0);
  CHECK(f.keys->verify("JWT", token, f.now));
  f.now += std::chrono::seconds(1);
  CHECK(flow::rotate_due_keys(*f.house, f.now).value() == 1);
  f.now += flow::KeyRing::refresh_after;
  f.keys->refresh(f.now);
  CHECK(f.state_of(first) == "retired");
  CHECK_FALSE(f.is_published(first));
  // Also by the node that knows the token by its digest.
  CHECK_FALSE(f.keys->verify("JWT", token, f.now));
}

TEST_CASE("with a rotation of 0 nothing changes by itself") {
  Keys f;
  f.settings.token.key_rotation = {};
  f.prepare();
  f.now += std::chrono::hours(24 * 1000);
  CHECK(flow::rotate_due_keys(*f.house, f.now).value() == 0);
}

TEST_CASE("a token that this node has signed is refused from the moment when another node revokes its key") {
  Keys f;
  const auto token = f.get_tokens(f.log_in()).access_token;
  CHECK(f.keys->verify("at+jwt", token, f.now));
  const std::string kid = f.signer();
  REQUIRE(f.keys->prepare_next(f.now));
  // Another process: this one learns it with its next reading.
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::set_key_state(tx, kid, "revoked", f.now); }));
  f.now += flow::KeyRing::refresh_after;
  CHECK_FALSE(f.keys->verify("at+jwt", token, f.now));
}
