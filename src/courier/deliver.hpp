// What became of one try to deliver something. The outbox turns it into its next state: done, again later, failed.
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
    retry,      // nobody has said a final no, or the answer was lost
    give_up,    // the peer refuses this message, or it could never be sent
  };
  Kind kind = Kind::retry;
  std::string reason;  // why not; for log and administration, never the message itself
};

Delivery delivered();
Delivery retry(std::string reason);
Delivery give_up(std::string reason);

/// invalid_input and denied are for ever, everything else may pass.
Delivery judge(const base::Error& error);
Delivery judge(const remote::SmtpOutcome& outcome);
/// At most 200 printable ASCII characters of what a peer said; others become '?'.
std::string quote(std::string_view said);

}  // namespace courier
