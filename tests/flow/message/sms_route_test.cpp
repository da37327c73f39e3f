// Short messages over several gateways (S3.7, S3.8, S3.10).
#include "flow/message/sms_route.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>

#include "flow/message/administer_sms.hpp"
#include "flow/message/send_by_hand.hpp"
#include "flow/message/sms_simulator.hpp"
#include "flow/message/take_sms_report.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/person_fixture.hpp"
#include "store/message/outbox.hpp"
#include "store/message/sms_gateways.hpp"

using courier::Delivery;
using testing::PersonFixture;
using testing::SmsSimulator;
using Mood = testing::SmsSimulator::Mood;
using namespace std::chrono_literals;

namespace {

constexpr const char* number = "+48600100201";

struct Clinic : PersonFixture {
  explicit Clinic(std::vector<std::string> countries = {}) {
    flow::SmsSettings gateways;
    gateways.gateways = {first.gateway("first"), second.gateway("second")};
    gateways.countries = std::move(countries);
    remote::HttpOptions options;
    options.loopback_http = {first.place(), second.place()};
    options.total_time = base::Duration(3000);
    route = std::make_unique<flow::SmsRoute>(remote::HttpClient::make(options).value(), std::move(gateways));
    house->sms = route.get();
  }
  flow::SmsOutcome send(const std::string& to = number, const std::string& only = {}) {
    return flow::send_short_message(*house, {to, "", "Code 123456", "ref-1"}, now, only).value();
  }
  void set(const store::SmsGatewayRow& row) {
    REQUIRE(store->write([&](store::Tx& tx) { return store::put_sms_gateway(tx, row); }));
  }
  void queue_code(const base::Id& id) {
    const identity::Account account = this->account(id);
    REQUIRE(store->write([&](store::Tx& tx) {
      return flow::queue_message(*house, tx, {account, {flow::Channel::sms, account.phone}, text::Language::en},
                                 {"verify_address", {{"code", "123456"}, {"minutes", std::int64_t{10}}}, ""}, now);
    }));
  }
  base::Id only_item() {
    const auto all = store->read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
    REQUIRE(all.size() == 1);
    return all.front().id;
  }
  flow::Deliverers deliverers() { return {{"sms", flow::make_sms_deliverer(*house)}}; }

  SmsSimulator first;
  SmsSimulator second;
  std::unique_ptr<flow::SmsRoute> route;
};

}  // namespace

TEST_CASE("a message goes to the first gateway, with number and sender as the manual wants them") {
  Clinic f;
  const auto sent = f.send();
  CHECK(sent.delivery.kind == Delivery::Kind::delivered);
  CHECK(sent.gateway == "first");
  CHECK(sent.gateway_id == "m1");
  CHECK(sent.parts == 1);
  REQUIRE(f.first.messages().size() == 1);
  CHECK(f.first.messages()[0].get("number") == "0048600100201");
  CHECK_FALSE(f.first.messages()[0].has("origin"));
  CHECK(f.second.asked() == 0);
}

TEST_CASE("a gateway with a problem passes the message on, and one that refuses it for good ends it") {
  Clinic f;
  for (const Mood mood : {Mood::down, Mood::redirecting}) {
    f.first.mood(mood);
    const std::size_t before = f.second.messages().size();
    const auto sent = f.send();
    CHECK(sent.delivery.kind == Delivery::Kind::delivered);
    CHECK(sent.gateway == "second");
    CHECK(f.second.messages().size() == before + 1);
  }
  CHECK(f.first.messages().empty());
  const std::size_t asked = f.second.asked();
  f.first.mood(Mood::refusing);
  const auto refused = f.send();
  CHECK(refused.delivery.kind == Delivery::Kind::give_up);
  CHECK(refused.gateway == "first");
  CHECK(f.second.asked() == asked);
}

