// Issues time stamps (RFC 3161, S4.24). A stamp leaves only after its event, with the digest that was stamped, its
// number and its time, is durable.
//
//   read the request ─> judge digest, policy and clock ─> take a number ─> sign ─>
//   judge who asks, the limits and the time that was stamped last, record it (one transaction) ─> the token
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cms/timestamp_request.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/system/find_caller.hpp"
#include "signature/timestamp/watch_clock.hpp"

namespace flow {

/// Both clocks, now. For doors and commands: no flow asks a clock.
signature::ClockReading read_clocks();

/// Why nothing was stamped, apart from what RFC 3161 has words for.
enum class StampRefusal : std::uint8_t {
  no_authority,  // there is none on this server, or it is off
  feature_off,   // the organisation has not got it
  unauthenticated,
  lacks_scope,
  too_many,
};
std::string_view name_of(StampRefusal refusal);

struct Stamped {
  std::optional<StampRefusal> refusal;
  std::optional<crypto::TimestampFailure> failure;  // with `refusal` unset: a rejection of RFC 3161
  std::string reason;                               // of a failure, English, for the answer's text
  base::Bytes token;                                // "" = none
  crypto::TimestampInfo info;                       // of the token
};

struct StampWish {
  crypto::TimestampRequest request;
  std::optional<CallerProof> proof{};  // nullopt: anonymous
  signature::ClockReading clock;
};
/// Errors: unavailable, internal.
base::Result<Stamped> issue_timestamp(const House& house, const StampWish& wish, const RequestFacts& facts);
/// The answer to a request of the protocol, DER; a rejection is an answer. `refusal` set: there is no answer.
struct StampReply {
  std::optional<StampRefusal> refusal;
  base::Bytes der;
};
base::Result<StampReply> answer_timestamp(const House& house, base::BytesView request,
                                          const std::optional<CallerProof>& proof, const signature::ClockReading& clock,
                                          const RequestFacts& facts);

/// For signatures made here: no limit, no client. `actor_tenant`: of whose event it is. Errors: not_found (there is no
/// authority), unavailable (the clock is not trusted now), internal.
base::Result<base::Bytes> issue_own_timestamp(const House& house, const crypto::TimestampRequest& request,
                                              const signature::ClockReading& clock, const RequestFacts& facts);

}  // namespace flow
