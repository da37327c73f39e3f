// Initial, temporary, own and expired passwords at the login, and the policy in force (S0.2, S0.3, S4.11).
#include <doctest/doctest.h>

#include "flow/account/search_accounts.hpp"
#include "flow/account/set_password.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/login_password.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/password/remind_expiry.hpp"
#include "flow/password_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/setup/prepare_installation.hpp"
#include "store/account/contexts.hpp"
#include "store/group/groups.hpp"

using namespace std::chrono_literals;
using Fixture = testing::PasswordFixture;
using identity::MustChange;

namespace {

void expire(Fixture& f, identity::ExpiryMeaning meaning) {
  f.change_policy([&](identity::PasswordPolicy& policy) {
    policy.max_age = std::chrono::days(30);
    policy.remind_before = std::chrono::days(7);
    policy.expiry_meaning = meaning;
  });
}

identity::PasswordPolicy policy_of(Fixture& f, const base::Id& account) {
  return f.store
      ->read([&](store::Tx& tx) -> base::Result<identity::PasswordPolicy> {
        ASSIGN_OR_RETURN(const auto found, store::find_account(tx, account));
        ASSIGN_OR_RETURN(const auto in_force, flow::find_policy(tx, *found, f.now));
        return in_force.policy;
      })
      .value();
}

}  // namespace

TEST_CASE("an initial password opens nothing but its change") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  REQUIRE(flow::set_password(*f.house, Fixture::operator_actor(), "anna.kowalska", {base::Secret(Fixture::other), true},
                             f.facts()));
  const auto in = f.log_in(Fixture::other);
  REQUIRE(in);
  CHECK(in->must_change == MustChange::initial);
  const auto held = f.visitor(in->session_cookie);
  CHECK(held.must_change());
  CHECK_FALSE(held.actor);
  CHECK(flow::choose_context(*f.house, held, "user", f.facts()).error().code == base::Code::denied);
  const base::Secret own = f.change(held, Fixture::other, "Granite-Sparrow-8");
  CHECK(f.visitor(own).actor);  // there is one context only
  CHECK(f.log_in("Granite-Sparrow-8")->must_change == MustChange::no);
}

TEST_CASE("an initial password is over after seven days") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  REQUIRE(flow::set_password(*f.house, Fixture::operator_actor(), "anna.kowalska", {base::Secret(Fixture::other), true},
                             f.facts()));
  f.now += std::chrono::days(7) - std::chrono::milliseconds(1);
  CHECK(f.log_in(Fixture::other)->must_change == MustChange::initial);
  f.now += std::chrono::milliseconds(1);
  CHECK_FALSE(f.log_in(Fixture::other));
  CHECK(f.events("login")[0].data.find("expired") != std::string::npos);
}

TEST_CASE("an initial password keeps the policy as well, and all its flaws are named") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto set =
      flow::set_password(*f.house, Fixture::operator_actor(), "anna.kowalska", {base::Secret("anna"), true}, f.facts());
  REQUIRE_FALSE(set);
  CHECK(set.error().code == base::Code::invalid_input);
  CHECK(set.error().reason.find("too_short") != std::string::npos);
  CHECK(set.error().reason.find("too_few_classes") != std::string::npos);
  flow::NewAccount wished;
  wished.login = "jan.nowak";
  wished.password = base::Secret("jan.nowak-X1");
  const auto made = flow::create_account(*f.house, Fixture::operator_actor(), wished, f.facts());
  REQUIRE_FALSE(made);
  CHECK(made.error().reason.find("contains_login") != std::string::npos);
}

TEST_CASE("an expired password cannot log in where only a reset revives it, and nobody sees why") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right, {"user"}, "anna@clinic.example");
  expire(f, identity::ExpiryMeaning::reset_only);
  f.now += std::chrono::days(30) - 1ms;
  CHECK(f.log_in(Fixture::right)->must_change == MustChange::no);
  f.now += 1ms;
  const auto refused = f.log_in(Fixture::right);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::login_failed);
  CHECK(f.events("login")[0].data.find("expired") != std::string::npos);
  const auto by_program =
      flow::change_by_program(*f.house, "anna.kowalska", Fixture::wish(Fixture::right, Fixture::other), f.facts());
  CHECK_FALSE(by_program);
  REQUIRE(flow::confirm_reset(*f.house, f.get_token(), f.facts()));
  CHECK(f.log_in(f.temporary_password())->must_change == MustChange::reset);
}

