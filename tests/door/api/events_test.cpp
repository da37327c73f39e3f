// A relying system writes an event into the audit log (S4.26): raw JSON in, raw JSON out.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "app/config/config.hpp"
#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "flow/audit/verify_audit.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
namespace json = boost::json;

constexpr const char* path = "/api/v1/events";

std::string basic(const std::string& user, const std::string& password) {
  return "Basic " + base::to_base64(user + ":" + password);
}
const std::string portal = basic("demo-portal", "demo-portal-secret");

struct Site {
  explicit Site(const std::function<void(app::Config&)>& change = {}) : app(change) { permit("demo-portal"); }
  void permit(const std::string& client_id) const {
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view(client_id)));
      client->writes_events = true;
      return store::update_client(tx, *client, base::now());
    }));
  }
  [[nodiscard]] Reply send(const std::string& body, const std::string& authorization = portal,
                           Browser::Headers more = {}) const {
    Browser program(app.port());
    more.emplace_back("Content-Type", "application/json");
    if (!authorization.empty()) more.emplace_back("Authorization", authorization);
    return program.request("POST", path, more, body);
  }
  [[nodiscard]] std::vector<audit::Event> reported() const {
    store::AuditFilter filter;
    filter.source = store::EventSource::reported;
    return app.house().store.read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value().events;
  }
  App app;
};

json::object event() {
  return {{"type", "record.read"},        {"at", "2026-11-20T08:00:00Z"}, {"outcome", "success"},
          {"actor", "anna.kowalska"},     {"subject", "jan.nowak"},       {"object", "record 4711"},
          {"reason", "emergency.access"}, {"request_id", "r-17"}};
}
std::string event_with(const std::string& name, json::value value) {
  json::object all = event();
  all[name] = std::move(value);
  return json::serialize(all);
}

std::string event_with(const std::string& name, const std::string& text) {
  return event_with(name, json::value(json::string(text)));
}

std::string problem_of(const Reply& reply) {
  CHECK(reply.header("content-type") == "application/problem+json");
  const json::value value = json::parse(reply.body);
  CHECK(value.at("status").as_int64() == reply.status);
  return std::string(value.at("type").as_string());
}
/// "field code" of each member that is wrong.
std::string errors_of(const Reply& reply) {
  CHECK(reply.status == 400);
  std::string all;
  const json::value answer = json::parse(reply.body);
  for (const json::value& one : answer.at("errors").as_array()) {
    all.append(all.empty() ? "" : ", ").append(one.at("field").as_string().c_str());
    all.append(" ").append(one.at("code").as_string().c_str());
    CHECK_FALSE(one.at("message").as_string().empty());
  }
  return all;
}

}  // namespace

TEST_CASE("a relying system's event is in the log, and the answer says by which number it is found") {
  const Site site;
  const Reply done = site.send(json::serialize(event()));
  CHECK(done.status == 201);
  const json::value answer = json::parse(done.body);
  REQUIRE(site.reported().size() == 1);
  const audit::Event stored = site.reported().front();
  CHECK(stored.request_id == answer.at("request_id").as_string().c_str());
  CHECK(answer.at("received_at").as_string() == base::to_rfc3339(stored.at));
  CHECK(stored.source == "demo-portal");
  CHECK(stored.actor);
  CHECK(stored.subject);
  CHECK(flow::verify_audit(site.app.house(), "").value().flaws.empty());
}

TEST_CASE("a forged source, another member and a kind of event of ours are refused, each by its name") {
  const Site site;
  for (const char* name : {"source", "client", "seq", "tenant", "hash", "on_behalf_of", "session", "data"}) {
    CHECK(errors_of(site.send(event_with(name, std::string("demo-lab")))) == std::string(name) + " unknown_field");
  }
  for (const char* type : {"login", "audit_erase", "account_delete", "event_refusal"}) {
    CHECK(errors_of(site.send(event_with("type", std::string(type)))) == "type bad_form");
  }
  CHECK(errors_of(site.send(event_with("outcome", json::value(true)))) == "outcome not_text");
  CHECK(errors_of(site.send(event_with("actor", json::value(nullptr)))) == "actor not_text");
  CHECK(errors_of(site.send(event_with("object", json::value(json::object{})))) == "object not_text");
  CHECK(errors_of(site.send(event_with("at", std::string("2099-01-01T00:00:00Z")))) == "at in_the_future");
  CHECK(errors_of(site.send("{}")) == "type missing, outcome missing");
  CHECK(problem_of(site.send("{}")) == "urn:chancery:problem:invalid-fields");
  CHECK(site.reported().empty());
}

