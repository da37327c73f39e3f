// Which program wants to sign: a person's by a personal token, an application for a person by an access token, or an
// application for itself. The scope is "sign".
#pragma once

#include <optional>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/signing/use_credential.hpp"
#include "flow/system/find_program.hpp"

namespace flow {

struct SigningProgram {
  std::optional<ProgramRefusal> refusal;
  KeyUser user;
};
/// A refusal of an application is recorded. Errors: unavailable, internal.
base::Result<SigningProgram> find_signing_program(const House& house, const CallerProof& proof,
                                                  const RequestFacts& facts);

}  // namespace flow
