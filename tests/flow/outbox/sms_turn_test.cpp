// The limits of short messages (S3.8).
#include "flow/outbox/sms_turn.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "flow/account/own_data.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/message/administer_sms.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/person_fixture.hpp"
#include "store/message/sms_counts.hpp"
#include "store/postgres.hpp"
#include "store/tenant/tenants.hpp"

using flow::SmsPurpose;
using flow::SmsTurn;
using testing::PersonFixture;
using namespace std::chrono_literals;

namespace {

constexpr const char* number = "+48600100200";
constexpr const char* other_number = "+48600100201";

struct Phones : PersonFixture {
  explicit Phones(const std::string& url = "sqlite::memory:") : PersonFixture(url) {
    tenant = store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
  }
  void limit(std::int64_t per_number, std::int64_t per_network, std::int64_t per_day, base::Duration window = 10min) {
    REQUIRE(flow::set_sms_limits(*house, operator_actor(), {per_number, per_network, window, per_day}, std::nullopt,
                                 facts()));
  }
  SmsTurn take(const std::string& to, SmsPurpose purpose = SmsPurpose::code, const std::string& ip = "192.0.2.7") {
    flow::RequestFacts request = facts();
    request.ip = ip;
    return house->store
        .write([&](store::Tx& tx) {
          return flow::take_sms_turn(*house, tx, tenant, {to, purpose}, request);
        })
        .value();
  }
  int granted_of(int tries, const std::string& to, SmsPurpose purpose = SmsPurpose::code) {
    int granted = 0;
    for (int i = 0; i < tries; ++i) granted += take(to, purpose) == SmsTurn::granted ? 1 : 0;
    return granted;
  }
  base::Id tenant;
};

/// `tries` parallel turns from as many numbers and addresses as `spread` says, on one or two houses.
int take_in_parallel(const std::vector<const flow::House*>& houses, const Phones& f, int tries, bool spread) {
  std::atomic<int> granted = 0;
  std::vector<std::thread> threads;
  constexpr int workers = 20;
  for (int worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      for (int i = worker; i < tries; i += workers) {
        const flow::House& house = *houses[static_cast<std::size_t>(i) % houses.size()];
        flow::RequestFacts request = f.facts();
        std::string to = number;
        if (spread) {
          to = "+48600" + std::to_string(100000 + i);
          request.ip = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        }
        const auto turn = house.store.write([&](store::Tx& tx) {
          return flow::take_sms_turn(house, tx, f.tenant, {to, SmsPurpose::code}, request);
        });
        if (turn && *turn == SmsTurn::granted) ++granted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return granted;
}

}  // namespace

TEST_CASE("on a fresh installation nothing is limited, and what was sent is counted") {
  Phones f;
  CHECK(f.granted_of(100, number) == 100);
  const auto look = flow::look_at_sms(*f.house, Phones::operator_actor(), f.now).value();
  CHECK(look.version == 0);
  CHECK(look.today.at(SmsPurpose::code).sent == 100);
  CHECK(f.events("sms_limit").empty());
}

TEST_CASE("the fourth message of the window to one number is refused, and another number is not affected") {
  Phones f;
  f.limit(3, 0, 0);
  CHECK(f.granted_of(3, number) == 3);
  CHECK(f.take(number) == SmsTurn::number_limit);
  CHECK(f.take(other_number) == SmsTurn::granted);
  f.now += 10min;
  CHECK(f.take(number) == SmsTurn::granted);
}

TEST_CASE("the sixth message that one network causes is refused, and another network is not affected") {
  Phones f;
  f.limit(0, 5, 0);
  for (int i = 0; i < 5; ++i) CHECK(f.take("+4860010020" + std::to_string(i)) == SmsTurn::granted);
  CHECK(f.take(other_number) == SmsTurn::network_limit);
  CHECK(f.take(other_number, SmsPurpose::code, "::ffff:192.0.2.7") == SmsTurn::network_limit);
  CHECK(f.take(other_number, SmsPurpose::code, "192.0.2.8") == SmsTurn::granted);
}

TEST_CASE("whoever has a whole IPv6 network has one share of it") {
  Phones f;
  f.limit(0, 1, 0);
  CHECK(f.take(number, SmsPurpose::code, "2001:db8:1:2::1") == SmsTurn::granted);
  CHECK(f.take(number, SmsPurpose::code, "2001:db8:1:2:ffff::9") == SmsTurn::network_limit);
  CHECK(f.take(number, SmsPurpose::code, "2001:db8:2:2::1") == SmsTurn::granted);
}

TEST_CASE("whoever has a /48 has four shares, and what one of its networks is refused takes nothing from the others") {
  Phones f;
  f.limit(0, 1, 0);
  CHECK(f.take(number, SmsPurpose::code, "2001:db8:1:100::1") == SmsTurn::granted);
  for (int i = 0; i < 10; ++i) {
    CHECK(f.take(number, SmsPurpose::code, "2001:db8:1:100::1") == SmsTurn::network_limit);
  }
  for (const char* ip : {"2001:db8:1:200::1", "2001:db8:1:300::1", "2001:db8:1:400::1"}) {
    CHECK(f.take(number, SmsPurpose::code, ip) == SmsTurn::granted);
  }
  CHECK(f.take(number, SmsPurpose::code, "2001:db8:1:500::1") == SmsTurn::network_limit);
  CHECK(f.take(number, SmsPurpose::code, "2001:db8:2:100::1") == SmsTurn::granted);
}

TEST_CASE("the quota holds for the calendar day in the time zone of the installation") {
  Phones f;
  f.settings.site.time_zone = "Europe/Warsaw";
  f.now = base::parse_rfc3339("2026-11-21T22:59:59Z").value();
  f.limit(0, 0, 10);
  CHECK(f.granted_of(11, number) == 10);
  CHECK(f.take(number) == SmsTurn::day_limit);
  f.now += 1s;  // 00:00 in Warsaw
  CHECK(f.granted_of(11, number) == 10);
}

TEST_CASE("on the days when the clocks change the quota begins anew at midnight and at no other time") {
  Phones f;
  f.settings.site.time_zone = "Europe/Warsaw";
  f.now = base::parse_rfc3339("2026-10-24T22:30:00Z").value();  // 00:30 on the day with 25 hours
  f.limit(0, 0, 1);
  CHECK(f.take(number) == SmsTurn::granted);
  for (int hour = 0; hour < 24; ++hour, f.now += 1h) CHECK(f.take(number) == SmsTurn::day_limit);
  f.now = base::parse_rfc3339("2026-10-25T23:00:00Z").value();
  CHECK(f.take(number) == SmsTurn::granted);
  f.now = base::parse_rfc3339("2027-03-27T23:00:00Z").value();  // the day with 23 hours
  CHECK(f.take(number) == SmsTurn::granted);
  f.now = base::parse_rfc3339("2027-03-28T21:59:59Z").value();
  CHECK(f.take(number) == SmsTurn::day_limit);
  f.now += 1s;
  CHECK(f.take(number) == SmsTurn::granted);
}

TEST_CASE("a clock that is moved back gives no further message") {
  Phones f;
  f.limit(2, 0, 2);
  CHECK(f.granted_of(3, number) == 2);
  f.now -= 24h;
  CHECK(f.take(number) != SmsTurn::granted);
  CHECK(f.take(other_number) == SmsTurn::day_limit);
  f.now += 24h;
  CHECK(f.take(number) != SmsTurn::granted);
}

TEST_CASE("codes never use up what a reset needs, and a notice is never refused") {
  Phones f;
  f.limit(2, 3, 3);
  CHECK(f.granted_of(10, number) == 2);
  CHECK(f.granted_of(10, number, SmsPurpose::reset) == 2);
  CHECK(f.granted_of(10, number, SmsPurpose::notice) == 10);
  const auto look = flow::look_at_sms(*f.house, Phones::operator_actor(), f.now).value();
  CHECK(look.today.at(SmsPurpose::code).sent == 2);
  CHECK(look.today.at(SmsPurpose::code).refused == 8);
  CHECK(look.today.at(SmsPurpose::reset).refused == 8);
  CHECK(look.today.at(SmsPurpose::notice).sent == 10);
}

TEST_CASE("a limit that is reached is one event for its window, and not one for each refusal") {
  Phones f;
  f.limit(1, 0, 0);
  f.granted_of(50, number);
  REQUIRE(f.events("sms_limit").size() == 1);
  CHECK(f.events("sms_limit").front().data == R"({"limit":"number","purpose":"code"})");
  CHECK(f.events("sms_limit").front().outcome == "failure");
  f.now += 10min;
  f.granted_of(50, number);
  CHECK(f.events("sms_limit").size() == 2);
  f.limit(0, 0, 1);
  f.granted_of(50, other_number);
  CHECK(f.events("sms_limit").front().data == R"({"limit":"day","purpose":"code"})");
}

TEST_CASE("a code for a number of one's own over the limit is refused, and that is on record") {
  Phones f;
  f.add_person("anna", "anna@clinic.example");
  const auto anna = f.actor(f.log_in("anna"));
  f.limit(1, 0, 0);
  REQUIRE(f.take(number) == SmsTurn::granted);
  flow::OwnDataWish wish;
  wish.login = "anna";
  wish.email = "anna@clinic.example";
  wish.phone = number;
  wish.version = anna.account().version;
  const auto refused = flow::change_own_data(*f.house, anna, wish, f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::too_many);
  CHECK(f.messages().empty());
  CHECK(f.events("sms_limit").size() == 1);
  CHECK(flow::look_at_sms(*f.house, Phones::operator_actor(), f.now).value().today.at(SmsPurpose::code).refused == 1);
}

TEST_CASE("super administrators get a mail when a limit is reached, and not one for each") {
  Phones f;
  flow::NewAccount wished = f.wish("root");
  wished.contexts = {"super_administrator"};
  wished.email = "root@clinic.example";
  f.create(wished);
  f.add_person("anna", "anna@clinic.example");
  f.limit(1, 0, 0);
  f.granted_of(5, number);
  f.granted_of(5, other_number);
  REQUIRE(f.events("sms_limit").size() == 2);
  REQUIRE(f.messages().size() == 1);
  CHECK(f.messages().front().message == "sms_limit");
  CHECK(f.messages().front().to == "root@clinic.example");
  f.now += 1h;
  f.granted_of(5, number);
  CHECK(f.messages().size() == 2);
}

TEST_CASE("a reset over the limit is recorded, and nothing is sent") {
  Phones f;
  const base::Id anna = f.add_person("anna", {}, number);
  f.limit(1, 0, 0);
  REQUIRE(f.take(number, SmsPurpose::reset) == SmsTurn::granted);
  store::OutboxItem item;
  item.id = base::Id::make(f.now);
  item.tenant_id = f.tenant;
  item.kind = "reset";
  item.payload = R"({"login":"anna","ip":"192.0.2.7"})";
  item.next_at = item.created_at = f.now;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_outbox(tx, item); }));
  const auto done = flow::make_reset_deliverer(*f.house)(item, f.now);
  CHECK(done.kind == courier::Delivery::Kind::delivered);
  CHECK(f.messages().empty());
  REQUIRE(f.events("password_reset").size() == 1);
  CHECK(f.events("password_reset").front().data.find("limit_of_sms") != std::string::npos);
  CHECK(f.events("password_reset").front().subject == anna);
}