TEST_CASE("a message is sent by two gateways only if the answer of the first was lost") {
  Clinic f;
  f.first.mood(Mood::silent);
  CHECK(f.send().gateway == "second");
  CHECK(f.first.messages().size() == 1);
  CHECK(f.second.messages().size() == 1);
  f.first.mood(Mood::other_coding);
  CHECK(f.send("+48600100202").gateway == "first");
  CHECK(f.second.messages().size() == 1);
}

TEST_CASE("a gateway that answers after the time limit is passed over, and the message is not sent a third time") {
  Clinic f;
  f.queue_code(f.add_person("anna", "", number));
  f.first.mood(Mood::slow);
  const flow::Deliverers deliverers = f.deliverers();
  CHECK(flow::deliver_outbox(*f.house, deliverers, f.now).value().delivered == 1);
  CHECK(f.second.messages().size() == 1);
  CHECK(f.first.asked() == 1);
  f.first.go_on();
  f.now += 1h;
  CHECK(flow::deliver_outbox(*f.house, deliverers, f.now).value().taken == 0);
  CHECK(f.first.asked() == 1);
  CHECK(f.second.asked() == 1);
}

TEST_CASE("half an answer is no answer") {
  Clinic f;
  f.first.mood(Mood::half);
  CHECK(f.send().gateway == "second");
}

TEST_CASE("a gateway that does not answer is left alone until a probe, and the other one sends meanwhile") {
  Clinic f;
  f.first.mood(Mood::silent);
  for (int i = 0; i < 20; ++i) CHECK(f.send().gateway == "second");
  CHECK(f.first.asked() == 3);
  CHECK(f.route->look()[0].is_open);
  CHECK(f.route->look()[0].last_error == "unavailable");
  CHECK_FALSE(f.route->look()[1].is_open);
  CHECK(f.route->look()[1].taken == 20);
  f.first.mood(Mood::honest);
  f.now = f.route->look()[0].next_probe + 1ms;
  CHECK(f.send().gateway == "first");
  CHECK_FALSE(f.route->look()[0].is_open);
}

TEST_CASE("a test by hand asks a gateway that is left alone, and its answer ends the pause") {
  Clinic f;
  f.first.mood(Mood::silent);
  f.second.mood(Mood::silent);
  for (int i = 0; i < 3; ++i) f.send();
  CHECK(f.route->look()[0].is_open);
  const std::size_t asked = f.first.asked();
  const auto test = [&f] {
    const auto sent =
        flow::send_sms_by_hand(*f.house, Clinic::operator_actor(), {{number, "", "Test", ""}, "first"}, f.facts());
    REQUIRE(sent);
    return sent->is_taken();
  };
  CHECK_FALSE(test());
  CHECK(f.first.asked() == asked + 1);
  f.first.mood(Mood::honest);
  CHECK(f.send().gateway != "first");
  CHECK(test());
  CHECK_FALSE(f.route->look()[0].is_open);
  CHECK(f.send().gateway == "first");
}

TEST_CASE(
    "after a long silence a gateway is asked again within half a minute, because codes are worthless after five") {
  Clinic f;
  f.first.mood(Mood::silent);
  for (int i = 0; i < 60; ++i) {
    f.send();
    f.now += 10s;
  }
  CHECK(f.route->look()[0].is_open);
  f.first.mood(Mood::honest);
  CHECK(f.route->look()[0].next_probe <= f.now + 30s);
}

