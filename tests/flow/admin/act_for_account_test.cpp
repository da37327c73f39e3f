// Acting for another person (S3.9, first kind).
#include "flow/admin/act_for_account.hpp"

#include <doctest/doctest.h>

#include "flow/account/change_contexts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/account/own_account.hpp"
#include "flow/account/own_data.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/suspend_self.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/admin/look_at_account.hpp"
#include "flow/export/export_data.hpp"
#include "flow/login/own_sessions.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/acting.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/driver/sql.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Scene : PersonFixture {
  Scene() {
    // What an account administrator may do, and to act for others.
    const flow::RoleWish role{
        .permissions = std::vector<std::string>{"read_accounts", "support_accounts", "manage_accounts", "read_audit",
                                                "manage_messages", "manage_groups", "act_for_others"}};
    REQUIRE(flow::create_role(*house, operator_actor(), {"", "deputy"}, role, facts()));
    const flow::ContextWish context{.role = "deputy"};
    REQUIRE(flow::create_acting_context(*house, operator_actor(), {"", "deputy"}, context, facts()));
    ada = add("ada", {"deputy"});
    jan = add("jan", {"user"});
    cookie = log_in("ada");
  }
  base::Id add(const std::string& login, std::vector<std::string> contexts) {
    flow::NewAccount wished = wish(login);
    wished.email = login + "@clinic.example";
    wished.contexts = std::move(contexts);
    return create(wished);
  }
  base::Result<void> begin(const std::string& whom, const std::string& context = "user") {
    flow::RequestFacts asked = facts();
    asked.motive = audit::motive::asked;
    auto begun = flow::begin_acting(*house, actor(cookie), {whom, context}, asked);
    if (!begun) return base::fail(begun.error().code, begun.error().reason);
    cookie = std::string(begun->reveal());
    return {};
  }
  flow::Visitor visit() {
    auto visitor = flow::find_visitor(*house, cookie, facts());
    REQUIRE(visitor);
    return *std::move(visitor);
  }
  rights::Actor acting() {
    REQUIRE(begin(jan.to_string()));
    rights::Actor found = actor(cookie);
    REQUIRE(found.is_acting());
    return found;
  }
  std::vector<audit::Event> of_acting() { return events("act_for"); }
  base::Id ada;
  base::Id jan;
  std::string cookie;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("who has the permission acts in the context of another person, and every event names both") {
  Scene f;
  const std::string before = f.cookie;
  REQUIRE(f.begin(f.jan.to_string()));
  CHECK_FALSE(flow::find_visitor(*f.house, before, f.facts())->actor);  // the old cookie is void
  const rights::Actor actor = f.actor(f.cookie);
  CHECK(actor.account().id == f.jan);
  CHECK(actor.context().key == "user");
  CHECK(actor.holder().id == f.ada);
  CHECK_FALSE(actor.may(rights::Permission::act_for_others));
  const audit::Event begun = f.of_acting().front();
  CHECK(begun.actor == f.ada);
  CHECK(begun.on_behalf_of == f.jan);
  CHECK(begun.subject == f.jan);
  CHECK(has(begun.data, R"("step":"begun","motive":"asked")"));
  REQUIRE(flow::choose_language(*f.house, actor, "de", f.facts()));
  const audit::Event changed = f.events("account_change").front();
  CHECK(changed.actor == f.ada);
  CHECK(changed.on_behalf_of == f.jan);
  CHECK(changed.subject == f.jan);
  CHECK(f.account(f.jan).locale == "de");
  CHECK(f.account(f.ada).locale != "de");
}

TEST_CASE("the other person is told, unless the installation does not want it") {
  Scene f;
  REQUIRE(f.begin(f.jan.to_string()));
  REQUIRE(f.messages().size() == 1);
  CHECK(f.messages().front().to == "jan@clinic.example");
  Scene silent;
  silent.settings.session.acting_told = false;
  REQUIRE(silent.begin(silent.jan.to_string()));
  CHECK(silent.messages().empty());
}

