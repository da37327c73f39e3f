// One act on many accounts: the preview, the run with an outcome for each account, and what ends it.
#include "flow/admin/bulk_act.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "flow/account/search_accounts.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/admin/run_bulk.hpp"
#include "flow/export/print_bulk.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/logout.hpp"
#include "store/account/bulk_acts.hpp"
#include "store/account/contexts.hpp"
#include "text/text.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

using Outcomes = std::map<std::string, int>;

/// Ada, an administrator who is logged in, and root, who has more rights.
struct Office : PersonFixture {
  Office() {
    ada = create_in("ada", "administrator");
    root = create_in("root", "super_administrator");
    cookie = log_in("ada");
  }
  base::Id create_in(const std::string& login, const std::string& context) {
    flow::NewAccount wished = wish(login);
    wished.contexts = {context};
    wished.email = login + "@clinic.example";
    return create(wished);
  }
  std::vector<base::Id> add_people(int count) {
    std::vector<base::Id> ids;
    for (int i = 0; i < count; ++i) {
      const std::string login = "person" + std::to_string(i);
      ids.push_back(add_person(login, login + "@clinic.example"));
    }
    return ids;
  }
  [[nodiscard]] flow::RequestFacts with_reason() const {
    flow::RequestFacts given = facts();
    given.motive = audit::motive::left;
    return given;
  }
  base::Id begin(const flow::BulkWish& wish) {
    const auto id = flow::begin_bulk(*house, actor(cookie), wish, with_reason());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  void step() { REQUIRE(flow::run_bulk_step(*house, now)); }
  void run() {
    for (int i = 0; i < 2000 && flow::run_bulk_step(*house, now).value(); ++i) {
    }
  }
  flow::BulkProgress progress(const base::Id& id) { return flow::read_bulk(*house, actor(cookie), id).value(); }
  /// As the database has it, also after the person may not look any more.
  std::string state(const base::Id& id) {
    return store->read([&](store::Tx& tx) { return store::find_bulk_act(tx, id); }).value().value().state;
  }
  Outcomes outcomes(const base::Id& id) {
    Outcomes found;
    const auto items = store->read([&](store::Tx& tx) { return store::list_bulk_items(tx, id); });
    for (const auto& item : *items) {
      ++found[item.outcome];
    }
    return found;
  }
  Outcomes run_all(const char* act, const char* target, const std::vector<base::Id>& ids) {
    const base::Id id = begin({act, target, ids});
    run();
    now += 1s;
    return outcomes(id);
  }
  std::vector<audit::Event> steps_of(const base::Id& id) {
    std::vector<audit::Event> found = events("bulk_act");
    std::erase_if(found, [&](const auto& event) { return event.data.find(id.to_string()) == std::string::npos; });
    std::reverse(found.begin(), found.end());  // events() has the newest first
    return found;
  }

  base::Id ada;
  base::Id root;
  std::string cookie;
};

}  // namespace

TEST_CASE("a preview says for each account whether it will be done or why not, and does nothing") {
  Office f;
  std::vector<base::Id> ids = f.add_people(4);
  REQUIRE(flow::suspend_account(*f.house, PersonFixture::operator_actor(), "person3", f.facts()));
  ids.insert(ids.end(), {f.ada, f.root, base::Id::make(f.now), ids.front()});
  Outcomes found;
  const auto rows = flow::preview_bulk(*f.house, f.actor(f.cookie), {"suspend", "", ids}, f.now);
  REQUIRE(rows);
  for (const auto& row : *rows) {
    ++found[row.outcome];
  }
  CHECK(found == Outcomes{{"", 3}, {"already", 1}, {"own", 1}, {"above", 1}, {"gone", 1}});
  CHECK(f.account(ids.front()).status == identity::AccountStatus::active);
  CHECK(f.events("bulk_act").empty());
}

