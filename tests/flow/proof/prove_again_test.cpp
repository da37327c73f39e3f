#include "flow/proof/prove_again.hpp"

#include <doctest/doctest.h>

#include "flow/house/audit_settings.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/session_cookie.hpp"
#include "store/account/contexts.hpp"
#include "store/sample.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

/// Gives the session's new cookie.
base::Result<std::string> prove(PersonFixture& f, const std::string& cookie, const std::string& password) {
  ASSIGN_OR_RETURN(
      const base::Secret renewed,
      flow::prove_again(*f.house, f.actor(cookie), {rights::ProofMethod::password, base::Secret(password)}, f.facts()));
  return std::string(renewed.reveal());
}

bool is_fresh(PersonFixture& f, const std::string& cookie) {
  const bool fresh = flow::has_fresh_proof(*f.house, f.actor(cookie), f.now);
  const auto demanded = flow::demand_fresh_proof(*f.house, f.actor(cookie), f.now);
  CHECK(demanded.has_value() == fresh);
  if (!demanded) CHECK(demanded.error().reason == flow::proof_needed);
  return fresh;
}

}  // namespace

TEST_CASE("a login is proof enough for five minutes, and the password once more for five others") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  std::string cookie = f.log_in("anna");
  CHECK(is_fresh(f, cookie));
  f.now += 5min - 1s;
  CHECK(is_fresh(f, cookie));
  f.now += 1s;
  CHECK_FALSE(is_fresh(f, cookie));
  cookie = prove(f, cookie, PersonFixture::password).value();
  CHECK(is_fresh(f, cookie));
  f.now += 5min;
  CHECK_FALSE(is_fresh(f, cookie));
  CHECK(f.events("proof").size() == 1);
}

TEST_CASE("a fresh proof gives the session a new id, and the old cookie is dead at once") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  const std::string old = f.log_in("anna");
  const rights::Session before = f.actor(old).session();
  const std::string renewed = prove(f, old, PersonFixture::password).value();
  CHECK(renewed != old);
  CHECK(flow::find_visitor(*f.house, old, f.facts())->session() == nullptr);
  const rights::Session after = f.actor(renewed).session();
  CHECK(after.id != before.id);
  CHECK(after.secret_hash != before.secret_hash);
  CHECK(after.context_id == before.context_id);
  CHECK(after.absolute_until == before.absolute_until);
  CHECK_FALSE(prove(f, renewed, "Wrong-Password-1"));
  CHECK(f.actor(renewed).session().id == after.id);
}

TEST_CASE("two proofs at once in one session: one renews it, and the other is told that it was replaced") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  const rights::Actor actor = f.actor(f.log_in("anna"));
  const flow::GivenProof given{rights::ProofMethod::password, base::Secret(PersonFixture::password)};
  CHECK(flow::prove_again(*f.house, actor, given, f.facts()));
  CHECK(flow::prove_again(*f.house, actor, given, f.facts()).error().code == base::Code::conflict);
}

TEST_CASE("the proof of one browser is not that of another") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  std::string here = f.log_in("anna");
  const std::string there = f.log_in("anna");
  f.now += 6min;
  here = prove(f, here, PersonFixture::password).value();
  CHECK(is_fresh(f, here));
  CHECK_FALSE(is_fresh(f, there));
}

TEST_CASE("a wrong proof counts like a failed login, and locks") {
  PersonFixture f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  const base::Id anna = f.add_person("anna", "anna@clinic.example");
  const std::string cookie = f.log_in("anna");
  f.now += 6min;
  for (int i = 0; i < 5; ++i) {
    const auto failed = prove(f, cookie, "Wrong-Password-1");
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == base::Code::login_failed);
  }
  const auto right = prove(f, cookie, PersonFixture::password);
  REQUIRE_FALSE(right);
  CHECK(right.error().code == base::Code::login_failed);
  CHECK_FALSE(is_fresh(f, cookie));
  CHECK(identity::is_locked(f.account(anna), f.now));
  CHECK(f.events("lockout").size() == 1);
  const auto events = f.events("proof");
  REQUIRE(events.size() == 6);
  CHECK(events[0].outcome == "failure");
  CHECK(events[0].data.find("locked") != std::string::npos);
  CHECK(events[5].data.find("wrong_password") != std::string::npos);
  f.now += 16min;
}

TEST_CASE("an empty, an endless and a broken password are wrong passwords") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  const std::string cookie = f.log_in("anna");
  for (const std::string& typed : {std::string(), std::string(100'000, 'x'), std::string("\xff\xfe")}) {
    const auto failed = prove(f, cookie, typed);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == base::Code::login_failed);
  }
}

TEST_CASE("beyond the limit of a minute not every failure is written") {
  PersonFixture f;
  f.settings.audit.failures_each_minute = 2;
  f.add_person("anna", "anna@clinic.example");
  const std::string cookie = f.log_in("anna");
  for (int i = 0; i < 9; ++i) CHECK_FALSE(prove(f, cookie, "wrong"));
  CHECK(f.events("proof").size() == 4);  // 1, 2, 4, 8
}

TEST_CASE("a context for which the login does not suffice any more is taken away") {
  PersonFixture f;
  rights::ActingContext strict;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    strict.id = base::Id::make(f.now);
    strict.tenant_id = tenant.id;
    strict.key = "strict";
    strict.level = 9;
    return store::insert_context(tx, strict);
  }));
  const base::Id anna = f.add_person("anna", "anna@clinic.example");
  const base::Id session = f.actor(f.log_in("anna")).session().id;
  const flow::NewSessionCookie cookie = flow::make_session_cookie(f.now);
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::give_context(tx, anna, strict.id, f.now));
    ASSIGN_OR_RETURN(auto same, store::find_session(tx, session));
    same->id = cookie.id;
    same->secret_hash = cookie.secret_hash;
    same->context_id = strict.id;
    return store::insert_session(tx, *same, sample::clearance_for(*same));
  }));
  const auto visitor = flow::find_visitor(*f.house, cookie.value.reveal(), f.facts());
  REQUIRE(visitor);
  CHECK_FALSE(visitor->actor);
  CHECK(visitor->pending);
}
