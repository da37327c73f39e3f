#include "identity/identifier/identifier.hpp"

#include <doctest/doctest.h>

#include <set>

#include "identity/identifier/id_card.hpp"
#include "identity/identifier/nip.hpp"
#include "identity/identifier/passport.hpp"
#include "identity/identifier/pesel.hpp"
#include "identity/identifier/pwz.hpp"
#include "identity/identifier/regon.hpp"
#include "seeded.hpp"
#include "unit/identity/vectors.hpp"

using namespace identity;

namespace {
/// Every text that differs from `number` in one digit.
std::vector<std::string> one_digit_wrong(const std::string& number) {
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < number.size(); ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      if (number[i] < '0' || number[i] > '9' || number[i] == c) continue;
      wrong.push_back(number);
      wrong.back()[i] = c;
    }
  }
  return wrong;
}
}  // namespace

TEST_CASE("identifiers of the lists are accepted in their canonical form, or refused") {
  const auto rows = read_vectors("identifiers");
  CHECK(rows.size() > 150);
  for (const auto& row : rows) {
    const auto result = parse_identifier(row.at(0), row.at(2), row.at(1));
    const std::string expected = row.size() > 3 ? row.at(3) : "";
    CHECK_MESSAGE((result ? result->canonical : "") == expected, row.at(0), " ", row.at(2));
    if (!result) CHECK(result.error().code == base::Code::invalid_input);
  }
}

TEST_CASE("a canonical form and a display form are read back as the same identifier") {
  for (const auto& row : read_vectors("identifiers")) {
    const auto result = parse_identifier(row.at(0), row.at(2), row.at(1));
    if (!result) continue;
    CHECK(parse_identifier(row.at(0), result->canonical, row.at(1)).value().canonical == result->canonical);
    CHECK(parse_identifier(row.at(0), result->display, row.at(1)).value().canonical == result->canonical);
  }
}

TEST_CASE("one wrong digit never passes where the check digit can see it") {
  for (const auto& row : read_vectors("identifiers")) {
    if (row.size() < 4 || row.at(3).empty()) continue;
    const std::string& type = row.at(0);
    if (type != "pesel" && type != "nip" && type != "id_card" && !(type == "passport" && row.at(1) == "PL")) continue;
    for (const std::string& wrong : one_digit_wrong(row.at(3))) {
      CHECK_MESSAGE(!parse_identifier(type, wrong, row.at(1)), type, " ", wrong);
    }
  }
}

TEST_CASE("of random digits, about as many pass as the check digit lets through, and never with a false date") {
  Seeded random;
  int nips = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (const auto pesel = parse_pesel(random.digits(11))) {
      CHECK(pesel->born.ok());
      CHECK(int{pesel->born.year()} >= 1800);
      CHECK(int{pesel->born.year()} < 2300);
      CHECK(int{pesel->born.year()} % 100 == std::stoi(pesel->canonical.substr(0, 2)));
    }
    if (parse_nip(random.digits(10))) ++nips;
  }
  CHECK(nips > 1300);
  CHECK(nips < 2350);
}

TEST_CASE("a PESEL tells date of birth with century, and sex") {
  using namespace std::chrono;
  const Pesel man = parse_pesel("44051401359").value();
  CHECK(man.born == year(1944) / 5 / 14);
  CHECK(man.sex == Sex::male);
  const Pesel woman = parse_pesel("02070803628").value();
  CHECK(woman.born == year(1902) / 7 / 8);
  CHECK(woman.sex == Sex::female);
  CHECK(is_plausible(man, year(2026) / 11 / 21));
  CHECK_FALSE(is_plausible(man, year(1944) / 5 / 13));
  CHECK(is_plausible(man, year(1944) / 5 / 14));
  CHECK_FALSE(is_plausible(man, year(2075) / 1 / 1));
}

TEST_CASE("each of the five centuries has its months") {
  using namespace std::chrono;
  std::set<int> centuries;
  for (const auto& row : read_vectors("identifiers")) {
    if (row.at(0) != "pesel" || row.size() < 4) continue;
    if (const auto pesel = parse_pesel(row.at(2))) centuries.insert(int{pesel->born.year()} / 100);
  }
  CHECK(centuries == std::set<int>{18, 19, 20, 21, 22});
}

TEST_CASE("a NIP is shown with dashes, other professions than physicians have other numbers") {
  CHECK(format_nip("5261040828") == "526-104-08-28");
  CHECK(format_nip("x") == "x");
  CHECK(parse_pwz("1234567p", HealthProfession::other).value() == "1234567P");
  CHECK_FALSE(parse_pwz("1234567P"));
  CHECK_FALSE(parse_pwz("PPPPP", HealthProfession::other));
}

TEST_CASE("sentences name the field and never a person") {
  CHECK(identifier_types().size() == 12);
  for (const std::string_view type : identifier_types()) {
    CHECK(key_of_taken(type) == "identifier." + std::string(type) + ".taken");
    CHECK(key_of_invalid(type) == "identifier." + std::string(type) + ".invalid");
    CHECK(key_of_name(type) == "identifier." + std::string(type) + ".name");
  }
}

TEST_CASE("no parser repeats what was typed in its reason: it may be personal data") {
  for (const std::string_view type : identifier_types()) {
    for (const char* typed : {"kowalska secret", "99999999999x", "k@secret", "+48 secret"}) {
      const auto result = parse_identifier(type, typed, "PL");
      if (!result) CHECK(result.error().reason.find("secret") == std::string::npos);
    }
  }
}

TEST_CASE("what is typed to log in is read as login, as address and as number") {
  const auto email = find_readings("Anna@MÜNCHEN.de", "PL");
  REQUIRE(email.size() == 2);
  CHECK(email[0].canonical == email[1].canonical);
  CHECK(email[1].canonical == "anna@xn--mnchen-3ya.de");
  const auto phone = find_readings("600 123 456", "PL");
  REQUIRE(phone.size() == 2);
  CHECK(phone[1].type == "phone");
  CHECK(phone[1].canonical == "+48600123456");
  CHECK(find_readings("JKowalski", "PL").size() == 1);
  CHECK(find_readings("", "PL").empty());
  CHECK(find_readings("\xff", "PL").empty());
}

TEST_CASE("octets of any kind are refused without harm") {
  Seeded random;
  const std::string_view pieces[] = {"1", "9", "+",      "(0)", "(", ")", "@", ".",    "xn--",
                                     "a", "Ä", "\u200D", "１",  " ", "-", "%", "\xff", "\xc3"};
  for (int i = 0; i < 5000; ++i) {
    const auto n = static_cast<std::size_t>(random.number(0, 30));
    const std::string typed = i % 2 == 0 ? random.octets(n) : random.some_of(pieces, n);
    for (const std::string_view type : identifier_types()) {
      if (const auto result = parse_identifier(type, typed, "DE")) {
        CHECK(parse_identifier(type, result->canonical, "DE").value().canonical == result->canonical);
      }
    }
  }
}
