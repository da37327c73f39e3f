// What is set at SMS gateways, and what they report.
#include "store/message/sms_gateways.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("what is set at a gateway is read as it was written, and its password is sealed", E,
                   ON_BOTH_ENGINES) {
  const typename E::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  store::SmsGatewayRow row;
  row.name = "main";
  row.is_on = false;
  row.login = "clinic";
  row.password = base::Secret("horse-battery");
  row.sender = "Clinic";
  row.has_own_sender = false;
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_sms_gateway(tx, row); }));
  const auto read = [&] { return db->read([](store::Tx& tx) { return store::list_sms_gateways(tx); }).value(); };
  REQUIRE(read().size() == 1);
  CHECK(read()[0].version == 1);
  CHECK_FALSE(read()[0].is_on);
  CHECK(read()[0].login == "clinic");
  CHECK(read()[0].password.reveal() == "horse-battery");
  CHECK(read()[0].sender == "Clinic");
  CHECK_FALSE(read()[0].has_own_sender);
  row.password = base::Secret();
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_sms_gateway(tx, row); }));
  CHECK(read()[0].version == 2);
  CHECK(read()[0].password.empty());
}

TEST_CASE_TEMPLATE("a report changes a message once, and one that has arrived stays so", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const std::string key(32, 'k');
  store::SmsReportRow row;
  row.item_id = base::Id::make(noon);
  row.gateway = "main";
  row.parts = 2;
  row.sent_at = noon;
  REQUIRE(db->write([&](store::Tx& tx) { return store::put_sms_report(tx, key, row); }));
  const auto note = [&](std::string_view state, const std::string& of) {
    return db->write([&](store::Tx& tx) { return store::note_sms_report(tx, of, state, noon + 1min); }).value();
  };
  const auto find = [&] {
    return db->read([&](store::Tx& tx) { return store::find_sms_report(tx, row.item_id); }).value();
  };
  REQUIRE(find());
  CHECK(find()->state == "sent");
  CHECK(find()->parts == 2);
  CHECK_FALSE(note("arrived", std::string(32, 'x')));
  CHECK(note("lost", key));
  CHECK_FALSE(note("lost", key));
  CHECK(note("arrived", key));
  CHECK_FALSE(note("lost", key));
  CHECK(find()->state == "arrived");
  CHECK(find()->reported_at == noon + 1min);
  CHECK_FALSE(db->write([&](store::Tx& tx) { return store::delete_old_sms_reports(tx, noon); }).value());
  CHECK(find());
  CHECK_FALSE(db->write([&](store::Tx& tx) { return store::delete_old_sms_reports(tx, noon + 1s); }).value());
  CHECK_FALSE(find());
}