TEST_CASE("whether the other person is told is a value of the tenant, which those below it inherit until they choose") {
  Scene f;
  const rights::Actor by = Scene::operator_actor();
  const base::Id first = f.account(f.jan).tenant_id;
  const base::Id clinic = flow::create_tenant(*f.house, by, {"clinic", ""}, {}, f.facts()).value();
  const base::Id ward = flow::create_tenant(*f.house, by, {"ward", "clinic"}, {}, f.facts()).value();
  const auto choose = [&](const char* tenant, const char* told) {
    return flow::change_tenant(*f.house, by, tenant, {.acting_told = told}, f.facts());
  };
  const auto told = [&](const base::Id& tenant) {
    return f.store->read([&](store::Tx& tx) { return flow::is_acting_told(*f.house, tx, tenant); }).value();
  };
  CHECK(choose("", "perhaps").error().code == base::Code::invalid_input);
  CHECK_FALSE(choose("", "").value());
  REQUIRE(choose("", "no").value());
  CHECK(has(f.events("tenant_change").front().data, R"("acting_told":"no")"));
  CHECK_FALSE(told(first));
  CHECK_FALSE(told(ward));
  REQUIRE(choose("clinic", "yes").value());
  CHECK(told(clinic));
  CHECK(told(ward));
  CHECK_FALSE(told(first));
  REQUIRE(choose("clinic", "").value());
  CHECK_FALSE(told(ward));
  CHECK_FALSE(flow::find_acting_choices(*f.house, f.actor(f.cookie), f.jan.to_string(), f.now)->is_told);
  REQUIRE(f.begin(f.jan.to_string()));
  CHECK(f.messages().empty());
  // The tenant's own choice counts before that of the installation.
  f.settings.session.acting_told = false;
  REQUIRE(choose("", "yes").value());
  CHECK(told(ward));
  REQUIRE(choose("", "").value());
  CHECK_FALSE(told(ward));
}

TEST_CASE("one returns to the own account, by the button, at the logout, or when the time is over") {
  Scene f;
  const std::string acting = [&] {
    (void)f.acting();
    return f.cookie;
  }();
  auto back = flow::end_acting(*f.house, f.actor(f.cookie), f.facts());
  REQUIRE(back);
  f.cookie = std::string(back->reveal());
  CHECK(f.actor(f.cookie).account().id == f.ada);
  CHECK(f.actor(f.cookie).context().key == "deputy");
  CHECK_FALSE(flow::find_visitor(*f.house, acting, f.facts())->actor);
  CHECK(has(f.of_acting().front().data, R"("step":"ended","why":"returned")"));
  CHECK(flow::end_acting(*f.house, f.actor(f.cookie), f.facts()).error().code == base::Code::conflict);

  f.settings.session.acting_lasts = 10min;
  (void)f.acting();
  f.now += 9min;
  CHECK(f.actor(f.cookie).is_acting());
  f.now += 1min;
  const flow::Visitor over = f.visit();
  CHECK(over.actor->account().id == f.ada);
  CHECK(over.acting_ended == audit::why::time_over);
  CHECK(has(f.of_acting().front().data, "time_over"));
  CHECK(f.visit().acting_ended.empty());  // it is said once

  Scene g;
  (void)g.acting();
  REQUIRE(flow::logout(*g.house, g.visit(), audit::why::logout, g.facts()));
  CHECK_FALSE(g.visit().actor);
  CHECK(has(g.of_acting().front().data, R"("why":"logout")"));
  CHECK(g.events("logout").front().actor == g.ada);
}

TEST_CASE("nobody acts for an account with more rights, of another organisation, that is no person's, or for himself") {
  Scene f;
  const base::Id root = f.add("root", {"super_administrator"});
  CHECK(f.begin(root.to_string(), "super_administrator").error().code == base::Code::denied);
  CHECK(f.begin(root.to_string()).error().code == base::Code::denied);
  CHECK(f.begin(f.ada.to_string(), "deputy").error().code == base::Code::denied);
  CHECK(f.begin(base::Id::make(f.now).to_string()).error().code == base::Code::not_found);
  CHECK(f.begin(f.jan.to_string(), "administrator").error().code == base::Code::denied);  // a context that Jan lacks
  REQUIRE(flow::suspend_account(*f.house, Scene::operator_actor(), f.jan.to_string(), f.facts()));
  CHECK(f.begin(f.jan.to_string()).error().code == base::Code::conflict);
  CHECK(flow::begin_acting(*f.house, Scene::operator_actor(), {f.jan.to_string(), "user"}, f.facts()).error().code ==
        base::Code::denied);
  CHECK(f.of_acting().empty());
  CHECK_FALSE(f.actor(f.cookie).is_acting());
}

