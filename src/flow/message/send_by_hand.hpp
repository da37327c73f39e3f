// One short message that an administrator sends by hand: the test of a gateway on the page, and `chancery sms send`
// (S3.7, S3.10). It goes to the gateways at once, without the outbox and without the limits.
#pragma once

#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "courier/sms.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/message/sms_route.hpp"
#include "rights/actor.hpp"

namespace flow {

/// The kind as the audit log names it.
audit::Code code_of(courier::SmsKind kind);

struct SmsByHand {
  courier::Sms sms{};
  std::string gateway{};  // name; "" = as every message. A named one is asked although it is off.
};
/// Needs the permission administer_all and a fresh proof; each message has its audit event, also one that was refused.
/// Blocks for as long as the gateways need, seconds. That no gateway takes it is an outcome as well. Errors: denied,
/// invalid_input (the message, courier::check_sms), not_found (no such gateway), conflict (no gateway is configured).
base::Result<SmsOutcome> send_sms_by_hand(const House& house, const rights::Actor& actor, SmsByHand wish,
                                          const RequestFacts& facts);
/// Why no gateway has taken it, for the command line: without secrets and without the text.
std::string explain(const SmsOutcome& refused);

}  // namespace flow
