// The time of an answer does not show whether somebody has a name, also while hashes of two costs are stored (S4.6).
#include "flow/proof/password_proof.hpp"

#include <doctest/doctest.h>

#include <map>

#include "audit/event.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/password_fixture.hpp"

using testing::PasswordFixture;

namespace {

constexpr std::uint32_t old_passes = 1;
constexpr std::uint32_t new_passes = 3;

struct Scene : PasswordFixture {
  std::uint32_t passes_for(const std::string& typed) {
    const flow::Claim claim = flow::claim_login(typed);
    const flow::RequestFacts asked = facts();
    auto proving = flow::begin_proof(*house, asked, {.event = audit::type::login}, claim);
    REQUIRE(proving);
    const auto proof = flow::compare_password(*proving, claim, base::Secret("Wrong-Password-1"));
    REQUIRE(proof);
    CHECK_FALSE(proof->matches);
    return proof->cost().passes;
  }
  // One account a day, so that the ids are spread over time like those of people.
  void add_accounts(const std::string& begin, int number) {
    for (int i = 0; i < number; ++i) {
      now += std::chrono::hours(24);
      add_account(begin + std::to_string(i), right);
    }
  }
};

}  // namespace

TEST_CASE("after a change of the cost a name that nobody has costs what names cost: some the old, some the new") {
  Scene s;
  s.settings.password_hash = {8, old_passes};
  s.add_accounts("old", 8);
  s.settings.password_hash = {8, new_passes};
  s.add_accounts("new", 8);
  CHECK(s.passes_for("old3") == old_passes);
  CHECK(s.passes_for("new3") == new_passes);
  std::map<std::uint32_t, int> seen;
  std::map<std::string, std::uint32_t> first;
  for (int i = 0; i < 200; ++i) {
    const std::string nobody = "nobody" + std::to_string(i);
    first[nobody] = s.passes_for(nobody);
    ++seen[first[nobody]];
  }
  // Evenly spread names would give 100 each; the key of the installation decides.
  CHECK(seen[old_passes] + seen[new_passes] == 200);
  CHECK(seen[old_passes] > 20);
  CHECK(seen[new_passes] > 20);
  for (const auto& [nobody, passes] : first) CHECK_MESSAGE(s.passes_for(nobody) == passes, nobody);
}

TEST_CASE("an account without a password costs what its neighbour costs, and no password opens it") {
  Scene s;
  s.settings.password_hash = {8, old_passes};
  s.add_accounts("before", 1);
  s.add_account("empty", "");
  s.now += std::chrono::hours(24);
  s.add_accounts("after", 1);
  s.settings.password_hash = {8, new_passes};
  CHECK(s.passes_for("empty") == old_passes);
  CHECK_FALSE(s.log_in(Scene::right, "empty"));
  CHECK(s.log_in(Scene::right, "after0"));
}

TEST_CASE("where nobody has a password yet, the cost is that of the settings") {
  Scene s;
  s.settings.password_hash = {8, new_passes};
  CHECK(s.passes_for("nobody") == new_passes);
}