TEST_CASE("each account of a run is changed as on its own page, with its own event that names the run") {
  Office f;
  std::vector<base::Id> ids = f.add_people(5);
  ids.insert(ids.end(), {f.ada, f.root});
  const std::string session = f.log_in("person0");
  const base::Id id = f.begin({"suspend", "", ids});
  CHECK(f.progress(id).waiting == 7);
  f.step();
  CHECK(f.progress(id).waiting == 6);
  f.run();
  CHECK(f.outcomes(id) == Outcomes{{"done", 5}, {"own", 1}, {"above", 1}});
  CHECK(f.progress(id).run.state == "done");
  CHECK_FALSE(flow::find_visitor(*f.house, session, f.facts())->session());
  CHECK(f.account(f.root).status == identity::AccountStatus::active);
  const auto events = f.events("account_suspend");
  REQUIRE(events.size() == 5);
  for (const audit::Event& event : events) {
    CHECK(event.actor == f.ada);
    CHECK(event.request_id == id.to_string());
    CHECK(event.data == R"({"motive":"left"})");
  }
  const auto steps = f.steps_of(id);
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].data ==
        R"({"step":"begun","act":"suspend","accounts":"7","run":")" + id.to_string() + R"(","motive":"left"})");
  CHECK(steps[1].data.find(R"("step":"done","act":"suspend","accounts":"5")") != std::string::npos);
}

TEST_CASE("every act says of each account whether it was done, was so already, or why not") {
  Office f;
  REQUIRE(flow::create_group(*f.house, PersonFixture::operator_actor(), {"", "nurses"}, f.facts()));
  std::vector<base::Id> ids = f.add_people(2);
  CHECK(f.run_all("add_group", "nurses", ids) == Outcomes{{"done", 2}});
  CHECK(f.run_all("add_group", "nurses", ids) == Outcomes{{"already", 2}});
  CHECK(f.run_all("remove_group", "nurses", ids) == Outcomes{{"done", 2}});
  CHECK(f.run_all("give_context", "administrator", ids) == Outcomes{{"done", 2}});
  CHECK(f.run_all("give_context", "administrator", ids) == Outcomes{{"already", 2}});
  CHECK(f.run_all("take_context", "administrator", ids) == Outcomes{{"done", 2}});
  CHECK(f.run_all("restore", "", ids) == Outcomes{{"already", 2}});
  CHECK(f.run_all("suspend", "", ids) == Outcomes{{"done", 2}});
  CHECK(f.run_all("reset", "", ids) == Outcomes{{"impossible", 2}});
  CHECK(f.run_all("restore", "", ids) == Outcomes{{"done", 2}});
  ids.push_back(f.add_person("silent", ""));
  CHECK(f.run_all("reset", "", ids) == Outcomes{{"done", 2}, {"no_channel", 1}});
  CHECK(f.run_all("sessions", "", ids) == Outcomes{{"done", 3}});
  CHECK(f.events("account_suspend").size() == 2);
  CHECK(f.events("account_restore").size() == 2);
}

TEST_CASE("every outcome and state has its sentence") {
  for (const std::string_view outcome : flow::bulk_outcome::all) {
    CHECK_MESSAGE(text::has("bulk.outcome." + std::string(outcome)), outcome);
  }
  for (const std::string_view act : flow::bulk_acts) CHECK_MESSAGE(text::has("bulk.act." + std::string(act)), act);
}

TEST_CASE("no account is changed twice, whoever runs it and however often it was interrupted") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(6);
  const base::Id id = f.begin({"reset", "", ids});
  // Another node has read the same account that waits, and comes later.
  const auto item = f.store->read([&](store::Tx& tx) { return store::find_waiting_item(tx, id); }).value().value();
  f.step();
  CHECK_FALSE(
      f.store->write([&](store::Tx& tx) { return store::settle_bulk_item(tx, id, item.position, "done"); }).value());
  // The next process knows nothing but the rows.
  const flow::House other = *f.house;
  while (flow::run_bulk_step(other, f.now).value()) {
  }
  CHECK(f.outcomes(id) == Outcomes{{"done", 6}});
  std::set<base::Id> subjects;
  for (const audit::Event& event : f.events("password_reset")) {
    if (event.data.find("asked_by_administrator") != std::string::npos) CHECK(subjects.insert(*event.subject).second);
  }
  CHECK(subjects.size() == 6);
}

