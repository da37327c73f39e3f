// The page of short messages through the whole server: refusals first.
#include <doctest/doctest.h>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/message/sms_simulator.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using testing::SmsSimulator;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* page = "/admin/sms";

struct Desk {
  Desk() { door::App::log_in(ada, "admin", "Lantern-Harbour-2026"); }
  app::GatewayEntry entry() const {
    app::GatewayEntry made;
    made.gateway = simulator.gateway("main");
    made.gateway.form.report_id = "field id";
    made.gateway.form.report_state = "field status";
    made.gateway.form.arrived = {"delivered"};
    return made;
  }
  Reply submit(const std::string& form, const Fields& typed) {
    return ada.submit(ada.get(page).form(std::string(page) + "/" + form), typed);
  }

  SmsSimulator simulator;
  door::App app{[this](app::Config& config) {
    config.gateways = {entry()};
    config.loopback_http.push_back(simulator.place());
  }};
  Browser ada{app.port()};
};

}  // namespace

TEST_CASE("the page of short messages is for super administrators") {
  Desk f;
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK(anna.get(page).status == 403);
  CHECK_FALSE(has(anna.get("/account").body, page));
  CHECK(f.ada.get(page).status == 200);
  CHECK(has(f.ada.get("/account").body, page));
}

TEST_CASE("on a fresh installation no limit is set, none is recommended, and a quota is advised against") {
  Desk f;
  const Reply shown = f.ada.get(page);
  CHECK(has(shown.body, "We recommend no value"));
  CHECK(has(shown.body, "We advise against a limit per day"));
  for (const char* field : {"per_number", "per_network", "per_day"}) {
    CHECK(has(shown.body, std::string("name=\"") + field + "\" type=\"text\" inputmode=\"numeric\" value=\"\""));
  }
}

TEST_CASE("a window of 0, 61 or -1 minutes is refused, 1 and 60 are saved") {
  Desk f;
  for (const char* wrong : {"0", "61", "-1", "x", "1.5", ""}) {
    CAPTURE(wrong);
    const Reply refused = f.submit("limits", {{"window", wrong}, {"per_number", "3"}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "The time is 1 to 60 minutes."));
  }
  CHECK(f.submit("limits", {{"window", "10"}, {"per_number", "-1"}}).status == 422);
  for (const char* good : {"1", "60"}) {
    CHECK(f.submit("limits", {{"window", good}, {"per_number", "3"}}).status == 303);
    CHECK(
        has(f.ada.get(page).body, std::string("name=\"window\" type=\"text\" inputmode=\"numeric\" value=\"") + good));
  }
  const auto form = f.ada.get(page).form(std::string(page) + "/limits");
  CHECK(f.submit("limits", {{"window", "5"}}).status == 303);
  CHECK(f.ada.submit(form, {{"window", "7"}}).status == 409);
}

TEST_CASE("a sender is judged by the rule of the manual, which the page says") {
  Desk f;
  for (const char* bad :
       {"ab", "abcdefghijkl", "1abc", "abc1", ".abc", "ab c", "äbc", "+491721234567", "001234567890123456", "0012"}) {
    CAPTURE(bad);
    const Reply refused = f.submit("gateway", {{"use", "yes"}, {"login", "clinic"}, {"sender", bad}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "3 to 11 characters"));
  }
  for (const char* good : {"abc", "A.b-c_9z", "abcdefghijk", "00491721234567"}) {
    CAPTURE(good);
    CHECK(f.submit("gateway", {{"use", "yes"}, {"login", "clinic"}, {"sender", good}}).status == 303);
    CHECK(f.submit("test", {{"phone", "+49 172 34567890"}}).status == 303);
    CHECK(f.simulator.messages().back().get("origin") == good);
  }
  CHECK(f.submit("gateway", {{"use", "yes"}, {"login", "clinic"}, {"tariff", "none"}, {"sender", ""}}).status == 303);
  CHECK(f.submit("test", {{"phone", "+49 172 34567890"}}).status == 303);
  CHECK_FALSE(f.simulator.messages().back().has("origin"));
  const Reply without = f.ada.get(page);
  CHECK(has(without.body, "<span id=\"sender-main-off\">Your tariff allows no sender of your own"));
  CHECK(has(without.body, "spellcheck=\"false\" disabled aria-describedby=\"sender-main-hint\""));
  CHECK(f.submit("gateway", {{"use", "yes"}, {"login", "clinic"}, {"sender", ""}}).status == 303);
  CHECK(has(f.ada.get(page).body, "<span id=\"sender-main-off\" hidden>"));
  CHECK_FALSE(has(f.ada.get(page).body, "spellcheck=\"false\" disabled"));
}

TEST_CASE("a password goes in and never comes out, and the id must be there") {
  Desk f;
  CHECK(f.submit("gateway", {{"use", "yes"}, {"login", ""}}).status == 422);
  CHECK(f.submit("gateway", {{"use", "yes"}, {"login", "clinic"}, {"gateway_password", "wrong-horse"}}).status == 303);
  CHECK_FALSE(has(f.ada.get(page).body, "wrong-horse"));
  const Reply refused = f.submit("test", {{"phone", "+49 172 34567890"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "The gateway main has refused it or has a problem. Code: http 401."));
  CHECK_FALSE(has(refused.body, "wrong-horse"));
  CHECK(f.submit("gateway", {{"use", "yes"}, {"login", "clinic"}, {"gateway_password", "secret"}}).status == 303);
  CHECK(f.submit("gateway", {{"login", "clinic"}}).status == 303);
  CHECK(has(f.ada.get(page).body, "not used"));
  CHECK(f.submit("test", {{"phone", "+49 172 34567890"}, {"gateway", "main"}}).status == 303);
  for (const auto& event : f.app.events("sms_change")) CHECK_FALSE(has(event.data, "secret"));
  CHECK(f.submit("test", {{"phone", "0172 34567890"}}).status == 422);
}

TEST_CASE("a delivery report without the key of its address is not taken") {
  Desk f;
  Browser gateway(f.app.port());
  CHECK(gateway.get("/hooks/sms/main").status == 404);
  CHECK(gateway.get("/hooks/sms/main?key=key-of-reports-1235&id=m1&status=delivered").status == 404);
  CHECK(gateway.get("/hooks/sms/other?key=key-of-reports-1234&id=m1&status=delivered").status == 404);
  CHECK(gateway.get("/hooks/sms/main?key=key-of-reports-1234").status == 400);
  CHECK(gateway.get("/hooks/sms/main?key=key-of-reports-1234&id=m1&status=delivered").status == 200);
  CHECK(gateway.post("/hooks/sms/main?key=key-of-reports-1234", {{"id", "m1"}, {"status", "delivered"}}).status == 200);
}
