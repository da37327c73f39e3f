#include <doctest/doctest.h>

#include "flow/login/own_sessions.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/logout.hpp"
#include "store/message/outbox.hpp"
#include "store/session/sessions.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

rights::Actor actor_of(OidcFixture& f, const std::string& cookie) {
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  return *visitor->actor;
}

bool is_open(OidcFixture& f, const std::string& cookie) {
  return flow::find_visitor(*f.house, cookie, f.facts())->session() != nullptr;
}

std::size_t count_logout_messages(OidcFixture& f) {
  const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [](const auto& one) { return one.kind == "logout"; }));
}

}  // namespace

TEST_CASE("a person sees every open session, with its applications, and which one this is") {
  OidcFixture f;
  const std::string phone = f.log_in();
  f.now += 1min;
  const std::string laptop = f.log_in();
  (void)f.get_code(phone);
  const auto sessions = flow::list_own_sessions(*f.house, actor_of(f, laptop), {}, f.now).value().rows;
  REQUIRE(sessions.size() == 2);
  CHECK(sessions[0].is_own);
  CHECK(sessions[0].applications.empty());
  CHECK_FALSE(sessions[1].is_own);
  CHECK(sessions[1].applications == std::vector<std::string>{"Portal"});
  CHECK(sessions[1].context == "context.user");
  CHECK(sessions[1].session.ip == "192.0.2.7");
  f.now += 15min;
  CHECK_FALSE(is_open(f, phone));
}

TEST_CASE("an ended session is over at once, here and in its applications") {
  OidcFixture f;
  const std::string phone = f.log_in();
  const std::string laptop = f.log_in();
  const std::string code = f.get_code(phone);
  REQUIRE(flow::end_own_session(*f.house, actor_of(f, laptop), actor_of(f, phone).session().id, f.facts()));
  CHECK_FALSE(is_open(f, phone));
  CHECK(is_open(f, laptop));
  CHECK(count_logout_messages(f) == 1);
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_grant);
}

TEST_CASE("without a fresh proof nobody ends a session, neither one nor all others") {
  OidcFixture f;
  const std::string phone = f.log_in();
  const std::string laptop = f.log_in();
  f.now += 6min;
  const auto by = actor_of(f, laptop);
  CHECK(flow::end_own_session(*f.house, by, actor_of(f, phone).session().id, f.facts()).error().reason ==
        flow::proof_needed);
  CHECK(flow::end_other_sessions(*f.house, by, f.facts()).error().reason == flow::proof_needed);
  CHECK(is_open(f, phone));
}

TEST_CASE("without a fresh proof nobody forgets a device, because its owner would wait behind strangers then") {
  OidcFixture f;
  flow::RequestFacts facts = f.facts();
  const auto done = flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, facts);
  REQUIRE(done);
  facts.devices = std::string(done->device_cookie.reveal());
  f.now += 6min;
  facts.now = f.now;
  const auto by = actor_of(f, std::string(done->session_cookie.reveal()));
  const base::Id device = flow::list_own_devices(*f.house, by, facts).value().front().device.id;
  CHECK(flow::forget_own_device(*f.house, by, device, facts).error().reason == flow::proof_needed);
  CHECK(flow::list_own_devices(*f.house, by, facts)->size() == 1);
}

TEST_CASE("all other sessions end together, and the one that asks stays") {
  OidcFixture f;
  const std::string here = f.log_in();
  std::vector<std::string> others;
  for (int i = 0; i < 3; ++i) others.push_back(f.log_in());
  CHECK(flow::end_other_sessions(*f.house, actor_of(f, here), f.facts()).value() == 3);
  CHECK(flow::end_other_sessions(*f.house, actor_of(f, here), f.facts()).value() == 0);
  for (const std::string& other : others) CHECK_FALSE(is_open(f, other));
  CHECK(is_open(f, here));
}