TEST_CASE(
    "whoever is suspended, logs out, loses the context or chooses another one does nothing more, and it is said") {
  using Loss = std::function<void(Office&)>;
  const std::map<std::string, Loss> losses{
      {"suspended",
       [](Office& f) { REQUIRE(flow::suspend_account(*f.house, PersonFixture::operator_actor(), "ada", f.facts())); }},
      {"logged out",
       [](Office& f) {
         const auto visitor = flow::find_visitor(*f.house, f.cookie, f.facts());
         REQUIRE(flow::logout(*f.house, *visitor, audit::why::logout, f.facts()));
       }},
      {"context taken away",
       [](Office& f) {
         const auto contexts = f.store->read([&](store::Tx& tx) { return store::list_contexts(tx, f.ada, f.now); });
         REQUIRE(f.store->write(
             [&](store::Tx& tx) { return store::take_context(tx, f.ada, contexts.value().front().id, f.now); }));
       }},
      {"new security stamp",
       [](Office& f) {
         REQUIRE(f.store->write([&](store::Tx& tx) { return store::raise_security_stamp(tx, f.ada); }));
       }},
  };
  for (const auto& [name, lose] : losses) {
    CAPTURE(name);
    Office f;
    const std::vector<base::Id> ids = f.add_people(4);
    const base::Id id = f.begin({"suspend", "", ids});
    f.step();
    lose(f);
    f.run();
    CHECK(f.state(id) == "refused");
    CHECK(f.outcomes(id) == Outcomes{{"done", 1}, {"refused", 3}});
    CHECK(f.account(ids.back()).status == identity::AccountStatus::active);
    const auto steps = f.steps_of(id);
    REQUIRE(steps.size() == 2);
    CHECK(steps[1].outcome == "failure");
    CHECK(steps[1].actor == f.ada);
    CHECK(steps[1].data.find(R"("step":"refused")") != std::string::npos);
  }
}

TEST_CASE("a new proof gives the session a new id, and the run goes on") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(3);
  const base::Id id = f.begin({"suspend", "", ids});
  f.step();
  const auto renewed = flow::prove_again(
      *f.house, f.actor(f.cookie), {rights::ProofMethod::password, base::Secret(PersonFixture::password)}, f.facts());
  REQUIRE(renewed);
  f.cookie = std::string(renewed->reveal());
  f.run();
  CHECK(f.outcomes(id) == Outcomes{{"done", 3}});
}

TEST_CASE("its person stops a run; what was done stays, and the rest is as it was") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(4);
  const base::Id id = f.begin({"suspend", "", ids});
  f.step();
  REQUIRE(flow::stop_bulk(*f.house, f.actor(f.cookie), id, f.facts()));
  f.run();
  CHECK(f.progress(id).run.state == "stopped");
  CHECK(f.outcomes(id) == Outcomes{{"done", 1}, {"stopped", 3}});
  CHECK(f.account(ids.back()).status == identity::AccountStatus::active);
  CHECK(flow::stop_bulk(*f.house, f.actor(f.cookie), id, f.facts()).error().code == base::Code::conflict);
  CHECK(f.steps_of(id).back().data.find(R"("step":"stopped")") != std::string::npos);
}

TEST_CASE("an account that changes after the preview is judged in the moment in which it would be changed") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(2);
  const base::Id id = f.begin({"suspend", "", ids});
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto context,
                     store::find_context_by_key(tx, f.account(f.root).tenant_id, "super_administrator"));
    return store::give_context(tx, ids.back(), context->id, f.now);
  }));
  f.run();
  CHECK(f.outcomes(id) == Outcomes{{"done", 1}, {"above", 1}});
}

TEST_CASE("a person has one run at a time, and nobody else sees or stops it") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(2);
  const base::Id id = f.begin({"suspend", "", ids});
  const auto second = flow::begin_bulk(*f.house, f.actor(f.cookie), {"suspend", "", ids}, f.with_reason());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::Code::already_exists);
  f.create_in("eva", "administrator");
  const rights::Actor eva = f.actor(f.log_in("eva"));
  CHECK(flow::read_bulk(*f.house, eva, id).error().code == base::Code::not_found);
  CHECK(flow::stop_bulk(*f.house, eva, id, f.facts()).error().code == base::Code::not_found);
  CHECK(flow::list_bulk(*f.house, eva, 10)->empty());
  CHECK(flow::list_bulk(*f.house, f.actor(f.cookie), 10)->size() == 1);
  // The runs of two people go on together.
  REQUIRE(flow::begin_bulk(*f.house, eva, {"sessions", "", ids}, f.with_reason()));
  f.step();
  CHECK(f.events("account_suspend").size() == 1);
  CHECK(f.events("session_end").size() == 1);
}

