#include "identity/password/temporary_password.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "seeded.hpp"

using namespace identity;

TEST_CASE("a temporary password is readable, grouped and conforms to its policy") {
  Seeded random;
  const PasswordFacts facts{"akowalska", "anna@example.org", {"Anna", "Kowalska"}, {}, false, false};
  for (const std::int64_t length : {1, 8, 15, 19, 20, 24, 25, 40, 64}) {
    PasswordPolicy policy = strictest({classic(), nist_800_63b()});
    policy.min_length = length;
    policy.required_classes = 4;
    policy.least_score = 4;
    policy.forbid_email = policy.forbid_names = true;
    for (int i = 0; i < 50; ++i) {
      const auto made = make_temporary_password(random.octets(temporary_password_octets), policy, facts);
      REQUIRE(made);
      const std::string password(made->reveal());
      CHECK(password.size() >= 19);
      CHECK(password.size() >= static_cast<std::size_t>(length));
      CHECK(password.size() <= 69);
      CHECK_MESSAGE(password.find_first_of("0Oo1Iil") == std::string::npos, password);
      CHECK(find_flaws(password, policy, facts).empty());
      for (std::size_t c = 0; c < password.size(); ++c) CHECK((password[c] == '-') == (c % 5 == 4));
    }
  }
}

TEST_CASE("the same octets give the same password, others another one, each symbol equally often") {
  Seeded random;
  const std::string octets = random.octets(temporary_password_octets);
  CHECK(*make_temporary_password(octets, classic(), {}) == *make_temporary_password(octets, classic(), {}));
  std::set<std::string> seen;
  std::map<char, int> first;
  for (int i = 0; i < 4800; ++i) {
    const auto made = make_temporary_password(random.octets(temporary_password_octets), classic(), {});
    REQUIRE(made);
    seen.insert(std::string(made->reveal()));
    ++first[made->reveal().front()];
  }
  CHECK(seen.size() == 4800);
  CHECK(first.size() == 24);
  for (const auto& [symbol, count] : first) {
    CHECK_MESSAGE(count > 110, symbol);  // 200 expected, standard deviation 14
    CHECK_MESSAGE(count < 290, symbol);
  }
}

TEST_CASE("too few octets make no shorter password") {
  CHECK_FALSE(make_temporary_password("", classic(), {}));
  CHECK(make_temporary_password(std::string(16, 'a'), classic(), {}).error().code == base::Code::invalid_input);
}

TEST_CASE("a temporary password that happens to break a rule is made again from further octets") {
  // Octets of zero always give "Aaa2-Aaa2-…", which contains this login, so that no password can be made.
  const std::string zeros(temporary_password_octets, '\0');
  CHECK(make_temporary_password(zeros, classic(), {}).value().reveal() == "Aaa2-Aaa2-Aaa2-Aaa2");
  CHECK(make_temporary_password(zeros, classic(), {"aaa2", "", {}, {}, false, false}).error().code ==
        base::Code::internal);
  Seeded random;
  const auto other =
      make_temporary_password(zeros.substr(0, 32) + random.octets(512), classic(), {"aaa2", "", {}, {}, false, false});
  REQUIRE(other);
  CHECK(other->reveal() != "Aaa2-Aaa2-Aaa2-Aaa2");
}
