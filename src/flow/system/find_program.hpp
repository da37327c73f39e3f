// Which program calls: an application by its secret or an access token, or a person's program by a personal token. What
// find_caller is for applications alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/system/find_caller.hpp"

namespace flow {

enum class ProgramRefusal : std::uint8_t {
  unauthenticated,
  lacks_scope,
};

struct Program {
  std::optional<ProgramRefusal> refusal;
  audit::Code reason;  // of a refusal; for audit only
  base::Id tenant_id{};
  std::optional<base::Id> account{};     // of a personal token
  std::optional<rights::Client> client;  // of an application; also of one that was refused, if it is known
  std::optional<base::Id> on_behalf{};   // the account for which an application acts with an access token
};
/// The same in a refusal of a call that has others besides.
template <class Refusal>
Refusal as_refusal(ProgramRefusal refusal) {
  return refusal == ProgramRefusal::lacks_scope ? Refusal::lacks_scope : Refusal::unauthenticated;
}
/// A proof, and what read_proof made of it.
struct ProgramProof {
  const CallerProof& proof;
  const ReadProof& read;
};
/// `scope`: of the call, "timestamp"; an application by its secret has it if it is registered for it. The account
/// behind a token is judged as by may_issue. In a writing transaction, because the use of a personal token is noted,
/// once a minute. Errors: unavailable, internal.
base::Result<Program> find_program(const House& house, store::Tx& tx, const ProgramProof& given, std::string_view scope,
                                   const RequestFacts& facts);

}  // namespace flow
