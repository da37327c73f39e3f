// The result of one try to deliver a message. The outbox derives the next state from it: done, try again later, failed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "remote/smtp_client.hpp"

namespace courier {

struct Delivery {
  enum class Kind : std::uint8_t {
    delivered,  // the peer has taken responsibility
    retry,      // the peer has not refused for good, or its answer was lost
    give_up,    // the peer refuses this message for good, or the message cannot be sent
  };
  Kind kind = Kind::retry;
  std::string
      reason;  // why it was not delivered; for the log and for administrators; never has the text of the message
  bool unanswered = false;  // retry only: the destination did not answer (no connection, time-out, connection lost)
};

Delivery delivered();
Delivery retry(std::string reason);
Delivery give_up(std::string reason);

/// invalid_input and denied become give_up; every other error becomes retry.
Delivery judge(const base::Error& error);
/// judge() for a call to the destination that brought no answer.
Delivery judge_call(const base::Error& error);
Delivery judge(const remote::SmtpOutcome& outcome);
/// The first 200 characters of what a peer said. A character that is not printable ASCII becomes '?'.
std::string quote(std::string_view said);

}  // namespace courier
