#include "crypto/certificate/revocation_list.hpp"

#include <doctest/doctest.h>

#include "unit/crypto/certificate/issuing.hpp"

using testing::a_day;
using testing::noon;
using testing::SmallAuthority;

namespace {

crypto::RevocationListTemplate list_template() {
  crypto::RevocationListTemplate wanted;
  wanted.number = 7;
  wanted.this_update = noon;
  wanted.next_update = noon + a_day;
  wanted.list_url = "http://ca.example/pki/1.crl";
  wanted.delta_url = "http://ca.example/pki/1-delta.crl";
  return wanted;
}

}  // namespace

TEST_CASE("a list has its number, its times and its entries; a delta says so") {
  const SmallAuthority authority;
  auto wanted = list_template();
  for (const crypto::RevocationReason reason : crypto::all_revocation_reasons) {
    CHECK(crypto::parse_revocation_reason(crypto::name_of(reason)).value() == reason);
    wanted.revoked.push_back({base::to_hex(crypto::make_serial()), noon, reason});
  }
  const base::Bytes complete = crypto::make_revocation_list(wanted, {authority.issuing, authority.key}).value();
  const auto facts = crypto::read_revocation_list(complete).value();
  CHECK(facts.issuer == "CN=Test Issuing");
  CHECK(facts.number == 7);
  CHECK(facts.this_update == noon);
  CHECK(facts.next_update == noon + a_day);
  CHECK(facts.entries == crypto::all_revocation_reasons.size());
  CHECK_FALSE(facts.is_delta);
  wanted.base_number = 5;
  const base::Bytes delta = crypto::make_revocation_list(wanted, {authority.issuing, authority.key}).value();
  CHECK(crypto::read_revocation_list(delta)->is_delta);
}

TEST_CASE("no list is made with a wrong key, a serial number that is none, or a broken address") {
  const SmallAuthority authority;
  auto wanted = list_template();
  CHECK(crypto::make_revocation_list(wanted, {authority.issuing, authority.root_key}).error().code ==
        base::Code::conflict);
  wanted.revoked = {{"no number", noon, crypto::RevocationReason::unspecified}};
  CHECK(crypto::make_revocation_list(wanted, {authority.issuing, authority.key}).error().code ==
        base::Code::invalid_input);
  wanted = list_template();
  wanted.list_url = "http://a b";
  CHECK_FALSE(crypto::make_revocation_list(wanted, {authority.issuing, authority.key}));
}

TEST_CASE("what is no list, is cut off or too large is refused") {
  const SmallAuthority authority;
  const base::Bytes good = crypto::make_revocation_list(list_template(), {authority.issuing, authority.key}).value();
  CHECK_FALSE(crypto::read_revocation_list(""));
  CHECK_FALSE(crypto::read_revocation_list(good.substr(0, good.size() - 1)));
  CHECK_FALSE(crypto::read_revocation_list(good + "x"));
  CHECK_FALSE(crypto::read_revocation_list(authority.issuing));
  CHECK_FALSE(crypto::read_revocation_list(std::string(crypto::largest_list + 1, '0')));
  CHECK_FALSE(crypto::parse_revocation_reason("certificate_hold"));
}
