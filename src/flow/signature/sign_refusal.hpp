// Why nothing was signed, for the doors: each has its own sentence or problem for it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "flow/signing/key_user.hpp"

namespace flow {

enum class SignRefusal : std::uint8_t {
  not_offered,
  no_credential,  // none that the user may know of
  forbidden,      // the account is not active, or the context has not the right
  credential_requested,
  credential_suspended,
  credential_revoked,
  credential_changed,  // meanwhile
  certificate_early,
  certificate_expired,
  proof_needed,  // "prove it again" first
  pin_missing,
  wrong_pin,
  pin_delayed,  // after too many wrong ones
  pin_locked,   // by the token
  token_unavailable,
  no_documents,
  too_many_documents,
  document_too_large,
  job_too_large,
  document_too_large_inside,  // for a signature that contains it
  job_too_large_inside,
  empty_document,
  format_not_built,
  level_not_built,
  packaging_wrong,    // not one of the format
  element_wrong,      // an element without XAdES, or too long
  algorithm_wrong,    // not one of the key
  digest_wrong,       // another length than the algorithm's, or another algorithm than the key signs with
  document_needed,    // a digest alone is not enough for this packaging
  certificate_wrong,  // unreadable, or without a key that signs
  policy_unknown,
  text_wrong,     // role or commitment
  storage_full,   // documents cannot be kept until they are signed
  storage_share,  // the account has as many documents there as it may
  key_reused,     // the Idempotency-Key came with another wish
  no_job,         // none of the user's, or its time is over
  job_over,       // done or cancelled
  job_running,
  document_gone,
  wrong_value,  // not a signature of the certificate's key over these octets
  value_count,  // not as many values as documents wait
  busy,         // too many jobs run on this node
};
/// "wrong_pin": for doors, texts and tests.
std::string_view name_of(SignRefusal refusal);

/// What a refusal of find_key_refusal means for the doors.
SignRefusal refusal_of(const KeyRefusal& refusal);

}  // namespace flow
