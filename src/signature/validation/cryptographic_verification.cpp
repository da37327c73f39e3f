#include "signature/validation/cryptographic_verification.hpp"

namespace signature {

Verdict verify_cryptographically(const SignatureView& view) {
  if (!view.is_data_found) return undecided(SubIndication::signed_data_not_found, "data_missing", view.missing_data);
  // Whoever changed the name of the digest's algorithm has changed what was signed: that is known.
  const bool is_value_wrong = view.algorithm && !view.is_value_right;
  if (!view.unknown_digest.empty() && !is_value_wrong) {
    return undecided(SubIndication::crypto_constraints_failure, "algorithm_unknown", view.unknown_digest);
  }
  if (!view.unknown_digest.empty()) return failed(SubIndication::sig_crypto_failure, "signature_altered");
  if (!view.are_digests_right) return failed(SubIndication::hash_failure, "document_altered", view.wrong_digest);
  if (!view.algorithm) {
    return undecided(SubIndication::crypto_constraints_failure, "algorithm_unknown", view.algorithm_name);
  }
  if (!view.is_value_right) return failed(SubIndication::sig_crypto_failure, "signature_altered");
  return passed();
}

}  // namespace signature