TEST_CASE("what is no event is refused before anything is done with it") {
  const Site site;
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{"), "[" + json::serialize(event()) + "]",
        std::string(R"({"type":"a.b","type":"c.d","outcome":"success"})"),
        std::string("{\"type\":\"a.b\",\"outcome\":\"\xff\"}"), std::string(5000, '[')}) {
    CHECK_MESSAGE(site.send(body).status == 400, body.substr(0, 60));
  }
  CHECK(site.send(event_with("object", std::string(9000, 'x'))).status == 413);
  Browser program(site.app.port());
  CHECK(
      program
          .request("POST", path, {{"Authorization", portal}, {"Content-Type", "text/plain"}}, json::serialize(event()))
          .status == 400);
  CHECK(program.request("GET", path, {{"Authorization", portal}}, "").status == 405);
  CHECK(site.reported().empty());
}

TEST_CASE("whoever is not the application gets one answer, whatever is wrong") {
  const Site site;
  const auto without_id = [](const Reply& reply) {
    json::object object = json::parse(reply.body).as_object();
    object.erase("instance");
    return json::serialize(object);
  };
  const std::string body = json::serialize(event());
  const Reply wrong = site.send(body, basic("demo-portal", "wrong"));
  CHECK(wrong.status == 401);
  CHECK(problem_of(wrong) == "urn:chancery:problem:unauthenticated");
  CHECK(wrong.header("www-authenticate").starts_with("Basic realm="));
  for (const std::string& authorization :
       {std::string(), basic("nobody", "demo-portal-secret"), basic("demo-spa", ""), basic("demo-portal", ""),
        basic("demo-lab", "demo-portal-secret"), std::string("Basic !"), std::string("Digest abc"),
        std::string("Basic " + base::to_base64("demo-portal")), basic("demo-portal\n", "demo-portal-secret")}) {
    const Reply reply = site.send(body, authorization);
    CHECK(reply.status == 401);
    CHECK(without_id(reply) == without_id(wrong));
  }
  CHECK(site.send(body, portal, {{"Authorization", portal}}).status == 401);
  CHECK(site.reported().empty());
}

TEST_CASE("an application without the permission is told so, and the refusal is recorded") {
  const Site site;
  const Reply refused = site.send(json::serialize(event()), basic("demo-lab", "demo-lab-secret"));
  CHECK(refused.status == 403);
  CHECK(problem_of(refused) == "urn:chancery:problem:not-permitted");
  REQUIRE(site.app.events("event_refusal").size() == 1);
  CHECK(site.app.events("event_refusal").front().client == "demo-lab");
  CHECK(site.reported().empty());
}

TEST_CASE("beyond its limit an application is told when to try again") {
  const Site site([](app::Config& config) { door::set(config, "audit.reported_each_minute", "3"); });
  for (int i = 0; i < 3; ++i) CHECK(site.send(event_with("request_id", std::to_string(i))).status == 201);
  const Reply refused = site.send(json::serialize(event()));
  CHECK(refused.status == 429);
  CHECK(problem_of(refused) == "urn:chancery:problem:too-many-events");
  CHECK(refused.header("retry-after") == "60");
  CHECK(site.reported().size() == 3);
}

TEST_CASE("an event that is sent again under its key is written once, and the key is no other event's") {
  const Site site;
  const std::string body = json::serialize(event());
  const Reply first = site.send(body, portal, {{"Idempotency-Key", "k-1"}});
  const Reply again = site.send(body, portal, {{"Idempotency-Key", "k-1"}});
  CHECK(first.status == 201);
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(site.reported().size() == 1);
  const Reply other = site.send(event_with("type", std::string("record.print")), portal, {{"Idempotency-Key", "k-1"}});
  CHECK(other.status == 422);
  CHECK(problem_of(other) == "urn:chancery:problem:idempotency-key-reused");
  CHECK(site.send(body, portal, {{"Idempotency-Key", std::string(256, 'k')}}).status == 400);
  CHECK(site.reported().size() == 1);
}
