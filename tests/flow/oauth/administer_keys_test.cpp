#include "flow/oauth/administer_keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/audit/read_audit.hpp"
#include "flow/oauth/find_userinfo.hpp"
#include "flow/oidc_fixture.hpp"

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
  std::string rotate() {
    now += std::chrono::seconds(1);
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
  CHECK(f.state_of(first) == "retiring");
  CHECK(f.state_of(second) == "active");
  CHECK(f.is_published(first));
  CHECK(f.is_published(second));
  CHECK(f.keys->verify("JWT", token, f.now));
  const auto event = f.events("key_change").front();
  CHECK(f.detail(event, "kid") == first);
  CHECK(f.detail(event, "old") == "active");
  CHECK(f.detail(event, "new") == "retiring");
  CHECK(f.detail(f.events("key_create").front(), "kid") == second);
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
  CHECK(f.list().size() == 2);
  CHECK_FALSE(f.get_tokens(f.log_in()).id_token.empty());
}

TEST_CASE("a key of another algorithm goes on signing") {
  Keys f;
  const std::string first = f.signer();
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
