#include "signature/report/report.hpp"

#include <doctest/doctest.h>

#include <set>

using signature::Indication;
using signature::SubIndication;

TEST_CASE("the words are exactly those of EN 319 102-1, and each has its URN") {
  CHECK(name_of(Indication::total_passed) == "TOTAL-PASSED");
  CHECK(name_of(Indication::total_failed) == "TOTAL-FAILED");
  CHECK(name_of(Indication::indeterminate) == "INDETERMINATE");
  CHECK(urn_of(Indication::total_passed) == "urn:etsi:019102:mainindication:total-passed");
  CHECK(name_of(SubIndication::none).empty());
  CHECK(urn_of(SubIndication::none).empty());
  CHECK(name_of(SubIndication::no_certificate_chain_found_no_poe) == "NO_CERTIFICATE_CHAIN_FOUND_NO_POE");
  CHECK(urn_of(SubIndication::hash_failure) == "urn:etsi:019102:subindication:HASH_FAILURE");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < signature::count_of_sub_indications; ++i) {
    names.insert(name_of(static_cast<SubIndication>(i)));
  }
  CHECK(names.size() == signature::count_of_sub_indications);
}

TEST_CASE("of two verdicts alike the first is told, otherwise the worse") {
  const auto failed = signature::failed(SubIndication::hash_failure, "document_altered");
  const auto undecided = signature::undecided(SubIndication::try_later, "revocation_missing");
  const auto other = signature::undecided(SubIndication::revoked_no_poe, "certificate_revoked");
  const auto passed = signature::passed();
  CHECK(worst_of(passed, undecided).sub_indication == SubIndication::try_later);
  CHECK(worst_of(undecided, other).sub_indication == SubIndication::try_later);
  CHECK(worst_of(undecided, failed).sub_indication == SubIndication::hash_failure);
  CHECK(worst_of(failed, passed).sub_indication == SubIndication::hash_failure);
}