TEST_CASE("where only a reset revives an expired password, it does not prove again who one is either") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  expire(f, identity::ExpiryMeaning::reset_only);
  f.now += std::chrono::days(30) - 2min;
  const auto in = f.log_in(Fixture::right);
  REQUIRE(in);
  const rights::Actor anna = *f.visitor(in->session_cookie).actor;
  const flow::GivenProof given{rights::ProofMethod::password, base::Secret(Fixture::right)};
  CHECK(flow::list_proof_methods(*f.house, anna, f.now)->size() == 1);
  f.now += 2min;
  CHECK(flow::list_proof_methods(*f.house, anna, f.now)->empty());
  const auto refused = flow::prove_again(*f.house, anna, given, f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::login_failed);
  CHECK(f.events("proof")[0].data.find("expired") != std::string::npos);
  expire(f, identity::ExpiryMeaning::change_at_login);
  CHECK(flow::prove_again(*f.house, anna, given, f.facts()));
}

TEST_CASE("an expired password must be changed at login where the policy says so") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  expire(f, identity::ExpiryMeaning::change_at_login);
  f.now += std::chrono::days(30);
  const auto in = f.log_in(Fixture::right);
  REQUIRE(in);
  CHECK(in->must_change == MustChange::expired);
  f.change(f.visitor(in->session_cookie), Fixture::right, Fixture::other);
  CHECK(f.log_in(Fixture::other)->must_change == MustChange::no);
}

TEST_CASE("a stricter policy takes effect at the next login, and a session that is open stays") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto before = f.log_in(Fixture::right);
  f.change_policy(
      [](identity::PasswordPolicy& policy) { policy.min_length = policy.min_length_with_second_factor = 30; });
  CHECK(f.visitor(before->session_cookie).actor);
  CHECK(f.log_in(Fixture::right)->must_change == MustChange::policy);
  f.change_policy(
      [](identity::PasswordPolicy& policy) { policy.min_length = policy.min_length_with_second_factor = 8; });
  CHECK(f.log_in(Fixture::right)->must_change == MustChange::no);
}

TEST_CASE("a new installation begins with nist-800-63b, a demonstration with classic that never expires") {
  Fixture f;
  const auto id = f.add_account("anna.kowalska", Fixture::right);
  const identity::PasswordPolicy demo = policy_of(f, id);
  CHECK(demo.name == "classic");
  CHECK(demo.max_age.count() == 0);
  CHECK(demo.required_classes == 3);

  auto opened = store::Store::open({.url = "sqlite::memory:"}, f.master);
  REQUIRE(opened);
  flow::KeyRing keys(**opened);
  f.settings.site.demo = false;
  const flow::House house{**opened, (*opened)->master(), keys, f.gate, f.house->settings};
  REQUIRE(flow::prepare_installation(house, f.now));
  REQUIRE(flow::prepare_installation(house, f.now));
  CHECK(flow::find_policy_for(house, {}, f.now)->name == "nist-800-63b");
}

TEST_CASE("in a new installation there is nobody who could log in") {
  Fixture f;
  CHECK(flow::list_accounts(*f.house, Fixture::operator_actor(), {}, 10)->empty());
  for (const char* login : {"admin", "administrator", "root", "chancery", "test"}) {
    for (const char* password : {"admin", "password", "chancery", ""}) {
      CHECK_FALSE(flow::login_password(*f.house, {login, base::Secret(password)}, f.facts()));
    }
  }
}

TEST_CASE("of the policies of tenant, group and context the strictest of each rule is in force") {
  Fixture f;
  const auto anna = f.add_account("anna.kowalska", Fixture::right, {"user", "administrator"});
  const auto jan = f.add_account("jan.nowak", "River-Copper-2026");
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    const store::Group ward{base::Id::make(f.now), tenant.id, "ward"};
    RETURN_IF_ERROR(store::insert_group(tx, ward));
    RETURN_IF_ERROR(store::add_member(tx, ward.id, jan));
    store::StoredPolicy longer{base::Id::make(f.now), tenant.id, identity::nist_800_63b()};
    longer.policy.name = "ward";
    longer.policy.min_length = 20;
    RETURN_IF_ERROR(store::insert_policy(tx, longer, f.now));
    RETURN_IF_ERROR(store::bind_policy(tx, longer.id, store::PolicyScope::group, ward.id));
    store::StoredPolicy strict{base::Id::make(f.now), tenant.id, identity::nist_800_63b()};
    strict.policy.name = "administrators";
    strict.policy.required_classes = 4;
    RETURN_IF_ERROR(store::insert_policy(tx, strict, f.now));
    ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant.id, "administrator"));
    return store::bind_policy(tx, strict.id, store::PolicyScope::context, context->id);
  }));
  CHECK(policy_of(f, jan).min_length == 20);
  CHECK(policy_of(f, jan).required_classes == 3);
  CHECK(policy_of(f, anna).required_classes == 4);
  CHECK(policy_of(f, anna).min_length == 15);
  CHECK(policy_of(f, anna).history == identity::PasswordPolicy::ever);
}

