#include "flow/signature/sign_refusal.hpp"

#include <array>

namespace flow {
namespace {

constexpr std::array<std::string_view, 42> names{"not_offered",
                                                 "no_credential",
                                                 "forbidden",
                                                 "credential_requested",
                                                 "credential_suspended",
                                                 "credential_revoked",
                                                 "credential_changed",
                                                 "certificate_early",
                                                 "certificate_expired",
                                                 "proof_needed",
                                                 "pin_missing",
                                                 "wrong_pin",
                                                 "pin_delayed",
                                                 "pin_locked",
                                                 "token_unavailable",
                                                 "no_documents",
                                                 "too_many_documents",
                                                 "document_too_large",
                                                 "job_too_large",
                                                 "document_too_large_inside",
                                                 "job_too_large_inside",
                                                 "empty_document",
                                                 "format_not_built",
                                                 "level_not_built",
                                                 "packaging_wrong",
                                                 "element_wrong",
                                                 "algorithm_wrong",
                                                 "digest_wrong",
                                                 "document_needed",
                                                 "certificate_wrong",
                                                 "policy_unknown",
                                                 "text_wrong",
                                                 "storage_full",
                                                 "storage_share",
                                                 "key_reused",
                                                 "no_job",
                                                 "job_over",
                                                 "job_running",
                                                 "document_gone",
                                                 "wrong_value",
                                                 "value_count",
                                                 "busy"};
static_assert(names.size() == static_cast<std::size_t>(SignRefusal::busy) + 1);

constexpr std::array of_credential{SignRefusal::credential_requested, SignRefusal::credential_suspended,
                                   SignRefusal::credential_revoked,   SignRefusal::certificate_early,
                                   SignRefusal::certificate_expired,  SignRefusal::proof_needed};

}  // namespace

std::string_view name_of(SignRefusal refusal) {
  return names.at(static_cast<std::size_t>(refusal));
}

SignRefusal refusal_of(const KeyRefusal& refusal) {
  for (const SignRefusal one : of_credential) {
    if (refusal.reason == name_of(one)) return one;
  }
  return SignRefusal::forbidden;
}

}  // namespace flow
