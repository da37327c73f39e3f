// Which program calls: an application by its secret or an access token, or a person's program by a personal token. What
// find_caller is for applications alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/event.hpp"
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
/// What a call needs, and as what its refusal is recorded.
struct ProgramCall {
  std::string_view scope;
  audit::Code refusal;  // of audit::type
};
inline constexpr ProgramCall call_to_sign{"sign", audit::type::key_refusal};
inline constexpr ProgramCall call_to_stamp{"timestamp", audit::type::timestamp_refusal};
inline constexpr ProgramCall call_to_verify{"verify", audit::type::validation_refusal};

/// An application by its secret has the scope if it is registered for it. The account behind a token is judged as by
/// may_issue. A refusal is recorded. In a writing transaction, also because the use of a personal token is noted, once
/// a minute. Errors: unavailable, internal.
base::Result<Program> find_program(const House& house, store::Tx& tx, const ProgramProof& given,
                                   const ProgramCall& call, const RequestFacts& facts);
/// The same, before the documents of the call are taken; the call judges again. nullopt: it may come. Errors:
/// unavailable, internal.
base::Result<std::optional<ProgramRefusal>> find_program_refusal(const House& house, const CallerProof& proof,
                                                                 const ProgramCall& call, const RequestFacts& facts);

}  // namespace flow