TEST_CASE("a text with a character that one gateway cannot write goes to the next one") {
  Clinic f;
  flow::SmsSettings gateways = f.route->settings();
  gateways.gateways[0].form.charset = "iso-8859-1";
  remote::HttpOptions options;
  options.loopback_http = {f.first.place(), f.second.place()};
  flow::SmsRoute route(remote::HttpClient::make(options).value(), gateways);
  const auto sent = route.send({number, "", "Zażółć 123456", "ref-1"}, {}, f.now);
  CHECK(sent.gateway == "second");
  CHECK(sent.delivery.kind == Delivery::Kind::delivered);
  CHECK(f.second.messages().back().get("text") == "Zażółć 123456");
  CHECK(route.send({number, "", "Gruß 123456", "ref-2"}, {}, f.now).gateway == "first");
  // It waits as long as the one that can is left alone.
  f.second.mood(Mood::silent);
  for (int i = 0; i < 4; ++i) {
    CHECK(route.send({number, "", "Zażółć 123456", "ref-3"}, {}, f.now).delivery.kind == Delivery::Kind::retry);
  }
  CHECK(route.look()[1].is_open);
}

TEST_CASE("the outbox knows gateway and parts of a message whose gateway gives it no identifier") {
  Clinic f;
  flow::SmsSettings gateways = f.route->settings();
  for (courier::SmsGateway& one : gateways.gateways) one.form.message_id = "";
  remote::HttpOptions options;
  options.loopback_http = {f.first.place(), f.second.place()};
  flow::SmsRoute route(remote::HttpClient::make(options).value(), gateways);
  f.house->sms = &route;
  f.queue_code(f.add_person("anna", "", number));
  const auto item = f.only_item();
  REQUIRE(flow::deliver_outbox(*f.house, f.deliverers(), f.now).value().delivered == 1);
  const auto report = f.store->read([&](store::Tx& tx) { return store::find_sms_report(tx, item); }).value();
  REQUIRE(report);
  CHECK(report->gateway == "first");
  CHECK(report->parts == 1);
}

TEST_CASE("without any gateway that answers the message waits, and arrives once one is back") {
  Clinic f;
  f.first.mood(Mood::down);
  f.second.mood(Mood::down);
  CHECK(f.send().delivery.kind == Delivery::Kind::retry);
  CHECK_FALSE(f.send().delivery.unanswered);
  f.second.mood(Mood::honest);
  CHECK(f.send().gateway == "second");
}

TEST_CASE("a wrong password, the spam filter and the quota of a gateway are problems that the next one may not have") {
  Clinic f;
  store::SmsGatewayRow row;
  row.name = "first";
  row.password = base::Secret("wrong");
  f.set(row);
  const auto sent = f.send();
  CHECK(sent.gateway == "second");
  CHECK(f.route->look()[0].last_error == "http 401");
  row.password = base::Secret("secret");
  f.set(row);
  f.first.limit(1, 0);
  CHECK(f.send().gateway == "first");
  CHECK(f.send().gateway == "second");
  CHECK(f.route->look()[0].last_error == "http 429");
  f.first.limit(0, 1);
  CHECK(f.send("+48600100209").gateway == "second");
  CHECK(f.route->look()[0].last_error == "http 402");
}

TEST_CASE("what is set at a gateway counts at once: sender, the tariff without one, and off") {
  Clinic f;
  store::SmsGatewayRow row;
  row.name = "first";
  for (const char* sender : {"abc", "A.b-c_9z", "abcdefghijk", "00491721234567"}) {
    row.sender = sender;
    f.set(row);
    f.send();
    CHECK(f.first.messages().back().get("origin") == sender);
  }
  row.has_own_sender = false;
  f.set(row);
  f.send();
  CHECK_FALSE(f.first.messages().back().has("origin"));
  row.is_on = false;
  f.set(row);
  CHECK(f.send().gateway == "second");
  CHECK(f.send(number, "first").gateway == "first");
}

TEST_CASE("a number of a country that is not allowed gets nothing") {
  Clinic f({"+49", "+48"});
  CHECK(f.send().delivery.kind == Delivery::Kind::delivered);
  const auto refused = f.send("+33600100200");
  CHECK(refused.delivery.kind == Delivery::Kind::give_up);
  CHECK(refused.delivery.code.text() == "country");
  CHECK(f.first.asked() == 1);
}

