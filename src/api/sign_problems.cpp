#include "api/sign_problems.hpp"

#include <array>

#include "flow/signature/signing_desk.hpp"
#include "flow/signing/use_credential.hpp"

namespace api {
namespace {

using flow::SignRefusal;

struct Row {
  SignRefusal refusal;
  Problem problem;
};

// A program that has a PIN wrong must not ask for a login again: 403, not 401.
constexpr std::array rows{
    Row{SignRefusal::not_offered, {"signing-off", "Nothing is signed on this server", 404, ""}},
    Row{SignRefusal::no_credential,
        {"no-credential", "There is no such credential", 404, "GET /api/v1/credentials lists those that can be used."}},
    Row{SignRefusal::forbidden,
        {"signing-forbidden", "The account or the application may not sign", 403,
         "It may be suspended, or lack the permission."}},
    Row{SignRefusal::credential_requested, {"credential-requested", "The credential has no certificate yet", 403, ""}},
    Row{SignRefusal::credential_suspended, {"credential-suspended", "The credential is suspended", 403, ""}},
    Row{SignRefusal::credential_revoked, {"credential-revoked", "The credential is revoked", 403, ""}},
    Row{SignRefusal::credential_changed,
        {"credential-changed", "The credential was renewed meanwhile", 409, "Begin again with its new certificate."}},
    Row{SignRefusal::certificate_early, {"certificate-early", "The certificate is not valid yet", 403, ""}},
    Row{SignRefusal::certificate_expired, {"certificate-expired", "The certificate has expired", 403, ""}},
    Row{SignRefusal::proof_needed,
        {"proof-needed", "The credential needs a proof that a program cannot give", 403,
         "Use one with a PIN, or a seal without a proof."}},
    Row{SignRefusal::pin_missing, {"pin-missing", "The PIN is missing", 403, "Send it as `pin`."}},
    Row{SignRefusal::wrong_pin, {"wrong-pin", "The PIN is wrong", 403, "It was counted."}},
    Row{SignRefusal::pin_delayed, {"pin-delayed", "Too many wrong PINs", 429, "Wait before the next attempt.", "60"}},
    Row{SignRefusal::pin_locked,
        {"pin-locked", "The token has locked its PIN", 403, "It is unlocked with the token's PUK."}},
    Row{SignRefusal::token_unavailable,
        {"token-unavailable", "The token does not answer", 503, "It may be removed, or have too much to do.", "10"}},
    Row{SignRefusal::no_documents, {"no-documents", "There is no document", 400, ""}},
    Row{SignRefusal::too_many_documents,
        {"too-many-documents", "There are too many documents", 413, "Send several jobs."}},
    Row{SignRefusal::document_too_large,
        {"document-too-large", "A document is too large", 413,
         "Send its digest for a detached signature. `limit` is in octets, of one document."}},
    Row{SignRefusal::job_too_large,
        {"job-too-large", "The documents are too large together", 413,
         "Send several jobs. `limit` is in octets, of all documents together."}},
    Row{SignRefusal::document_too_large_inside,
        {"document-too-large", "A document is too large to be a part of its signature", 413,
         "Ask for a detached signature. `limit` is in octets, of one document."}},
    Row{SignRefusal::job_too_large_inside,
        {"job-too-large", "The documents are too large together to be parts of their signatures", 413,
         "Send several jobs, or ask for detached signatures. `limit` is in octets, of all documents together."}},
    Row{SignRefusal::empty_document, {"empty-document", "A document is empty", 422, ""}},
    Row{SignRefusal::format_not_built,
        {"format-not-built", "This format is not built yet", 422, "There are cades and xades."}},
    Row{SignRefusal::level_not_built, {"level-not-built", "This level is not built yet", 422, "There are B and T."}},
    Row{SignRefusal::packaging_wrong,
        {"packaging-wrong", "The format has no such packaging", 422, "CAdES is enveloping or detached."}},
    Row{SignRefusal::element_wrong,
        {"element-wrong", "An element cannot be named here", 422, "Only for XAdES, enveloped or detached."}},
    Row{SignRefusal::algorithm_wrong, {"algorithm-wrong", "The key does not sign by this algorithm", 422, ""}},
    Row{SignRefusal::digest_wrong,
        {"digest-wrong", "A digest does not fit", 422, "It must be by the digest of the signature's algorithm."}},
    Row{SignRefusal::document_needed,
        {"document-needed", "A digest is not enough", 422, "Only a detached signature needs no document."}},
    Row{SignRefusal::certificate_wrong,
        {"certificate-wrong", "The certificate cannot be used", 422,
         "It must be in DER, with a key that signs documents."}},
    Row{SignRefusal::policy_unknown, {"policy-unknown", "There is no such signature policy", 422, ""}},
    Row{SignRefusal::text_wrong,
        {"text-wrong", "A text cannot stand in a signature", 422, "One line of at most 500 octets of UTF-8."}},
    Row{SignRefusal::storage_full,
        {"storage-full", "The documents cannot be kept until they are signed", 503,
         "The disk is full. Nothing was signed.", "60"}},
    Row{SignRefusal::storage_share,
        {"storage-share", "As many documents of the account are kept as may be", 429,
         "They are kept until their jobs are over or forgotten. Nothing was signed.", "60"}},
    Row{SignRefusal::key_reused,
        {"idempotency-key-reused", "The Idempotency-Key came with another request", 422,
         "Each request needs a key of its own; only the same request may be sent again."}},
    Row{SignRefusal::no_job, {"no-job", "There is no such job", 404, "Its time may be over."}},
    Row{SignRefusal::job_over, {"job-over", "The job is over", 409, ""}},
    Row{SignRefusal::job_running, {"job-running", "The job is being signed", 409, "Look at it again in a moment."}},
    Row{SignRefusal::document_gone,
        {"document-gone", "A document is not here any more", 409, "Another node may have it. Begin again."}},
    Row{SignRefusal::wrong_value,
        {"wrong-signature-value", "A value is not a signature of the certificate's key", 422,
         "It is over `to_be_signed`, not over a digest of it; ECDSA as DER or r and s."}},
    Row{SignRefusal::value_count, {"signature-value-count", "There are not as many values as documents", 422, ""}},
    Row{SignRefusal::busy, {"busy", "Too many jobs are signed now", 503, "Try again in a moment."}},
};
static_assert(rows.size() == static_cast<std::size_t>(SignRefusal::busy) + 1);
static_assert([] {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.at(i).refusal != static_cast<SignRefusal>(i)) return false;
  }
  return true;
}());

std::string limit_of(const flow::House& house, SignRefusal refusal) {
  if (refusal == SignRefusal::too_many_documents) return std::to_string(flow::most_orders);
  if (house.signing == nullptr) return {};
  const flow::SigningSettings& settings = house.signing->settings();
  if (refusal == SignRefusal::document_too_large) return std::to_string(settings.most_octets);
  if (refusal == SignRefusal::job_too_large) return std::to_string(settings.most_octets_of_job);
  if (refusal == SignRefusal::document_too_large_inside) return std::to_string(settings.most_octets_inside);
  if (refusal == SignRefusal::job_too_large_inside) return std::to_string(settings.most_octets_of_job_inside);
  return {};
}

}  // namespace

http::Response refuse_signing(const flow::House& house, const http::Request& request, SignRefusal refusal,
                              std::vector<Member> more) {
  const Row& row = rows.at(static_cast<std::size_t>(refusal));
  if (std::string limit = limit_of(house, refusal); !limit.empty()) more.emplace_back("limit", std::move(limit));
  return print(row.problem, request, more, flow::name_of(refusal));
}

}  // namespace api
