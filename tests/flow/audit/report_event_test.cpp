// Relying systems write events into the audit log (S4.26).
#include "flow/audit/report_event.hpp"

#include <doctest/doctest.h>

#include "flow/account/delete_account.hpp"
#include "flow/audit/erase_due.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/event_words.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/oidc_fixture.hpp"

using namespace std::chrono_literals;
using flow::ReportRefusal;
using testing::OidcFixture;

namespace {

struct Fixture : OidcFixture {
  Fixture() {
    change_client("portal", [](rights::Client& client) { client.writes_events = true; });
    change_client("spa", [](rights::Client& client) { client.writes_events = true; });
  }

  static audit::Reported event(std::string type = "record.read") {
    audit::Reported said;
    said.type = std::move(type);
    said.outcome = "success";
    said.at = "2026-11-21T08:59:00Z";
    said.actor = "anna.kowalska";
    said.object = "record 4711";
    return said;
  }

  flow::Reporting report(const audit::Reported& said, const std::string& key = {},
                         const std::string& client = "portal") {
    const flow::ClientCredentials credentials{flow::ClientMethod::basic, client, base::Secret(client + "-secret")};
    auto done = flow::report_event(*house, credentials, {said, key}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *std::move(done);
  }
  bool is_written(const flow::Reporting& reporting) { return std::holds_alternative<flow::EventWritten>(reporting); }
  std::vector<audit::Event> reported() {
    store::AuditFilter filter;
    filter.source = store::EventSource::reported;
    filter.most = 1000;
    return store->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value().events;
  }
  std::string last_refusal() {
    const auto refusals = events("event_refusal");
    return refusals.empty() ? std::string() : refusals.front().data;
  }
  bool is_intact() { return flow::verify_audit(*house, "").value().flaws.empty(); }
};

}  // namespace

TEST_CASE("an event of a relying system is in the chain with its source, its time and ours") {
  Fixture f;
  REQUIRE(f.is_written(f.report(Fixture::event())));
  REQUIRE(f.reported().size() == 1);
  const audit::Event event = f.reported().front();
  CHECK(event.source == "portal");
  CHECK(event.client == "portal");
  CHECK(event.type == "record.read");
  CHECK(event.outcome == "success");
  CHECK(event.at == f.now);
  CHECK(event.data.find(R"("reported_at":"2026-11-21T08:59:00)") != std::string::npos);
  CHECK(event.data.find(f.find_client("portal").id.to_string()) != std::string::npos);
  CHECK(event.tenant_id == f.find_client("portal").tenant_id);
  CHECK(testing::find_misfit(event).empty());
  CHECK(f.is_intact());
}

TEST_CASE("who and whom are accounts if they name one of the same organisation, else texts that can be erased") {
  Fixture f;
  audit::Reported said = Fixture::event();
  said.subject = f.anna.to_string();
  (void)f.report(said);
  CHECK(f.reported().front().actor == f.anna);
  CHECK(f.reported().front().subject == f.anna);
  CHECK(f.reported().front().personal.find("anna") == std::string::npos);

  said.actor = "Doctor Nobody";
  said.subject = base::Id::make(f.now).to_string();
  (void)f.report(said);
  const audit::Event event = f.reported().front();
  CHECK_FALSE(event.actor);
  CHECK_FALSE(event.subject);
  CHECK(event.personal.find("Doctor Nobody") != std::string::npos);
  CHECK(event.personal.find(*said.subject) != std::string::npos);
  CHECK(event.data.find("Nobody") == std::string::npos);
}

TEST_CASE("no system writes without the permission, without its secret, or as a client that has none") {
  Fixture f;
  CHECK(std::get<ReportRefusal>(f.report(Fixture::event(), "", "laboratory")) == ReportRefusal::not_permitted);
  CHECK(f.last_refusal() == R"({"reason":"no_permission"})");
  CHECK(f.events("event_refusal").front().client == "laboratory");
  const auto ask = [&](flow::ClientMethod method, const std::string& client, const std::string& secret) {
    const flow::ClientCredentials credentials{method, client, base::Secret(secret)};
    return std::get<ReportRefusal>(
        flow::report_event(*f.house, credentials, {Fixture::event(), {}}, f.facts()).value());
  };
  using enum flow::ClientMethod;
  CHECK(ask(basic, "portal", "laboratory-secret") == ReportRefusal::unauthenticated);
  CHECK(f.last_refusal() == R"({"reason":"wrong_secret"})");
  CHECK(ask(basic, "nobody", "portal-secret") == ReportRefusal::unauthenticated);
  CHECK(ask(none, "portal", "") == ReportRefusal::unauthenticated);
  CHECK(ask(none, "spa", "") == ReportRefusal::unauthenticated);
  CHECK(ask(basic, "spa", "") == ReportRefusal::unauthenticated);
  f.change_client("portal", [](rights::Client& client) { client.enabled = false; });
  CHECK(ask(basic, "portal", "portal-secret") == ReportRefusal::unauthenticated);
  CHECK(f.last_refusal() == R"({"reason":"client_disabled"})");
  CHECK(f.reported().empty());
}

TEST_CASE("a permission that was taken away ends at once") {
  Fixture f;
  CHECK(f.is_written(f.report(Fixture::event())));
  f.change_client("portal", [](rights::Client& client) { client.writes_events = false; });
  CHECK(std::get<ReportRefusal>(f.report(Fixture::event())) == ReportRefusal::not_permitted);
  CHECK(f.reported().size() == 1);
}

TEST_CASE("a flood of events ends at the system's limit, and the next minute begins anew") {
  Fixture f;
  f.settings.audit.reported_each_minute = 5;
  f.settings.audit.failures_each_minute = 2;
  f.change_client("laboratory", [](rights::Client& client) { client.writes_events = true; });
  for (int i = 0; i < 5; ++i) CHECK(f.is_written(f.report(Fixture::event())));
  for (int i = 0; i < 20; ++i) {
    CHECK(std::get<ReportRefusal>(f.report(Fixture::event())) == ReportRefusal::too_many);
  }
  CHECK(f.reported().size() == 5);
  // The first two refusals, and number 4, 8 and 16.
  CHECK(f.events("event_refusal").size() == 5);
  CHECK(f.is_written(f.report(Fixture::event(), "", "laboratory")));
  f.now += 61s;
  CHECK(f.is_written(f.report(Fixture::event())));
}

TEST_CASE("a request that is sent again is answered alike and writes nothing") {
  Fixture f;
  const auto first = std::get<flow::EventWritten>(f.report(Fixture::event(), "key-1"));
  f.now += 1h;
  const auto again = std::get<flow::EventWritten>(f.report(Fixture::event(), "key-1"));
  CHECK(again.request_id == first.request_id);
  CHECK(again.received_at == first.received_at);
  CHECK(f.reported().size() == 1);
  CHECK(std::get<ReportRefusal>(f.report(Fixture::event("record.print"), "key-1")) == ReportRefusal::key_reused);
  CHECK(f.reported().size() == 1);
  CHECK(f.is_written(f.report(Fixture::event(), "key-2")));
  // The key of one system is none of another.
  f.change_client("laboratory", [](rights::Client& client) { client.writes_events = true; });
  CHECK(f.is_written(f.report(Fixture::event("record.print"), "key-1", "laboratory")));
  CHECK(f.reported().size() == 3);
}

TEST_CASE("without a key the same event of the same request is written once, and a request may have several events") {
  Fixture f;
  audit::Reported said = Fixture::event();
  said.request_id = "request-17";
  (void)f.report(said);
  (void)f.report(said);
  CHECK(f.reported().size() == 1);
  said.type = "record.print";
  (void)f.report(said);
  CHECK(f.reported().size() == 2);
  // Without either nothing tells a repetition from a second event.
  (void)f.report(Fixture::event());
  (void)f.report(Fixture::event());
  CHECK(f.reported().size() == 4);
}

TEST_CASE("the texts of a system's events go with the account and at their age, and the chain stays valid") {
  Fixture f;
  audit::Reported said = Fixture::event();
  said.subject = "Somebody Else";
  (void)f.report(said);
  said.actor = "Doctor Nobody";
  (void)f.report(said);
  const auto visitor = flow::find_visitor(*f.house, f.log_in(), f.facts());
  REQUIRE(visitor);
  REQUIRE(flow::delete_own_account(*f.house, *visitor->actor, f.facts()));
  CHECK(f.reported().at(1).personal.empty());
  CHECK_FALSE(f.reported().at(0).personal.empty());
  while (flow::erase_due_step(*f.house).value()) {
  }
  CHECK(f.is_intact());
  const auto erase_old = [&] {
    while (flow::erase_old_step(*f.house, f.now).value()) {
    }
  };
  f.now += 24h * 1000;  // addresses of our own events go after half a year
  erase_old();
  CHECK_FALSE(f.reported().at(0).personal.empty());
  f.now += 24h * 100;
  erase_old();
  CHECK(f.reported().at(0).personal.empty());
  CHECK(f.reported().at(0).type == "record.read");
  CHECK(f.is_intact());
}

TEST_CASE("our own events and those of relying systems are found apart") {
  Fixture f;
  (void)f.report(Fixture::event());
  store::AuditFilter filter;
  filter.most = 1000;
  const auto find = [&] {
    return f.store->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value().events;
  };
  const std::size_t all = find().size();
  filter.source = store::EventSource::own;
  CHECK(find().size() == all - 1);
  for (const audit::Event& event : find()) CHECK(event.source.empty());
  filter.source = store::EventSource::reported;
  filter.client = "laboratory";
  CHECK(find().empty());
  filter.client = "portal";
  filter.account = f.anna;
  CHECK(find().size() == 1);
  filter.type = "record.read";
  CHECK(find().size() == 1);
  CHECK(f.store->read([&](store::Tx& tx) { return store::count_events(tx, filter, 10); }).value().count == 1);
}