TEST_CASE("the text arrives unchanged, with the count of its parts") {
  Clinic f;
  const auto arrives = [&](const std::string& text, std::size_t parts) {
    const auto sent = flow::send_short_message(*f.house, {number, "", text, "r"}, f.now).value();
    CHECK(f.first.messages().back().get("text") == text);
    CHECK(sent.parts == parts);
  };
  arrives("ąśćż€😀", 1);
  arrives(std::string(160, 'a'), 1);
  arrives(std::string(161, 'a'), 2);
  arrives(std::string(306, 'a'), 2);
}

TEST_CASE("a hundred messages of one moment all leave in one round, without a pause between them") {
  Clinic f;
  for (int i = 0; i < 100; ++i) {
    const std::string nth = std::to_string(100 + i);
    f.queue_code(f.add_person("person" + nth, "", "+48600200" + nth));
  }
  const base::Time asked = f.now;
  std::size_t delivered = 0;
  const flow::Deliverers deliverers = f.deliverers();
  while (delivered < 100) {
    const auto round = flow::deliver_outbox(*f.house, deliverers, f.now).value();
    delivered += round.delivered;
    if (round.taken == 0) {
      REQUIRE(round.next_due);
      f.now = std::max(f.now, *round.next_due);
    }
    REQUIRE(f.now < asked + 5min);
  }
  CHECK(f.first.messages().size() == 100);
}

TEST_CASE(
    "a gateway that takes its time has four messages at once, so that a hundred leave within their five minutes") {
  // Four at a time, and none takes longer than the ten seconds of the time limit: 100 / 4 * 10 s are 250 s.
  Clinic f;
  for (int i = 0; i < 100; ++i) {
    const std::string nth = std::to_string(100 + i);
    f.queue_code(f.add_person("person" + nth, "", "+48600200" + nth));
  }
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  int most = 0;
  flow::Deliverers deliverers;
  deliverers.emplace("sms", [&](const store::OutboxItem&, base::Time) {
    std::unique_lock lock(mutex);
    most = std::max(most, ++inside);
    changed.notify_all();
    // A gateway that answers nobody before four have asked. With fewer in flight this would never end.
    changed.wait(lock, [&] { return most == 4; });
    --inside;
    return courier::delivered();
  });
  std::size_t delivered = 0;
  while (delivered < 100) {
    const auto round = flow::deliver_outbox(*f.house, deliverers, f.now).value();
    delivered += round.delivered;
    if (round.taken == 0) {
      REQUIRE(round.next_due);
      f.now = std::max(f.now, *round.next_due);
    }
  }
  CHECK(most == 4);
}

TEST_CASE("a report is taken from the gateway that has the key, and a message that has arrived stays so") {
  PersonFixture f;
  SmsSimulator simulator;
  flow::SmsSettings settings;
  courier::SmsGateway gateway = simulator.gateway("first");
  gateway.form.report_id = "field id";
  gateway.form.report_state = "field status";
  gateway.form.arrived = {"delivered"};
  gateway.form.lost = {"failed"};
  settings.gateways = {gateway};
  remote::HttpOptions options;
  options.loopback_http = {simulator.place()};
  flow::SmsRoute route(remote::HttpClient::make(options).value(), settings);
  f.house->sms = &route;
  const base::Id anna = f.add_person("anna", "", number);
  const identity::Account account = f.account(anna);
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return flow::queue_message(*f.house, tx, {account, {flow::Channel::sms, number}, text::Language::en},
                               {"verify_address", {{"code", "123456"}, {"minutes", std::int64_t{10}}}, ""}, f.now);
  }));
  REQUIRE(flow::deliver_outbox(*f.house, {{"sms", flow::make_sms_deliverer(*f.house)}}, f.now).value().delivered == 1);
  const base::Id item = f.outbox().front().id;
  const auto state = [&] {
    return f.store->read([&](store::Tx& tx) { return store::find_sms_report(tx, item); }).value()->state;
  };
  const auto report = [&](const char* status, const char* id, const char* key, const char* name) {
    flow::SmsReport told;
    told.gateway = name;
    told.key = key;
    told.fields = {{"id", id}, {"status", status}};
    const auto taken = flow::take_sms_report(*f.house, told, f.now);
    return taken ? std::string("taken") : std::string(base::name_of(taken.error().code));
  };
  constexpr const char* key = "key-of-reports-1234";
  CHECK(report("delivered", "m1", "", "first") == "not_found");
  CHECK(report("delivered", "m1", "key-of-reports-1235", "first") == "not_found");
  CHECK(report("delivered", "m1", key, "second") == "not_found");
  CHECK(report("delivered", "", key, "first") == "invalid_input");
  CHECK(report("delivered", "m2", key, "first") == "taken");
  CHECK(report("buffered", "m1", key, "first") == "taken");
  CHECK(state() == "sent");
  CHECK(report("failed", "m1", key, "first") == "taken");
  CHECK(state() == "lost");
  CHECK(report("delivered", "m1", key, "first") == "taken");
  CHECK(state() == "arrived");
  CHECK(report("failed", "m1", key, "first") == "taken");
  CHECK(report("delivered", "m1", key, "first") == "taken");
  CHECK(state() == "arrived");
}