TEST_CASE("without the permission, or without a fresh proof, nobody acts for another") {
  Scene f;
  const std::string jan = f.log_in("jan");
  const base::Id ewa = f.add("ewa", {"user"});
  CHECK(flow::begin_acting(*f.house, f.actor(jan), {ewa.to_string(), "user"}, f.facts()).error().code ==
        base::Code::denied);
  f.now += 10min;
  const auto stale = f.begin(ewa.to_string());
  CHECK(stale.error().code == base::Code::denied);
  CHECK(stale.error().reason == flow::proof_needed);
  CHECK(f.of_acting().empty());
}

TEST_CASE("who acts for one person acts for no other at the same time, and chooses no context") {
  Scene f;
  const base::Id ewa = f.add("ewa", {"administrator"});
  REQUIRE(f.begin(ewa.to_string(), "administrator"));
  CHECK(f.begin(f.jan.to_string()).error().code == base::Code::conflict);
  CHECK(flow::choose_context(*f.house, f.visit(), "deputy", f.facts()).error().code == base::Code::denied);
}

TEST_CASE("what a person has to do in person stays closed: proofs, password, addresses, suspension, deletion") {
  Scene f;
  const rights::Actor actor = f.acting();
  CHECK_FALSE(actor.may(rights::Permission::own_password));
  CHECK_FALSE(actor.may(rights::Permission::own_suspension));
  CHECK_FALSE(actor.may(rights::Permission::own_deletion));
  CHECK_FALSE(flow::has_fresh_proof(*f.house, actor, f.now));
  CHECK(flow::demand_fresh_proof(*f.house, actor, f.now).error().reason == flow::not_while_acting);
  for (const char* password : {Scene::password, "Wrong-Password-1"}) {
    const auto proven =
        flow::prove_again(*f.house, actor, {rights::ProofMethod::password, base::Secret(password)}, f.facts());
    CHECK(proven.error().reason == flow::not_while_acting);
  }
  CHECK(flow::suspend_self(*f.house, actor, f.facts()).error().code == base::Code::denied);
  CHECK(flow::demand_editor_kind(actor).error().reason == flow::not_while_acting);
  CHECK(flow::confirm_address(*f.house, actor, "email", "123456", f.facts()).error().code == base::Code::denied);
  CHECK(flow::end_other_sessions(*f.house, actor, f.facts()).error().code == base::Code::denied);
  CHECK(f.events("proof").empty());
  CHECK(f.account(f.jan).status == identity::AccountStatus::active);
}

TEST_CASE("acting ends at the next request when a right or an account is taken away, and does not come back") {
  struct Loss {
    void (*take)(Scene&);
    std::string_view why;
  };
  const Loss losses[] = {
      {[](Scene& f) { REQUIRE(flow::suspend_account(*f.house, Scene::operator_actor(), "jan", f.facts())); },
       "account_not_active"},
      {[](Scene& f) {
         const flow::RoleWish less{.permissions = std::vector<std::string>{"read_accounts", "manage_accounts"}};
         REQUIRE(flow::change_role(*f.house, Scene::operator_actor(), {"", "deputy"}, less, f.facts()));
       },
       "permission_taken"},
      {[](Scene& f) {
         REQUIRE(flow::add_context(*f.house, Scene::operator_actor(), {"jan", "super_administrator"}, f.facts()));
       },
       "more_rights"},
      {[](Scene& f) {
         REQUIRE(flow::add_context(*f.house, Scene::operator_actor(), {"jan", "administrator"}, f.facts()));
         REQUIRE(flow::remove_context(*f.house, Scene::operator_actor(), {"jan", "user"}, f.facts()));
       },
       "context_taken"},
      {[](Scene& f) { REQUIRE(flow::delete_account(*f.house, Scene::operator_actor(), "jan", f.facts())); },
       "account_not_active"},
  };
  for (const Loss& loss : losses) {
    Scene f;
    const rights::Actor actor = f.acting();
    loss.take(f);
    // A request that had begun before writes nothing.
    CHECK(flow::choose_language(*f.house, actor, "pl", f.facts()).error().code == base::Code::denied);
    const flow::Visitor visitor = f.visit();
    CHECK(visitor.actor->account().id == f.ada);
    CHECK(visitor.acting_ended == loss.why);
    CHECK(has(f.of_acting().front().data, loss.why));
    CHECK(f.visit().acting_ended.empty());
  }
}

