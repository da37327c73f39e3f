// A relying system writes an event into the audit log (S4.26). The system is who authenticates itself: its client_id
// becomes the event's source, and nothing that it sends can change that.
#pragma once

#include <string>
#include <variant>

#include "audit/reported.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/system/find_caller.hpp"

namespace flow {

/// What was sent, found without flaw (audit::find_flaws).
struct EventReport {
  audit::Reported event;
  /// Header Idempotency-Key; "" = none. Then an event with a request_id is the same if all its members are.
  std::string idempotency_key;
};

/// The event is written, by this request or by an earlier one that this one repeats.
struct EventWritten {
  std::string request_id;  // under which the event is found
  base::Time received_at;
};
enum class ReportRefusal : std::uint8_t {
  unauthenticated,
  lacks_scope,  // the access token has not the scope audit:write
  not_permitted,
  too_many,
  key_reused  // the Idempotency-Key came with another event before
};
using Reporting = std::variant<EventWritten, ReportRefusal>;

/// Authenticates the system, judges its permission and its limit, and writes the event, in one transaction. Actor and
/// subject that name an account of the system's tenant, by id or by login, become its id; any other text is kept in the
/// part that is erased. Errors: unavailable.
base::Result<Reporting> report_event(const House& house, const CallerProof& proof, const EventReport& report,
                                     const RequestFacts& facts);

}  // namespace flow
