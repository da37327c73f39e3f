#include "identity/identifier/email_address.hpp"

#include <doctest/doctest.h>

#include "unit/identity/vectors.hpp"

using identity::parse_email_address;

TEST_CASE("addresses of the list have their canonical form, or are refused") {
  const auto rows = read_vectors("email_addresses");
  CHECK(rows.size() > 60);
  for (const auto& row : rows) {
    const auto result = parse_email_address(row.at(0));
    CHECK_MESSAGE((result ? result->canonical : "") == (row.size() > 1 ? row.at(1) : ""), row.at(0));
    if (result) CHECK_MESSAGE(parse_email_address(result->canonical).value().canonical == result->canonical, row.at(0));
  }
}

TEST_CASE("mail goes to the local part as it was typed") {
  const auto address = parse_email_address("  Anna.K@MÜNCHEN.de ").value();
  CHECK(address.display == "Anna.K@MÜNCHEN.de");
  CHECK(address.for_delivery() == "Anna.K@xn--mnchen-3ya.de");
  CHECK(address.canonical == "anna.k@xn--mnchen-3ya.de");
  CHECK(identity::display_domain(address.domain) == "münchen.de");
  CHECK(identity::display_domain("example.org") == "example.org");
}

TEST_CASE("a plus address is a pseudo address of its own") {
  const auto sub = parse_email_address("info+sales@example.org").value();
  const auto main = parse_email_address("info@example.org").value();
  CHECK(sub.canonical != main.canonical);
  CHECK(sub.is_pseudo());
  CHECK_FALSE(main.is_pseudo());
  CHECK(sub.without_tag() == main.local);
}

TEST_CASE("an address is at most 254 octets long, in the form in which it travels") {
  std::string domain;
  while (domain.size() < 186) domain += "abcdefg.";
  const std::string local(64, 'a');
  const auto address = [&](std::size_t total) {
    return local + "@" + domain.substr(0, 184) + std::string(total - 64 - 1 - 184 - 3, 'x') + ".pl";
  };
  CHECK(address(254).size() == 254);
  CHECK(parse_email_address(address(254)));
  CHECK_FALSE(parse_email_address(address(255)));
  CHECK_FALSE(parse_email_address(std::string(1'000'000, 'a') + "@example.org"));
}
