#include "identity/lockout/sms_limits.hpp"

#include <doctest/doctest.h>

using identity::SmsLimits;
using namespace std::chrono_literals;

namespace {

const base::Time noon = base::parse_rfc3339("2026-11-29T12:00:00Z").value();

SmsLimits with_window(base::Duration window) {
  SmsLimits limits;
  limits.window = window;
  return limits;
}

}  // namespace

TEST_CASE("the window has 1 to 60 whole minutes") {
  CHECK(identity::find_flaws(with_window(1min)).empty());
  CHECK(identity::find_flaws(with_window(60min)).empty());
  for (const base::Duration wrong : {base::Duration(0), base::Duration(-1min), base::Duration(61min),
                                     base::Duration(90s), base::Duration(59999ms)}) {
    CHECK(identity::find_flaws(with_window(wrong)) == std::vector<std::string_view>{"window"});
  }
}

TEST_CASE("no limit is set at first, and a negative or an absurd one is refused") {
  CHECK(SmsLimits().per_number == 0);
  CHECK(SmsLimits().per_network == 0);
  CHECK(SmsLimits().per_day == 0);
  SmsLimits wrong;
  wrong.per_number = -1;
  wrong.per_network = identity::most_in_sms_window + 1;
  wrong.per_day = -1;
  CHECK(identity::find_flaws(wrong) == std::vector<std::string_view>{"per_number", "per_network", "per_day"});
}

TEST_CASE("without a limit there is always room") {
  CHECK(identity::has_room({noon, noon, noon}, 0, 1min, noon));
}

TEST_CASE("in no stretch of the window's length are more messages than the limit") {
  std::vector<base::Time> sent;
  for (int second = 0; second < 3600; second += 7) {
    const base::Time now = noon + std::chrono::seconds(second);
    if (identity::has_room(sent, 3, 10min, now)) sent = identity::after_message(sent, now);
  }
  REQUIRE(sent.size() > 9);
  for (std::size_t i = 3; i < sent.size(); ++i) CHECK(sent[i] - sent[i - 3] >= 10min);
}

TEST_CASE("the message that left exactly a window ago does not count any more") {
  CHECK_FALSE(identity::has_room({noon}, 1, 10min, noon + 10min - 1ms));
  CHECK(identity::has_room({noon}, 1, 10min, noon + 10min));
}

TEST_CASE("a clock that goes back gives no further message") {
  const std::vector<base::Time> sent{noon, noon};
  CHECK_FALSE(identity::has_room(sent, 2, 10min, noon - 2h));
  CHECK_FALSE(identity::has_room(sent, 2, 10min, noon + 9min));
  CHECK(identity::after_message({noon}, noon - 1h).back() == noon);
  const identity::SmsDay used{"2026-11-29", 10, 0};
  CHECK(identity::day_in_force(used, "2026-11-28").sent == 10);
  CHECK(identity::day_in_force(used, "2026-11-29").sent == 10);
  CHECK(identity::day_in_force(used, "2026-11-30").sent == 0);
}

TEST_CASE("times that no window can reach are forgotten") {
  const auto kept = identity::after_message({noon - 61min, noon - 59min}, noon);
  CHECK(kept == std::vector<base::Time>{noon - 59min, noon});
}