TEST_CASE(
    "the thousand-and-first session of an account ends the one that was unused for longest, and its applications") {
  OidcFixture f;
  const std::string first = f.log_in();
  const base::Id account = actor_of(f, first).account().id;
  const auto open_sessions = [&] {
    return f.store->read([&](store::Tx& tx) { return store::list_sessions(tx, account); }).value().size();
  };
  f.now += 1s;
  const std::string second = f.log_in();
  (void)f.get_code(second);
  f.now += 1s;
  for (int i = 2; i < 1000; ++i) (void)f.log_in();
  CHECK(open_sessions() == 1000);
  f.now += 2min;
  REQUIRE(is_open(f, first));  // a request: the second one is now unused for longest
  CHECK(f.events("session_end").empty());
  const std::string newest = f.log_in();
  CHECK(open_sessions() == 1000);
  CHECK(is_open(f, newest));
  CHECK(is_open(f, first));
  CHECK_FALSE(is_open(f, second));
  const auto ends = f.events("session_end");
  REQUIRE(ends.size() == 1);
  CHECK(ends.front().data == R"({"why":"too_many_sessions"})");
  CHECK(count_logout_messages(f) == 1);
}

TEST_CASE("sessions and devices of another person do not exist") {
  OidcFixture f;
  f.add_account("jan.nowak", OidcFixture::password);
  const std::string of_anna = f.log_in();
  const std::string of_jan = f.log_in("jan.nowak");
  const auto jan = actor_of(f, of_jan);
  CHECK(flow::end_own_session(*f.house, jan, actor_of(f, of_anna).session().id, f.facts()).error().code ==
        base::Code::not_found);
  const auto devices = flow::list_own_devices(*f.house, actor_of(f, of_anna), f.facts()).value();
  REQUIRE(devices.size() == 1);
  CHECK(flow::forget_own_device(*f.house, jan, devices.front().device.id, f.facts()).error().code ==
        base::Code::not_found);
  CHECK(is_open(f, of_anna));
  CHECK(flow::list_own_devices(*f.house, actor_of(f, of_anna), f.facts())->size() == 1);
}

TEST_CASE(
    "a login makes the browser known, a second one with its cookie does not make another, and it can be forgotten") {
  OidcFixture f;
  flow::RequestFacts facts = f.facts();
  const auto log_in = [&] {
    const auto done = flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, facts);
    REQUIRE(done);
    facts.devices = std::string(done->device_cookie.reveal());
    return std::string(done->session_cookie.reveal());
  };
  (void)log_in();
  const auto actor = actor_of(f, log_in());
  const auto devices = flow::list_own_devices(*f.house, actor, facts).value();
  REQUIRE(devices.size() == 1);
  CHECK(devices.front().is_this);
  REQUIRE(flow::forget_own_device(*f.house, actor, devices.front().device.id, facts));
  CHECK(flow::list_own_devices(*f.house, actor, facts)->empty());
  CHECK(f.events("account_change").size() == 1);
  (void)log_in();
  CHECK(flow::list_own_devices(*f.house, actor, facts)->size() == 1);
}

namespace {

/// A browser that keeps the cookie of known devices, as browsers do.
struct Computer {
  explicit Computer(OidcFixture& house) : f(house), facts(house.facts()) {}

  std::string log_in(const std::string& login = "anna.kowalska") {
    facts.now = f.now;
    const auto done = flow::login_password(*f.house, {login, base::Secret(OidcFixture::password)}, facts);
    REQUIRE(done);
    facts.devices = std::string(done->device_cookie.reveal());
    return std::string(done->session_cookie.reveal());
  }

  OidcFixture& f;
  flow::RequestFacts facts;
};

flow::OpenSessions list(OidcFixture& f, const rights::Actor& actor, const flow::SessionsWish& wish = {}) {
  const auto open = flow::list_own_sessions(*f.house, actor, wish, f.now);
  REQUIRE(open);
  return *open;
}

base::Id device_of(OidcFixture& f, const rights::Actor& actor) {
  const auto open = list(f, actor);
  REQUIRE(open.rows.front().device);
  return open.rows.front().device->id;
}

std::vector<bool> own_marks(const flow::OpenSessions& open) {
  std::vector<bool> marks;
  for (const flow::OpenSession& one : open.rows) marks.push_back(one.is_own);
  return marks;
}

}  // namespace

TEST_CASE("two browsers of one kind can be told apart by the names that their owner gave them") {
  OidcFixture f;
  Computer ward(f);
  Computer home(f);
  const auto at_ward = actor_of(f, ward.log_in());
  f.now += 1min;
  const auto at_home = actor_of(f, home.log_in());
  REQUIRE(flow::name_own_device(*f.house, at_home, device_of(f, at_home), " My laptop ", f.facts()));
  REQUIRE(flow::name_own_device(*f.house, at_home, device_of(f, at_ward), "Oddział 3", f.facts()));
  const auto open = list(f, at_home);
  REQUIRE(open.rows.size() == 2);
  CHECK(open.rows[0].device->name == "My laptop");
  CHECK(open.rows[1].device->name == "Oddział 3");
  CHECK(open.rows[0].session.user_agent == open.rows[1].session.user_agent);
}