TEST_CASE("a report that comes before the row of its message settles it, for ten minutes") {
  PersonFixture f;
  const base::Bytes key(32, 'k');
  const auto put = [&](base::Time sent_at) {
    store::SmsReportRow row;
    row.item_id = base::Id::make(f.now);
    row.gateway = "first";
    row.parts = 1;
    row.sent_at = sent_at;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::put_sms_report(tx, key, row); }));
    return f.store->read([&](store::Tx& tx) { return store::find_sms_report(tx, row.item_id); }).value()->state;
  };
  const auto keep = [&](const char* state) {
    REQUIRE(
        f.store->write([&](store::Tx& tx) { return store::keep_early_sms_report(tx, key, "first", state, f.now); }));
  };
  keep("arrived");
  keep("lost");
  CHECK(put(f.now + 10min) == "arrived");
  // A row that is there is never changed by an early report, and an old one does not count.
  keep("lost");
  CHECK(put(f.now + 20min) == "sent");
}

TEST_CASE("a report is signed as Twilio's documentation shows") {
  CHECK(flow::sign_like_twilio("12345", "https://mycompany.com/myapp.php?foo=1&bar=2",
                               {{"CallSid", "CA1234567890ABCDE"},
                                {"Caller", "+12349013030"},
                                {"Digits", "1234"},
                                {"From", "+12349013030"},
                                {"To", "+18005551212"}}) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ=");
}

TEST_CASE("a report that seven.io has signed is taken within five minutes, and no other one is") {
  PersonFixture f;
  SmsSimulator simulator;
  courier::SmsGateway gateway = simulator.gateway("first");
  gateway.form = courier::find_gateway_preset("seven")->form;
  gateway.form.signature = "seven";
  gateway.signing_key = base::Secret("9a7b1c0d");
  gateway.report_url = "https://login.clinic.example/hooks/sms/first?key=key-of-reports-1234";
  flow::SmsSettings settings;
  settings.gateways = {gateway};
  flow::SmsRoute route(remote::HttpClient::make({}).value(), settings);
  f.house->sms = &route;
  const std::string body = R"({"webhook_event":"dlr","data":{"msg_id":"77","status":"DELIVERED"}})";
  struct Sent {
    std::string timestamp, nonce = "fpPRhAd1s8GXacfR39mWqKPynmmXfJnc", method = "POST",
                           target = "/hooks/sms/first?key=key-of-reports-1234", body;
  };
  Sent right;
  right.timestamp = std::to_string(base::to_seconds(f.now));
  right.body = body;
  const auto sign = [&](const Sent& sent, const base::Secret& key) {
    return flow::sign_like_seven(
               key, {sent.timestamp, sent.nonce, sent.method, "https://login.clinic.example" + sent.target, sent.body})
        .value();
  };
  const auto report = [&](const Sent& sent, const std::string& signature) {
    flow::SmsReport told;
    told.gateway = "first";
    told.key = "key-of-reports-1234";
    told.body = sent.body;
    told.method = sent.method;
    told.target = sent.target;
    told.seven = {sent.timestamp, sent.nonce, signature};
    const auto taken = flow::take_sms_report(*f.house, told, f.now);
    return taken ? std::string("taken") : std::string(base::name_of(taken.error().code));
  };
  const std::string signature = sign(right, gateway.signing_key);
  // By Python: hmac.new(key, "\n".join([timestamp, nonce, "POST", address, md5(body).hexdigest()]), "sha256").
  CHECK(signature == "c47d4957405b81301d897629e93473c1612eb68fb544d7693a88dcf0bdbc4a6e");
  CHECK(report(right, signature) == "taken");
  CHECK(report(right, "") == "not_found");
  CHECK(report(right, sign(right, base::Secret("another"))) == "not_found");
  Sent changed = right;
  changed.body = R"({"webhook_event":"dlr","data":{"msg_id":"77","status":"FAILED"}})";
  CHECK(report(changed, signature) == "not_found");
  changed = right;
  changed.target = "/hooks/sms/first?key=key-of-reports-1234&more=1";
  CHECK(report(changed, signature) == "not_found");
  CHECK(report(changed, sign(changed, gateway.signing_key)) == "taken");
  changed = right;
  changed.nonce = "another";
  CHECK(report(changed, signature) == "not_found");
  changed = right;
  changed.method = "GET";
  CHECK(report(changed, signature) == "not_found");
  for (const base::Time at : {f.now - 301s, f.now + 301s}) {
    changed = right;
    changed.timestamp = std::to_string(base::to_seconds(at));
    CHECK(report(changed, sign(changed, gateway.signing_key)) == "not_found");
  }
  for (const char* timestamp : {"", "now", "-1", "99999999999999999999"}) {
    changed = right;
    changed.timestamp = timestamp;
    CHECK(report(changed, sign(changed, gateway.signing_key)) == "not_found");
  }
}

TEST_CASE("by hand a super administrator sends at once, and it is on record without number and text") {
  Clinic f;
  const auto sent =
      flow::send_sms_by_hand(*f.house, Clinic::operator_actor(), {{number, "", "Test", ""}, ""}, f.facts());
  REQUIRE(sent);
  CHECK(sent->gateway == "first");
  REQUIRE(f.events("sms_send").size() == 1);
  CHECK(f.events("sms_send").front().data == R"({"gateway":"first","kind":"text"})");
  f.first.mood(Mood::refusing);
  const auto refused =
      flow::send_sms_by_hand(*f.house, Clinic::operator_actor(), {{number, "", "Test", ""}, ""}, f.facts());
  REQUIRE(refused);
  CHECK(refused->delivery.kind == courier::Delivery::Kind::give_up);
  CHECK(flow::explain(*refused).find("first") != std::string::npos);
  CHECK(flow::explain(*refused).find("http 400") != std::string::npos);
  CHECK(f.events("sms_send").front().outcome == "failure");
  CHECK(flow::send_sms_by_hand(*f.house, Clinic::operator_actor(), {{number, "", "Test", ""}, "third"}, f.facts())
            .error()
            .code == base::Code::not_found);
  f.add_person("anna", "anna@clinic.example");
  const auto anna = f.actor(f.log_in("anna"));
  const std::size_t asked = f.first.asked();
  CHECK(flow::send_sms_by_hand(*f.house, anna, {{number, "", "Test", ""}, ""}, f.facts()).error().code ==
        base::Code::denied);
  CHECK(f.first.asked() == asked);
}