TEST_CASE("no act, a wrong target, no accounts, too many or no fresh proof begin nothing") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(1);
  const rights::Actor ada = f.actor(f.cookie);
  const auto code = [&](const flow::BulkWish& wish) {
    return flow::begin_bulk(*f.house, ada, wish, f.facts()).error().code;
  };
  CHECK(code({"explode", "", ids}) == base::Code::invalid_input);
  CHECK(code({"add_group", "", ids}) == base::Code::invalid_input);
  CHECK(code({"add_group", "no such group", ids}) == base::Code::invalid_input);
  CHECK(code({"give_context", "super_administrator", ids}) == base::Code::invalid_input);
  CHECK(code({"suspend", "nurses", ids}) == base::Code::invalid_input);
  CHECK(code({"suspend", "", {}}) == base::Code::invalid_input);
  CHECK(code({"suspend", "", std::vector<base::Id>(1001, ids.front())}) == base::Code::invalid_input);
  const rights::Actor person = f.actor(f.log_in("person0"));
  CHECK(flow::begin_bulk(*f.house, person, {"suspend", "", ids}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::preview_bulk(*f.house, person, {"suspend", "", ids}, f.now).error().code == base::Code::denied);
  CHECK(flow::find_bulk_choices(*f.house, person, ids).error().code == base::Code::denied);
  f.now += 6min;
  CHECK(code({"suspend", "", ids}) == base::Code::denied);
  CHECK(f.events("bulk_act").empty());
}

TEST_CASE("administrators together send one account at most twenty links an hour, so that nobody floods a mailbox") {
  Office f;
  const std::vector<base::Id> ids = f.add_people(2);
  f.create_in("eva", "administrator");
  const std::string evas = f.log_in("eva");
  for (int i = 0; i < 10; ++i) {
    REQUIRE(flow::start_reset_for(*f.house, f.actor(f.cookie), ids[0].to_string(), f.facts()));
    REQUIRE(flow::start_reset_for(*f.house, f.actor(evas), ids[0].to_string(), f.facts()));
  }
  const std::size_t sent = f.messages().size();
  CHECK(flow::start_reset_for(*f.house, f.actor(f.cookie), ids[0].to_string(), f.facts()).error().code ==
        base::Code::too_many);
  CHECK(f.run_all("reset", "", ids) == Outcomes{{"limited", 1}, {"done", 1}});
  CHECK(f.messages().size() == sent + 1);
  f.now += 2h;
  f.cookie = f.log_in("ada");
  CHECK(f.run_all("reset", "", {ids[0]}) == Outcomes{{"done", 1}});
}

TEST_CASE("the outcomes are a file that no spreadsheet takes for formulas") {
  Office f;
  flow::NewAccount wished = f.wish("formula");
  wished.given_name = "=1+1";
  wished.email = "formula@clinic.example";
  const base::Id id = f.begin({"suspend", "", {f.create(wished)}});
  CHECK(flow::print_bulk(f.progress(id)).find(",\"waits\"") != std::string::npos);
  f.run();
  const std::string file = flow::print_bulk(f.progress(id));
  CHECK(file.find("account_id,login,name,outcome\r\n") != std::string::npos);
  CHECK(file.find(",\"formula\",\"'=1+1 Kowalska\",\"done\"\r\n") != std::string::npos);
}

TEST_CASE("all that a list finds can be chosen, up to a bound, and counts as one search") {
  Office f;
  f.add_people(30);
  const rights::Actor ada = f.actor(f.cookie);
  flow::AccountQuery query;
  query.text = "person";
  CHECK(flow::list_found_accounts(*f.house, ada, query, 1001, f.facts())->size() == 30);
  CHECK(flow::list_found_accounts(*f.house, ada, query, 7, f.facts())->size() == 7);
  query.text = "+++";
  CHECK(flow::list_found_accounts(*f.house, ada, query, 1001, f.facts())->empty());
  query.state = "odd";
  CHECK(flow::list_found_accounts(*f.house, ada, query, 1001, f.facts()).error().code == base::Code::invalid_input);
}