TEST_CASE("reminders go out once for each threshold, and to nobody whose password does not expire") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right, {"user"}, "anna@clinic.example");
  const auto remind = [&] {
    const auto sent = flow::send_expiry_reminders(*f.house, f.now);
    REQUIRE(sent);
    return *sent;
  };
  CHECK(remind() == 0);
  expire(f, identity::ExpiryMeaning::reset_only);
  std::vector<int> days;
  for (int day = 0; day < 35; ++day) {
    for (int hour = 0; hour < 3; ++hour) {
      if (remind() > 0) days.push_back(day);
      f.now += 8h;
    }
  }
  CHECK(days == std::vector<int>{23, 27, 29});
  f.deliver();
  CHECK(f.count_sent("expiry_reminder") == 3);
}

TEST_CASE("a reminder comes in the installation's language, unless the account has chosen one") {
  Fixture f;
  f.settings.site.language = text::Language::pl;
  f.add_account("anna.kowalska", Fixture::right, {"user"}, "anna@clinic.example");
  const auto jan = f.add_account("jan.nowak", Fixture::right, {"user"}, "jan@clinic.example");
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::set_locale(tx, jan, "de"); }));
  expire(f, identity::ExpiryMeaning::reset_only);
  f.now += 24h * 28;
  REQUIRE(flow::send_expiry_reminders(*f.house, f.now).value() == 2);
  f.deliver();
  for (const flow::MessageItem& mail : f.sent) {
    CHECK(mail.language == (mail.account == jan ? text::Language::de : text::Language::pl));
  }
}

TEST_CASE("an administrator of everything changes and binds policies, on record; nobody else does") {
  Fixture f;
  const auto anna = f.add_account("anna.kowalska", Fixture::right, {"administrator"});
  const rights::Actor by = Fixture::operator_actor();
  REQUIRE(flow::set_policy(*f.house, by, {"ward", "nist-800-63b", {{"min_length", "20"}}}, f.facts()));
  CHECK(policy_of(f, anna).min_length == 8);
  REQUIRE(flow::bind_policy(*f.house, by, {"ward", store::PolicyScope::context, "administrator"}, f.facts()));
  CHECK(policy_of(f, anna).min_length == 20);
  REQUIRE(flow::set_policy(*f.house, by, {"ward", "", {{"min_length", "24"}}}, f.facts()));
  CHECK(policy_of(f, anna).min_length == 24);
  CHECK(policy_of(f, anna).least_score == 3);
  REQUIRE(flow::unbind_policy(*f.house, by, {"ward", store::PolicyScope::context, "administrator"}, f.facts()));
  CHECK(policy_of(f, anna).min_length == 8);
  CHECK(f.events("policy_change").size() == 4);

  const auto code = [](const auto& done) { return done ? base::Code::internal : done.error().code; };
  CHECK(code(flow::set_policy(*f.house, by, {"ward", "", {{"min_length", "0"}}}, f.facts())) ==
        base::Code::invalid_input);
  CHECK(code(flow::set_policy(*f.house, by, {"ward", "", {{"colour", "red"}}}, f.facts())) ==
        base::Code::invalid_input);
  CHECK(code(flow::bind_policy(*f.house, by, {"none", store::PolicyScope::tenant, ""}, f.facts())) ==
        base::Code::not_found);
  const auto plain = f.visitor_of(Fixture::right);
  REQUIRE(plain.actor);
  CHECK(code(flow::set_policy(*f.house, *plain.actor, {"classic", "", {{"min_length", "1"}}}, f.facts())) ==
        base::Code::denied);
}