TEST_CASE("the name of a device stays when its owner logs in again, and ends when the device is forgotten") {
  OidcFixture f;
  Computer laptop(f);
  const auto before = actor_of(f, laptop.log_in());
  REQUIRE(flow::name_own_device(*f.house, before, device_of(f, before), "My laptop", f.facts()));
  const auto actor = actor_of(f, laptop.log_in());
  CHECK(list(f, actor).rows.front().device->name == "My laptop");
  REQUIRE(flow::forget_own_device(*f.house, actor, device_of(f, actor), f.facts()));
  CHECK_FALSE(list(f, actor).rows.front().device);
  CHECK(list(f, actor_of(f, laptop.log_in())).rows.front().device->name.empty());
}

TEST_CASE("a device of another person cannot be named, and looks as if it did not exist") {
  OidcFixture f;
  f.add_account("jan.nowak", OidcFixture::password);
  Computer of_anna(f);
  Computer of_jan(f);
  const auto anna = actor_of(f, of_anna.log_in());
  const auto jan = actor_of(f, of_jan.log_in("jan.nowak"));
  const auto refused = flow::name_own_device(*f.house, jan, device_of(f, anna), "Mine", f.facts());
  const auto unknown = flow::name_own_device(*f.house, jan, base::Id::make(f.now), "Mine", f.facts());
  CHECK(refused.error().code == base::Code::not_found);
  CHECK(refused.error().reason == unknown.error().reason);
  CHECK(list(f, anna).rows.front().device->name.empty());
  CHECK(f.events("account_change").empty());
}

TEST_CASE("a name that is too long or has invisible characters is refused, and the old one stays") {
  OidcFixture f;
  Computer laptop(f);
  const auto actor = actor_of(f, laptop.log_in());
  const base::Id device = device_of(f, actor);
  REQUIRE(flow::name_own_device(*f.house, actor, device, "My laptop", f.facts()));
  for (const std::string& bad : {std::string(41, 'x'), std::string("a\nb"), std::string("a\0b", 3),
                                 std::string("a\u202eb"), std::string("a\u200bb"), std::string("\xff")}) {
    CAPTURE(bad);
    CHECK(flow::name_own_device(*f.house, actor, device, bad, f.facts()).error().code == base::Code::invalid_input);
  }
  CHECK(list(f, actor).rows.front().device->name == "My laptop");
  CHECK(f.events("account_change").size() == 1);
}

TEST_CASE("a device is not named for an actor who was suspended meanwhile") {
  OidcFixture f;
  Computer laptop(f);
  const auto actor = actor_of(f, laptop.log_in());
  const base::Id device = device_of(f, actor);
  REQUIRE(flow::end_own_session(*f.house, actor, actor.session().id, f.facts()));
  CHECK(flow::name_own_device(*f.house, actor, device, "Mine", f.facts()).error().code == base::Code::denied);
}

TEST_CASE("the audit log says that a device was named, and which, but not how") {
  OidcFixture f;
  Computer laptop(f);
  const auto actor = actor_of(f, laptop.log_in());
  const base::Id device = device_of(f, actor);
  REQUIRE(flow::name_own_device(*f.house, actor, device, "Secret lair", f.facts()));
  REQUIRE(flow::name_own_device(*f.house, actor, device, "  ", f.facts()));
  const auto events = f.events("account_change");
  REQUIRE(events.size() == 2);
  CHECK(events[1].data == R"({"device":"named","device_id":")" + device.to_string() + "\"}");
  CHECK(events[0].data == R"({"device":"unnamed","device_id":")" + device.to_string() + "\"}");
  for (const audit::Event& event : events) CHECK(event.personal.find("lair") == std::string::npos);
}

