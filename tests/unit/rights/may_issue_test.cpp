#include "rights/may_issue.hpp"

#include <doctest/doctest.h>

#include "rights/account_flaw.hpp"

namespace {

using rights::Refusal;

struct World {
  base::Time now = base::from_seconds(1'800'000'000);
  identity::Account account;
  rights::Client client;
  rights::Session session;
  rights::ActingContext context;

  World() {
    context.id = base::Id::make(now);
    session.context_id = context.id;
    session.proofs = rights::Proofs(rights::ProofMethod::password);
    session.idle_until = now + std::chrono::minutes(15);
    session.absolute_until = now + std::chrono::hours(12);
  }
  [[nodiscard]] rights::IssuanceFacts facts() const {
    return {rights::Issued::grant, &account, &client, &session, &context, now, false, true};
  }
};

}  // namespace

TEST_CASE("an active account with a living session and its context gets what it asks for") {
  const World world;
  CHECK(rights::may_issue(world.facts()));
}

TEST_CASE("each reason to refuse refuses alone") {
  World world;
  SUBCASE("account unknown") {
    auto facts = world.facts();
    facts.account = nullptr;
    CHECK(rights::find_refusal(facts) == Refusal::account_unknown);
  }
  SUBCASE("every status but active") {
    using identity::AccountStatus;
    for (const auto status : {AccountStatus::invited, AccountStatus::suspended_self, AccountStatus::suspended_admin,
                              AccountStatus::deleted}) {
      world.account.status = status;
      CHECK(rights::find_refusal(world.facts()) == Refusal::account_not_active);
    }
  }
  SUBCASE("locked") {
    world.account.locked_until = world.now + std::chrono::milliseconds(1);
    CHECK(rights::find_refusal(world.facts()) == Refusal::account_locked);
  }
  SUBCASE("client unknown or switched off") {
    world.client.enabled = false;
    CHECK(rights::find_refusal(world.facts()) == Refusal::client_disabled);
    auto facts = world.facts();
    facts.client = nullptr;
    CHECK(rights::find_refusal(facts) == Refusal::client_unknown);
  }
  SUBCASE("client or context of another tenant") {
    world.client.tenant_id = base::Id::make(world.now);
    CHECK(rights::find_refusal(world.facts()) == Refusal::other_tenant);
    // Standing below is not enough, nor is a client for those below another tenant.
    auto facts = world.facts();
    facts.is_below_client = true;
    CHECK(rights::find_refusal(facts) == Refusal::other_tenant);
    world.client.for_tenants_below = true;
    CHECK(rights::find_refusal(world.facts()) == Refusal::other_tenant);
    CHECK(rights::may_issue(facts));
    world.client.tenant_id = world.account.tenant_id;
    world.context.tenant_id = base::Id::make(world.now);
    CHECK(rights::find_refusal(world.facts()) == Refusal::other_tenant);
  }
  SUBCASE("session gone, idle too long, too old, or ended by a raised stamp") {
    auto facts = world.facts();
    facts.session = nullptr;
    CHECK(rights::find_refusal(facts) == Refusal::session_ended);
    facts = world.facts();
    facts.now = world.session.idle_until;
    CHECK(rights::find_refusal(facts) == Refusal::session_ended);
    world.session.idle_until = world.now + std::chrono::hours(24);
    facts.now = world.session.absolute_until;
    CHECK(rights::find_refusal(facts) == Refusal::session_ended);
    world.account.security_stamp = 1;
    CHECK(rights::find_refusal(world.facts()) == Refusal::session_ended);
  }
  SUBCASE("a second factor is owed, or it was not judged whether one is") {
    auto facts = world.facts();
    facts.owes_no_factor = false;
    CHECK(rights::find_refusal(facts) == Refusal::factor_missing);
    facts.what = rights::Issued::session;
    CHECK(rights::find_refusal(facts) == Refusal::factor_missing);
    // The session of the first step, in which nothing but the second one is open.
    world.session.context_id.reset();
    CHECK_FALSE(rights::find_refusal(facts));
  }
  SUBCASE("nothing was proven") {
    world.session.proofs = {};
    CHECK(rights::find_refusal(world.facts()) == Refusal::no_proof);
    world.session.proofs = rights::Proofs::from_amr("a-method-of-tomorrow");
    CHECK(rights::find_refusal(world.facts()) == Refusal::no_proof);
  }
  SUBCASE("the session of somebody else") {
    world.session.account_id = base::Id::make(world.now);
    CHECK(rights::find_refusal(world.facts()) == Refusal::session_ended);
  }
  SUBCASE("a context that asks for another method") {
    world.context.methods = {"certificate"};
    CHECK(rights::find_refusal(world.facts()) == Refusal::level_too_low);
    world.context.methods = {"certificate", "password"};
    CHECK(rights::may_issue(world.facts()));
  }
  SUBCASE("no context, or another one than the session's") {
    auto facts = world.facts();
    facts.context = nullptr;
    CHECK(rights::find_refusal(facts) == Refusal::no_context);
    world.session.context_id = base::Id::make(world.now);
    CHECK(rights::find_refusal(world.facts()) == Refusal::no_context);
    world.session.context_id.reset();
    CHECK(rights::find_refusal(world.facts()) == Refusal::no_context);
  }
  SUBCASE("level below that of client or context") {
    world.client.level = 2;
    CHECK(rights::find_refusal(world.facts()) == Refusal::level_too_low);
    world.client.level = 1;
    world.context.level = 2;
    CHECK(rights::find_refusal(world.facts()) == Refusal::level_too_low);
  }
}

TEST_CASE("a session may be opened before a context is chosen, but not without a proof") {
  World world;
  auto facts = world.facts();
  facts.what = rights::Issued::session;
  facts.client = nullptr;
  facts.context = nullptr;
  world.session.context_id.reset();
  CHECK(rights::may_issue(facts));
  world.session.must_change = identity::MustChange::initial;
  CHECK(rights::may_issue(facts));
  world.session.proofs = {};
  CHECK(rights::find_refusal(facts) == Refusal::no_proof);
}

TEST_CASE("a clearance names the session and the account that were judged") {
  World world;
  world.session.id = base::Id::make(world.now);
  world.account.id = world.session.account_id = base::Id::make(world.now);
  const auto verdict = rights::judge_issuance(world.facts());
  REQUIRE(std::holds_alternative<rights::Clearance>(verdict));
  CHECK(std::get<rights::Clearance>(verdict).session_id() == world.session.id);
  CHECK(std::get<rights::Clearance>(verdict).account_id() == world.account.id);
  CHECK(std::get<rights::Clearance>(verdict).what() == rights::Issued::grant);
}

TEST_CASE("before a password that must be changed is changed, nothing is issued") {
  World world;
  for (const auto reason : {identity::MustChange::initial, identity::MustChange::reset, identity::MustChange::expired,
                            identity::MustChange::policy}) {
    world.session.must_change = reason;
    CHECK(rights::find_refusal(world.facts()) == Refusal::no_context);
  }
  world.session.must_change = identity::MustChange::no;
  CHECK(rights::may_issue(world.facts()));
}

TEST_CASE("a signature in a session is judged like a grant, and needs the permission in its context") {
  World world;
  auto facts = world.facts();
  facts.what = rights::Issued::signature;
  facts.client = nullptr;
  facts.permission = rights::Permission::sign;
  CHECK(rights::may_issue(facts));
  facts.permission = rights::Permission::manage_credentials;
  CHECK(rights::find_refusal(facts) == Refusal::not_permitted);
  // A permission that nobody has named is one that nobody has.
  facts.permission.reset();
  CHECK(rights::find_refusal(facts) == Refusal::not_permitted);
  facts.permission = rights::Permission::sign;
  world.context.lacks.add(rights::Permission::sign);
  CHECK(rights::find_refusal(facts) == Refusal::not_permitted);
  world.context.lacks = {};
  world.session.idle_until = world.now;
  CHECK(rights::find_refusal(facts) == Refusal::session_ended);
  world.session.idle_until = world.now + std::chrono::minutes(15);
  facts.owes_no_factor = false;
  CHECK(rights::find_refusal(facts) == Refusal::factor_missing);
  facts.owes_no_factor = true;
  world.account.status = identity::AccountStatus::suspended_admin;
  CHECK(rights::find_refusal(facts) == Refusal::account_not_active);
  facts.account = nullptr;
  CHECK(rights::find_refusal(facts) == Refusal::account_unknown);
}

TEST_CASE("a signature by a token of the account needs an open context with the permission") {
  World world;
  auto facts = world.facts();
  facts.what = rights::Issued::signature;
  facts.client = nullptr;
  facts.session = nullptr;
  facts.permission = rights::Permission::sign;
  facts.ip = "192.0.2.7";
  CHECK(rights::may_issue(facts));
  world.context.level = 2;
  CHECK(rights::find_refusal(facts) == Refusal::level_too_low);
  world.context.level = 1;
  world.context.methods = {"certificate"};
  CHECK(rights::find_refusal(facts) == Refusal::level_too_low);
  world.context.methods = {};
  world.context.networks = {base::IpNetwork::parse("10.0.0.0/8").value()};
  CHECK(rights::find_refusal(facts) == Refusal::outside_network);
  world.context.networks = {};
  world.account.locked_until = world.now + std::chrono::milliseconds(1);
  CHECK(rights::find_refusal(facts) == Refusal::account_locked);
  world.account.locked_until.reset();
  facts.context = nullptr;
  CHECK(rights::find_refusal(facts) == Refusal::no_context);
}

TEST_CASE("a client that signs for itself is judged as a machine") {
  World world;
  auto facts = world.facts();
  facts.what = rights::Issued::signature;
  facts.account = nullptr;
  facts.session = nullptr;
  facts.context = nullptr;
  CHECK(rights::may_issue(facts));
  world.client.enabled = false;
  CHECK(rights::find_refusal(facts) == Refusal::client_disabled);
}

TEST_CASE("a client that belongs to an account gets no grant while that account does not act") {
  World world;
  identity::Account owner;
  owner.id = base::Id::make(world.now);
  owner.tenant_id = world.client.tenant_id;
  world.client.account_id = owner.id;
  auto facts = world.facts();
  CHECK(rights::find_refusal(facts) == Refusal::client_disabled);  // it is gone
  facts.client_owner = &owner;
  CHECK(rights::may_issue(facts));
  owner.status = identity::AccountStatus::suspended_admin;
  CHECK(rights::find_refusal(facts) == Refusal::client_disabled);
  CHECK(rights::find_flaw_of_client(&world.client, &owner, world.now) == Refusal::account_not_active);
  owner.status = identity::AccountStatus::active;
  owner.locked_until = world.now + std::chrono::milliseconds(1);
  CHECK(rights::find_refusal(facts) == Refusal::client_disabled);
  owner.locked_until.reset();
  owner.tenant_id = base::Id::make(world.now);
  CHECK(rights::find_refusal(facts) == Refusal::client_disabled);
  owner.tenant_id = world.client.tenant_id;
  world.client.account_id = base::Id::make(world.now);
  CHECK(rights::find_refusal(facts) == Refusal::client_disabled);
}

TEST_CASE("a grant ends with the consent and the right to outlive the session on which it stands") {
  World world;
  auto facts = world.facts();
  facts.lost_consent = true;
  CHECK(rights::find_refusal(facts) == Refusal::consent_missing);
  facts.lost_consent = false;
  facts.lost_offline = true;
  CHECK(rights::find_refusal(facts) == Refusal::scope_not_registered);
}
