#include "signature/validation/cryptographic_verification.hpp"

namespace signature {

Verdict verify_cryptographically(const SignatureView& view) {
  if (!view.is_data_found) return undecided(SubIndication::signed_data_not_found, "data_missing", view.missing_data);
  // Whoever changed the name of the digest's algorithm has changed what was signed: that is known.
  const bool is_value_wrong = view.is_value_checked && !view.is_value_right;
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

Cryptographic summarize_cryptographic(const SignatureView& view) {
  const bool is_well_formed = view.format_flaw.empty();
  if (view.is_value_checked && !view.is_value_right) return Cryptographic::failed;
  const bool are_digests_compared = view.is_data_found && view.unknown_digest.empty();
  // Entries of a manifest are judged, and belong to the application (XML-DSig §5.1): the value is right without them.
  const bool are_references_right = view.are_digests_right || view.is_only_entry_wrong;
  if (is_well_formed && are_digests_compared && !are_references_right) return Cryptographic::failed;
  const bool is_verified = is_well_formed && are_digests_compared && view.is_value_checked;
  return is_verified ? Cryptographic::verified : Cryptographic::not_checked;
}

}  // namespace signature