TEST_CASE("acting ends when the holder loses the context, is suspended, or logs in elsewhere with a new stamp") {
  Scene f;
  const rights::Actor actor = f.acting();
  REQUIRE(flow::suspend_account(*f.house, Scene::operator_actor(), "ada", f.facts()));
  CHECK_FALSE(f.visit().actor);
  CHECK(flow::choose_language(*f.house, actor, "pl", f.facts()).error().code == base::Code::denied);
  Scene g;
  const rights::Actor other = g.acting();
  REQUIRE(flow::remove_context(*g.house, Scene::operator_actor(), {"ada", "deputy"}, g.facts()));
  CHECK_FALSE(g.visit().actor);
  CHECK(flow::choose_language(*g.house, other, "pl", g.facts()).error().code == base::Code::denied);
}

TEST_CASE("an error in the middle leaves the own session unchanged") {
  Scene f;
  const auto is_own = [&] {
    const rights::Actor actor = f.actor(f.cookie);
    return actor.account().id == f.ada && !actor.is_acting();
  };
  CHECK(f.begin(f.jan.to_string(), "no_such_context").error().code == base::Code::denied);
  CHECK(is_own());
  // The message cannot be written, after the session was replaced in the same transaction.
  REQUIRE(f.store->write([](store::Tx& tx) { return tx.run("ALTER TABLE outbox RENAME TO outbox_away", {}); }));
  CHECK_FALSE(f.begin(f.jan.to_string()));
  CHECK(is_own());
  CHECK(f.of_acting().empty());
}

TEST_CASE("the sessions of the two are not mixed up: each list has those of its own account") {
  Scene f;
  const std::string of_jan = f.log_in("jan");
  const base::Id session_of_jan = f.actor(of_jan).session().id;
  const rights::Actor actor = f.acting();
  const auto shown = flow::list_own_sessions(*f.house, actor, {}, f.now).value().rows;
  REQUIRE(shown.size() == 1);
  CHECK(shown.front().session.id == session_of_jan);
  CHECK_FALSE(shown.front().is_own);
  REQUIRE(flow::list_own_sessions(*f.house, f.actor(of_jan), {}, f.now).value().rows.size() == 1);
  CHECK(flow::end_own_session(*f.house, actor, actor.session().id, f.facts()).error().code == base::Code::denied);
  CHECK(flow::end_own_session(*f.house, actor, session_of_jan, f.facts()).error().code == base::Code::denied);
  CHECK(f.actor(of_jan).account().id == f.jan);
}

TEST_CASE("who acts gets no copy of the other person's data, and tries no passwords on their rules") {
  Scene f;
  const rights::Actor actor = f.acting();
  CHECK(flow::export_own_data(*f.house, actor, "json", f.facts()).error().reason == flow::not_while_acting);
  CHECK(f.events("data_export").empty());
  CHECK(flow::preview_password(*f.house, f.visit(), "Forest-Amber-2026", f.now).error().reason ==
        flow::not_while_acting);
}

TEST_CASE("what one looks at for another person is recorded, whatever that person looked at before") {
  Scene f;
  const base::Id ewa = f.add("ewa", {"administrator"});
  const std::string of_ewa = f.log_in("ewa");
  REQUIRE(flow::look_at_account(*f.house, f.actor(of_ewa), f.jan.to_string(), f.facts()));
  REQUIRE(f.begin(ewa.to_string(), "administrator"));
  REQUIRE(flow::look_at_account(*f.house, f.actor(f.cookie), f.jan.to_string(), f.facts()));
  REQUIRE(flow::look_at_account(*f.house, f.actor(f.cookie), ewa.to_string(), f.facts()));
  const auto looks = f.events("account_read");
  REQUIRE(looks.size() == 3);
  CHECK(looks.at(0).subject == ewa);
  CHECK(looks.at(1).subject == f.jan);
  for (const auto& look : {looks.at(0), looks.at(1)}) {
    CHECK(look.actor == f.ada);
    CHECK(look.on_behalf_of == ewa);
  }
}

TEST_CASE("when the session is ended by somebody else, the end of the acting is recorded, too") {
  Scene f;
  (void)f.acting();
  REQUIRE(flow::end_sessions_for(*f.house, Scene::operator_actor(), "ada", f.facts()));
  CHECK_FALSE(f.visit().actor);
  CHECK(has(f.of_acting().front().data, R"("step":"ended","why":"ended_by_administrator")"));
  CHECK(f.of_acting().front().actor == f.ada);
  CHECK(f.of_acting().front().on_behalf_of == f.jan);
}
