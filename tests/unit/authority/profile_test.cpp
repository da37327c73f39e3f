#include "authority/profile.hpp"

#include <doctest/doctest.h>

using authority::find_flaw;
using authority::Profile;

namespace {

const base::Time noon = base::parse_rfc3339("2026-11-21T12:00:00Z").value();
constexpr auto a_day = std::chrono::hours(24);

}  // namespace

TEST_CASE("nothing outlives its issuer, and no validity is longer than its profile allows") {
  CHECK(authority::find_end(Profile::client_system, {}, noon, noon + 3000 * a_day).value() == noon + 730 * a_day);
  CHECK(authority::find_end(Profile::client_system, {}, noon, noon + 100 * a_day).value() == noon + 100 * a_day);
  CHECK(authority::find_end(Profile::tls_server, 398 * a_day, noon, noon + 3000 * a_day));
  CHECK_FALSE(authority::find_end(Profile::tls_server, 399 * a_day, noon, noon + 3000 * a_day));
  CHECK_FALSE(authority::find_end(Profile::tls_server, -a_day, noon, noon + 3000 * a_day));
  CHECK_FALSE(authority::find_end(Profile::tls_server, {}, noon, noon));
}

TEST_CASE("the roll-over comes before the rest is shorter than the longest validity") {
  base::Duration longest{0};
  for (const Profile one : authority::all_profiles) {
    CHECK(authority::rules_of(one).standard <= authority::rules_of(one).longest);
    CHECK(authority::parse_profile(authority::name_of(one)).value() == one);
    longest = std::max(longest, authority::rules_of(one).longest);
  }
  CHECK_FALSE(authority::is_rollover_due(noon + longest, noon));
  CHECK(authority::is_rollover_due(noon + longest - std::chrono::seconds(1), noon));
  CHECK(authority::issuing_lasts > longest);
  CHECK(authority::root_lasts > authority::issuing_lasts);
}

TEST_CASE("names that may stand in a certificate") {
  CHECK(find_flaw(Profile::client_system, {"Z1", {}, {}}).empty());
  CHECK(find_flaw(Profile::person_login, {"Zoë Łącka", {}, {}}).empty());
  CHECK_FALSE(find_flaw(Profile::client_system, {"", {}, {}}).empty());
  CHECK_FALSE(find_flaw(Profile::client_system, {std::string(65, 'x'), {}, {}}).empty());
  CHECK_FALSE(find_flaw(Profile::client_system, {"a\nb", {}, {}}).empty());
  CHECK_FALSE(find_flaw(Profile::client_system, {"\xff", {}, {}}).empty());
  CHECK_FALSE(find_flaw(Profile::client_system, {"Z1", {"z1.example"}, {}}).empty());
}

TEST_CASE("a server has host names and addresses, and nothing else counts as one") {
  const auto flaw = [](std::vector<std::string> names, std::vector<std::string> addresses = {}) {
    return find_flaw(Profile::tls_server, {"server", std::move(names), std::move(addresses)});
  };
  CHECK(flaw({"id.example", "*.id.example", "localhost"}, {"127.0.0.1", "::1"}).empty());
  CHECK_FALSE(flaw({}).empty());
  for (const char* name : {"", "a..b", "-a.b", "a-.b", "a b", "a_b", "127.0.0.1", "*.*.b", "a.*", "łódź.pl", "a,b"}) {
    CAPTURE(name);
    CHECK_FALSE(flaw({name}).empty());
  }
  CHECK_FALSE(flaw({}, {"300.1.1.1"}).empty());
  CHECK_FALSE(flaw(std::vector<std::string>(51, "a.b")).empty());
}

TEST_CASE("only an RSA key of a server also enciphers") {
  using crypto::KeyUse;
  CHECK(authority::key_uses_of(Profile::tls_server, "RSA 2048").size() == 2);
  CHECK(authority::key_uses_of(Profile::tls_server, "ECC P-256") == std::vector{KeyUse::digital_signature});
  CHECK(authority::key_uses_of(Profile::client_system, "RSA 2048") == std::vector{KeyUse::digital_signature});
}

TEST_CASE("a certificate for signatures commits to the content, and is for no login and no server") {
  using crypto::KeyUse;
  CHECK(authority::key_uses_of(Profile::signature, "RSA 3072") ==
        std::vector<KeyUse>{KeyUse::digital_signature, KeyUse::non_repudiation});
  CHECK(authority::rules_of(Profile::signature).extended_uses.empty());
  CHECK(authority::rules_of(Profile::signature).is_in_lists);
  CHECK_FALSE(find_flaw(Profile::signature, {"Anna", {"id.example"}, {}}).empty());
}