TEST_CASE("a device with an open session is not listed once more among the idle ones") {
  OidcFixture f;
  Computer ward(f);
  Computer home(f);
  const std::string at_ward = ward.log_in();
  const auto actor = actor_of(f, home.log_in());
  CHECK(list(f, actor).rows.size() == 2);
  CHECK(list(f, actor).idle_devices.empty());
  REQUIRE(flow::end_own_session(*f.house, actor, actor_of(f, at_ward).session().id, f.facts()));
  CHECK(list(f, actor).rows.size() == 1);
  CHECK(list(f, actor).idle_devices.size() == 1);
}

TEST_CASE("the sessions of one device stand together, although another one was used in between") {
  OidcFixture f;
  Computer ward(f);
  Computer home(f);
  (void)ward.log_in();
  f.now += 1min;
  const auto actor = actor_of(f, home.log_in());
  f.now += 1min;
  (void)ward.log_in();
  f.now += 1min;
  (void)home.log_in();
  const auto open = list(f, actor);
  REQUIRE(open.rows.size() == 4);
  CHECK(own_marks(open) == std::vector{true, false, false, false});
  CHECK(open.rows[0].device->id == open.rows[1].device->id);
  CHECK(open.rows[2].device->id == open.rows[3].device->id);
}

TEST_CASE("many sessions have pages: each is met once, the own one first, and all are counted") {
  OidcFixture f;
  Computer laptop(f);
  std::vector<base::Id> made;
  for (int i = 0; i < 6; ++i) {
    f.now += 1s;
    made.push_back(actor_of(f, f.log_in()).session().id);
  }
  f.now += 1s;
  const auto actor = actor_of(f, laptop.log_in());
  flow::SessionsWish wish;
  wish.page.most = 4;
  const auto first = list(f, actor, wish);
  CHECK(first.rows.size() == 5);
  CHECK(first.ends.count == 7);
  CHECK_FALSE(first.ends.previous);
  CHECK(first.rows[1].session.id == made[5]);
  REQUIRE(first.ends.next);
  wish.page = {flow::Turn::next, *first.ends.next, 4};
  const auto second = list(f, actor, wish);
  REQUIRE(second.rows.size() == 2);
  CHECK(second.rows[1].session.id == made[0]);
  CHECK(own_marks(second) == std::vector{false, false});
  CHECK_FALSE(second.ends.next);
  wish.page = {flow::Turn::first, {}, 4};
  wish.longest_unused_first = true;
  CHECK(list(f, actor, wish).rows[1].session.id == made[0]);
}

TEST_CASE("a page begins at a session of the own account only, and at nothing else") {
  OidcFixture f;
  f.add_account("jan.nowak", OidcFixture::password);
  const auto jan = actor_of(f, f.log_in("jan.nowak"));
  const auto anna = actor_of(f, f.log_in());
  flow::SessionsWish wish;
  wish.page = {flow::Turn::next, jan.session().id.to_string()};
  CHECK(list(f, anna, wish).rows.size() == 1);
  CHECK(list(f, anna, wish).rows.front().is_own);
  wish.asked = jan.session().id;
  CHECK_FALSE(list(f, anna, wish).asked);
  wish.page.row = "nothing";
  CHECK(flow::list_own_sessions(*f.house, anna, wish, f.now).error().code == base::Code::invalid_input);
}

TEST_CASE(
    "pages with an idle time of their own end the session after it, from the login on, and each click sets it back") {
  OidcFixture f;
  const std::string usual = f.log_in();
  flow::RequestFacts facts = f.facts();
  facts.idle = 1min;
  const auto click = [&] {
    facts.now = f.now;
    const auto visitor = flow::find_visitor(*f.house, usual, facts).value();
    return visitor.actor ? visitor.actor->session().idle_until - f.now : base::Duration();
  };
  // Also for a session that would last longer elsewhere.
  CHECK(click() == 1min);
  f.now += 59s;
  CHECK(click() == 1min);
  // Elsewhere it lasts as long as every other one, also if one comes at once from such a page.
  CHECK(actor_of(f, usual).session().idle_until - f.now == 15min);
  CHECK(click() == 1min);
  f.now += 1min;
  CHECK(click() == base::Duration());
  CHECK_FALSE(is_open(f, usual));

  facts.now = f.now;
  const auto done = flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, facts);
  REQUIRE(done);
  const auto begun = flow::find_visitor(*f.house, done->session_cookie.reveal(), facts, false).value();
  REQUIRE(begun.actor);
  CHECK(begun.actor->session().idle_until - f.now == 1min);
}
