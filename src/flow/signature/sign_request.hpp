// What a program asks to be signed, as JSON or as the fields of a form with files: one reading for both. Members as in
// docs/connect/sign.md. Everything that is wrong is told at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "flow/signature/signing_job.hpp"

namespace flow {

struct SignFlaw {
  std::string field;    // "documents[3].digest"; "" = the whole body
  std::string code;     // "missing", "not_text", "not_base64", "not_a_choice", "unknown_field", "malformed"
  std::string message;  // English
};

struct SignRequest {
  JobWish wish;
  base::Secret pin;
  std::vector<base::Bytes> values;  // of the second step
  std::vector<SignFlaw> flaws;
};

enum class SignStep : std::uint8_t {
  sign,      // one call
  prepare,   // the first of two
  complete,  // the second: only "signature_value", "signature_values" or "pin"
};
/// `body`: one JSON object; its depth and its duplicate members are refused.
SignRequest read_sign_request(std::string_view body, SignStep step);

/// The same for one text field of a form; false: there is no such field.
bool put_sign_field(SignRequest& request, std::string_view name, const std::string& text, SignStep step);
/// What only the whole request shows: members that are missing, or that exclude each other.
void judge_sign_request(SignRequest& request, SignStep step);

}  // namespace flow
