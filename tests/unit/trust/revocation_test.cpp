#include "trust/revocation.hpp"

#include <doctest/doctest.h>

#include "trust/purpose.hpp"

using crypto::PathFlaw;
using trust::Asks;
using trust::Freshness;
using trust::Unreachable;

namespace {

const base::Time noon = base::parse_rfc3339("2026-11-21T12:00:00Z").value();
constexpr auto hour = std::chrono::hours(1);

}  // namespace

TEST_CASE("an answer counts until its next update, and without one for a day") {
  CHECK(trust::judge_freshness(noon - hour, noon + hour, noon) == Freshness::fresh);
  CHECK(trust::judge_freshness(noon - hour, noon, noon) == Freshness::fresh);
  CHECK(trust::judge_freshness(noon - 2 * hour, noon - hour, noon) == Freshness::stale);
  CHECK(trust::judge_freshness(noon - 23 * hour, std::nullopt, noon) == Freshness::fresh);
  CHECK(trust::judge_freshness(noon - 25 * hour, std::nullopt, noon) == Freshness::stale);
  CHECK(trust::judge_freshness(std::nullopt, noon + hour, noon) == Freshness::absent);
  CHECK(trust::judge_freshness(noon + hour, noon + 2 * hour, noon) == Freshness::absent);
}

TEST_CASE("without an answer in time a certificate is refused, unless the operator has said otherwise") {
  for (const Freshness freshness : {Freshness::stale, Freshness::absent}) {
    CHECK(trust::judge_revocation({Asks::crl, Unreachable::refuse, freshness, false}) == PathFlaw::unknown_revocation);
    CHECK(trust::judge_revocation({Asks::ocsp, Unreachable::accept, freshness, false}) == PathFlaw::none);
  }
  CHECK(trust::judge_revocation({Asks::crl, Unreachable::refuse, Freshness::fresh, false}) == PathFlaw::none);
  CHECK(trust::judge_revocation({Asks::none, Unreachable::refuse, Freshness::absent, false}) == PathFlaw::none);
}

TEST_CASE("what was revoked once is refused, however old the answer is") {
  for (const Freshness freshness : {Freshness::fresh, Freshness::stale}) {
    for (const Unreachable mode : {Unreachable::refuse, Unreachable::accept}) {
      CHECK(trust::judge_revocation({Asks::crl, mode, freshness, true}) == PathFlaw::revoked);
    }
  }
}

TEST_CASE("an answer is fetched again before it ends, neither too often nor too seldom") {
  CHECK(trust::find_due(noon + 2 * hour, false, noon) == noon + hour);
  CHECK(trust::find_due(noon + 100 * hour, false, noon) == noon + 6 * hour);
  CHECK(trust::find_due(noon + std::chrono::minutes(1), false, noon) == noon + std::chrono::minutes(5));
  CHECK(trust::find_due(noon - hour, false, noon) == noon + std::chrono::minutes(5));
  CHECK(trust::find_due(noon + 100 * hour, true, noon) == noon + std::chrono::minutes(5));
}

TEST_CASE("each rule and purpose has a name, and other names are refused") {
  for (const trust::Purpose one : trust::all_purposes) CHECK(trust::parse_purpose(trust::name_of(one)).value() == one);
  CHECK_FALSE(trust::parse_purpose("email"));
  CHECK_FALSE(trust::parse_asks("ldap"));
  CHECK_FALSE(trust::parse_unreachable("perhaps"));
  CHECK(trust::path_purpose_of(trust::Purpose::tls_server) == crypto::PathPurpose::tls_server);
  CHECK(trust::path_purpose_of(trust::Purpose::person_login) == crypto::PathPurpose::tls_client);
}