TEST_CASE("only a super administrator with a fresh proof sets limits, and each change is recorded") {
  Phones f;
  f.add_person("anna", "anna@clinic.example");
  const auto anna = f.actor(f.log_in("anna"));
  CHECK(flow::set_sms_limits(*f.house, anna, {3, 0, 10min, 0}, std::nullopt, f.facts()).error().code ==
        base::Code::denied);
  CHECK(flow::look_at_sms(*f.house, anna, f.now).error().code == base::Code::denied);
  flow::NewAccount wished = f.wish("root");
  wished.contexts = {"super_administrator"};
  f.create(wished);
  const auto root = f.actor(f.log_in("root"));
  CHECK(flow::set_sms_limits(*f.house, root, {3, 0, 61min, 0}, 0, f.facts()).error().reason == "window");
  CHECK(flow::set_sms_limits(*f.house, root, {3, 0, 10min, 0}, 0, f.facts()));
  CHECK(flow::set_sms_limits(*f.house, root, {4, 0, 10min, 0}, 0, f.facts()).error().code == base::Code::conflict);
  REQUIRE(f.events("sms_change").size() == 1);
  CHECK(f.events("sms_change").front().data.find("per_number=3") != std::string::npos);
  f.now += 24h;
  CHECK(flow::set_sms_limits(*f.house, root, {5, 0, 10min, 0}, 1, f.facts()).error().code == base::Code::denied);
}

TEST_CASE("a thousand parallel messages never exceed a limit") {
  Phones f;
  f.limit(7, 0, 0);
  CHECK(take_in_parallel({f.house.get()}, f, 1000, false) == 7);
  f.limit(0, 0, 13);
  CHECK(take_in_parallel({f.house.get()}, f, 1000, true) == 13 - 7);
}

TEST_CASE("a thousand parallel messages on two nodes of one PostgreSQL never exceed a limit") {
  const std::string place = postgres::make_place();
  Phones f(place);
  store::Options options;
  options.url = place;
  const auto other = store::Store::open(options, f.master);
  REQUIRE(other);
  const flow::House second{**other, (*other)->master(), *f.keys, f.gate, f.house->settings};
  f.limit(7, 0, 0);
  CHECK(take_in_parallel({f.house.get(), &second}, f, 1000, false) == 7);
  f.limit(0, 0, 13);
  CHECK(take_in_parallel({f.house.get(), &second}, f, 1000, true) == 13 - 7);
}
