// What a refusal costs must not show whether the typed name exists: the same hashes and the same statements, whatever
// the true reason is (S4.6, security rules 1 and 7).
#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "counted_work.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/password_fixture.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/password_proof.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/password/passwords.hpp"

using testing::measure;
using testing::PasswordFixture;
using testing::Work;

namespace {

struct Scene : PasswordFixture {
  explicit Scene(flow::LockoutForm form) {
    settings.lockout.form = form;
    anna = add_account("anna.kowalska", right);
  }
  base::Result<void> set(const std::function<base::Result<void>(store::Tx&)>& change) { return store->write(change); }
  void set_status(identity::AccountStatus status) {
    REQUIRE(set([&](store::Tx& tx) { return store::set_account_status(tx, anna, status, now, std::nullopt); }));
  }
  base::Id add(const std::string& login, std::vector<std::string> contexts, const std::string& password) {
    flow::NewAccount wished;
    wished.login = login;
    wished.contexts = std::move(contexts);
    wished.password = base::Secret(password);
    wished.must_change = false;
    const auto id = flow::create_account(*house, operator_actor(), wished, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  // An account for which a correct password is not enough.
  base::Id add_for_two_factors(const std::string& login) {
    REQUIRE(set([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
      rights::ActingContext strict;
      strict.id = base::Id::make(now);
      strict.tenant_id = tenant.id;
      strict.key = "strict";
      strict.level = 2;
      return store::insert_context(tx, strict);
    }));
    return add(login, {"strict"}, right);
  }
  base::Id anna;
};

// One reason to refuse: what is done to Anna's account, and what is typed then.
struct Reason {
  std::string name;  // as the audit log has it
  std::function<void(Scene&)> prepare;
  std::string login = "anna.kowalska";
  std::string password = PasswordFixture::right;
};

void nothing(Scene&) {}

std::vector<Reason> reasons() {
  using identity::AccountStatus;
  return {
      {"unknown_login", nothing, "nobody.here"},
      {"unknown_login", nothing, "nobody@clinic.example"},
      {"wrong_password", nothing, "anna.kowalska", "Wrong-Password-1"},
      {"suspended", [](Scene& s) { s.set_status(AccountStatus::suspended_admin); }},
      {"suspended", [](Scene& s) { s.set_status(AccountStatus::suspended_self); }, "anna.kowalska", "Wrong-Password-1"},
      {"deleted", [](Scene& s) { s.set_status(AccountStatus::deleted); }},
      {"no_password", [](Scene& s) { s.add("ewa", {"user"}, ""); }, "ewa"},
      {"expired",
       [](Scene& s) {
         s.change_policy([](identity::PasswordPolicy& policy) {
           policy.max_age = std::chrono::hours(24);
           policy.expiry_meaning = identity::ExpiryMeaning::reset_only;
         });
         s.now += std::chrono::hours(25);
       }},
  };
}

using Door = std::function<bool(Scene&, const std::string& login, const std::string& password)>;

bool try_login(Scene& s, const std::string& login, const std::string& password) {
  return s.log_in(password, login).has_value();
}
bool try_change_by_program(Scene& s, const std::string& login, const std::string& password) {
  return flow::change_by_program(*s.house, login, Scene::wish(password, Scene::other), s.facts()).has_value();
}

void check_all_equal(const Door& door, std::string_view event, flow::LockoutForm form, const std::vector<Reason>& all) {
  std::optional<Work> first;
  for (const Reason& reason : all) {
    Scene s(form);
    // A first failure of another name, so that work that the process does only once is not counted.
    (void)door(s, "warm.up", "Wrong-Password-1");
    reason.prepare(s);
    bool succeeded = false;
    const Work work = measure([&] { succeeded = door(s, reason.login, reason.password); });
    CAPTURE(reason.name);
    CHECK_FALSE(succeeded);
    CHECK(s.events(std::string(event)).front().data.find('"' + reason.name + '"') != std::string::npos);
    if (!first) first = work;
    CHECK(work == *first);
    CHECK(work.hashes == 1);
  }
}

}  // namespace

TEST_CASE("a refused login costs the same whatever the reason is") {
  std::vector<Reason> all = reasons();
  all.push_back({"no_context", [](Scene& s) { s.add_for_two_factors("ewa"); }, "ewa"});
  for (const auto form : {flow::LockoutForm::classic, flow::LockoutForm::protective}) {
    check_all_equal(try_login, "login", form, all);
  }
}

TEST_CASE("a refused change of password by a program costs the same whatever the reason is") {
  for (const auto form : {flow::LockoutForm::classic, flow::LockoutForm::protective}) {
    check_all_equal(try_change_by_program, "proof", form, reasons());
  }
}

TEST_CASE("to ask for a new password costs the same whether somebody has that name or not") {
  std::optional<Work> first;
  for (const Reason& reason : reasons()) {
    Scene s(flow::LockoutForm::classic);
    reason.prepare(s);
    // The worker of the outbox looks up the account later.
    const Work work = measure([&] {
      REQUIRE(flow::ask_for_reset(*s.house, {reason.login, "", text::Language::en}, s.facts()));
    });
    CAPTURE(reason.name);
    if (!first) first = work;
    CHECK(work == *first);
    CHECK(work.hashes == 0);
  }
}

TEST_CASE("from the first failure to the lock and beyond, a name that nobody has costs what an account costs") {
  for (const auto form : {flow::LockoutForm::classic, flow::LockoutForm::protective}) {
    for (const Door& door : {Door(try_login), Door(try_change_by_program)}) {
      Scene s(form);
      (void)door(s, "warm.up", "Wrong-Password-1");
      for (int i = 1; i <= 9; ++i) {
        CAPTURE(i);
        const Work known = measure([&] { (void)door(s, "anna.kowalska", "Wrong-Password-1"); });
        const Work unknown = measure([&] { (void)door(s, "nobody.here", "Wrong-Password-1"); });
        CHECK(known == unknown);
      }
    }
  }
}

TEST_CASE("above the rate of a minute the failures of a name that nobody has are written as seldom as an account's") {
  Scene s(flow::LockoutForm::classic);
  s.settings.audit.failures_each_minute = 3;
  for (int i = 1; i <= 8; ++i) {
    CAPTURE(i);
    // The doublings of one address count together, so that each is compared at its own step.
    const auto count_of = [&](const std::string& login) {
      Scene fresh(flow::LockoutForm::classic);
      fresh.settings.audit.failures_each_minute = 3;
      for (int before = 1; before < i; ++before) (void)try_login(fresh, "nobody." + std::to_string(before), "x");
      return measure([&] { (void)try_login(fresh, login, "Wrong-Password-1"); });
    };
    CHECK(count_of("anna.kowalska") == count_of("nobody.here"));
  }
}

TEST_CASE("a browser that is known at one account learns nothing about the names of others by the work") {
  Scene s(flow::LockoutForm::protective);
  const auto done = s.log_in(Scene::right);
  REQUIRE(done);
  flow::RequestFacts known = s.facts();
  known.devices = std::string(done->device_cookie.reveal());
  const auto work_of = [&](const std::string& login) {
    return measure([&] { (void)flow::login_password(*s.house, {login, base::Secret("Wrong-Password-1")}, known); });
  };
  (void)work_of("warm.up");
  const Work own = work_of("anna.kowalska");
  CHECK(work_of("nobody.here") == own);
}

TEST_CASE("a password that was changed after the comparison proves nothing, and costs the same") {
  const auto try_late = [](Scene& s, bool is_changed) {
    const flow::RequestFacts facts = s.facts();
    const flow::Claim claim = flow::claim_login("anna.kowalska");
    auto proving = flow::begin_proof(*s.house, facts, {.event = audit::type::login}, claim);
    REQUIRE(proving);
    auto proof = flow::compare_password(*proving, claim, base::Secret(is_changed ? Scene::right : "Wrong-Password-1"));
    REQUIRE(proof);
    if (is_changed) {
      REQUIRE(s.set([&](store::Tx& tx) {
        return store::set_password(tx, s.anna,
                                   base::Secret(crypto::hash_password(base::Secret(Scene::other), {8, 1}).value()),
                                   identity::PasswordOrigin::own, s.now);
      }));
    }
    return measure([&] {
      const auto settled = s.store->write([&](store::Tx& tx) { return flow::settle_proof(*proving, tx, *proof); });
      REQUIRE(settled);
      CHECK(settled->refusal == (is_changed ? "password_changed" : "wrong_password"));
    });
  };
  Scene changed(flow::LockoutForm::classic);
  Scene wrong(flow::LockoutForm::classic);
  CHECK(try_late(changed, true) == try_late(wrong, false));
}

TEST_CASE("the right password alone forgets no failures where it is not a whole login") {
  Scene s(flow::LockoutForm::classic);
  const base::Id ewa = s.add_for_two_factors("ewa");
  const auto failures = [&](const base::Id& id) {
    return s.store->read([&](store::Tx& tx) { return store::find_account(tx, id); }).value()->failures;
  };
  for (const std::string login : {"anna.kowalska", "ewa"}) {
    for (int i = 0; i < 3; ++i) (void)try_login(s, login, "Wrong-Password-1");
  }
  // The old password is right, and the new one is refused: nothing was logged in to.
  for (const std::string login : {"anna.kowalska", "ewa"}) {
    const auto judged = flow::change_by_program(*s.house, login, Scene::wish(Scene::right, "short"), s.facts());
    REQUIRE(judged);
    CHECK_FALSE(judged->is_fine());
  }
  CHECK(failures(s.anna) == 3);
  CHECK(failures(ewa) == 3);
  // For Ewa the password is only the first of two factors: it counts as one failure more, not as a success.
  CHECK_FALSE(s.log_in(Scene::right, "ewa"));
  CHECK(failures(ewa) == 4);
  REQUIRE(s.log_in(Scene::right));
  CHECK(failures(s.anna) == 0);
}
