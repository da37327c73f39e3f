#include "browser/refusal_log.hpp"

#include <doctest/doctest.h>

using browser::RefusalQuota;

namespace {

const base::Time noon = base::from_ms(1'790'000'000'000);

}  // namespace

TEST_CASE("a client that sends nothing but errors fills a part of the log, and others still have their lines") {
  RefusalQuota quota;
  for (std::size_t i = 0; i < RefusalQuota::most_of_client; ++i) CHECK(quota.take("192.0.2.1", noon));
  CHECK_FALSE(quota.take("192.0.2.1", noon));
  CHECK_FALSE(quota.take("192.0.2.1", noon + std::chrono::seconds(59)));
  CHECK(quota.take("192.0.2.2", noon));
}

TEST_CASE("lines that are left out are counted, and the number is told once") {
  RefusalQuota quota;
  for (std::size_t i = 0; i < RefusalQuota::most_of_client + 7; ++i) quota.take("192.0.2.1", noon);
  CHECK(quota.take_left_out(noon) == 0);
  const base::Time later = noon + std::chrono::minutes(1);
  CHECK(quota.take_left_out(later) == 7);
  CHECK(quota.take_left_out(later) == 0);
  CHECK(quota.take("192.0.2.1", later));
}

TEST_CASE("many clients together write no more than the whole limit") {
  RefusalQuota quota;
  std::size_t written = 0;
  for (std::size_t i = 0; i < 2 * RefusalQuota::most_of_all; ++i) {
    written += quota.take("198.18." + std::to_string(i / 250) + "." + std::to_string(i % 250), noon) ? 1U : 0U;
  }
  CHECK(written == RefusalQuota::most_of_all);
}

TEST_CASE("who has a whole IPv6 /48 fills a third of the log at most") {
  RefusalQuota quota;
  std::size_t written = 0;
  for (std::size_t i = 0; i < 2 * RefusalQuota::most_of_all; ++i) {
    written += quota.take("2001:db8:1:" + std::to_string(i) + "::1", noon) ? 1U : 0U;
  }
  CHECK(written == 16 * RefusalQuota::most_of_client);
  CHECK(quota.take("2001:db8:2::1", noon));
}

TEST_CASE("a clock that goes back does not silence the log") {
  RefusalQuota quota;
  for (std::size_t i = 0; i < 2 * RefusalQuota::most_of_client; ++i) quota.take("192.0.2.1", noon);
  CHECK(quota.take("192.0.2.1", noon - std::chrono::hours(1)));
}
