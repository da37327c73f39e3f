#include "signature/report/report.hpp"

#include <algorithm>

namespace signature {
namespace {

constexpr std::array<std::string_view, 3> indications{"TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"};
constexpr std::array<std::string_view, 3> indication_urns{"total-passed", "total-failed", "indeterminate"};
constexpr std::array<std::string_view, count_of_sub_indications> sub_indications{
    "",
    "FORMAT_FAILURE",
    "HASH_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "REVOKED",
    "EXPIRED",
    "NOT_YET_VALID",
    "SIG_CONSTRAINTS_FAILURE",
    "CHAIN_CONSTRAINTS_FAILURE",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE",
    "POLICY_PROCESSING_ERROR",
    "SIGNATURE_POLICY_NOT_AVAILABLE",
    "TIMESTAMP_ORDER_FAILURE",
    "NO_SIGNING_CERTIFICATE_FOUND",
    "NO_CERTIFICATE_CHAIN_FOUND",
    "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
    "REVOKED_NO_POE",
    "REVOKED_CA_NO_POE",
    "OUT_OF_BOUNDS_NOT_REVOKED",
    "OUT_OF_BOUNDS_NO_POE",
    "REVOCATION_OUT_OF_BOUNDS_NO_POE",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    "NO_POE",
    "TRY_LATER",
    "SIGNED_DATA_NOT_FOUND",
};
static_assert(static_cast<std::size_t>(SubIndication::signed_data_not_found) + 1 == count_of_sub_indications);
constexpr std::array<std::string_view, 5> scopes{"full", "element", "file", "revision", "manifest"};
constexpr std::array<std::string_view, 4> kinds{"content", "signature", "references", "archive"};
constexpr std::array<std::string_view, 3> cryptographic_words{"not_checked", "verified", "failed"};

int weight_of(Indication indication) {
  if (indication == Indication::total_failed) return 2;
  return indication == Indication::indeterminate ? 1 : 0;
}

}  // namespace

std::string_view name_of(Indication indication) {
  return indications.at(static_cast<std::size_t>(indication));
}

std::string urn_of(Indication indication) {
  return "urn:etsi:019102:mainindication:" + std::string(indication_urns.at(static_cast<std::size_t>(indication)));
}

std::string_view name_of(SubIndication sub_indication) {
  return sub_indications.at(static_cast<std::size_t>(sub_indication));
}

std::string urn_of(SubIndication sub_indication) {
  if (sub_indication == SubIndication::none) return {};
  return "urn:etsi:019102:subindication:" + std::string(name_of(sub_indication));
}

const Verdict& worst_of(const Verdict& one, const Verdict& other) {
  return weight_of(other.indication) > weight_of(one.indication) ? other : one;
}

std::string_view name_of(ScopePart::Kind kind) {
  return scopes.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(Cryptographic cryptographic) {
  return cryptographic_words.at(static_cast<std::size_t>(cryptographic));
}

std::string_view name_of(TimestampNote::Kind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

Verdict judge_whole(const std::vector<SignatureReport>& signatures) {
  if (signatures.empty()) return failed(SubIndication::format_failure, "not_signed");
  Verdict worst = signatures.front().verdict;
  for (const SignatureReport& one : signatures) {
    worst = worst_of(worst, one.verdict);
    if (!one.counter_signatures.empty()) worst = worst_of(worst, judge_whole(one.counter_signatures));
  }
  return worst;
}

}  // namespace signature
