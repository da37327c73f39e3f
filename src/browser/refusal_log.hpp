// The log of refused requests. An answer that shows the request id to a person or a program has one line here, so that
// an operator who is told the id finds out what happened.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace browser {

/// Writes the line: request id, status, method, path and reason. `reason` is for operators and must not have secrets or
/// personal data. Never blocks.
void log_refusal(const http::Request& request, int status, std::string_view reason);

/// Limits the lines, so that a client that sends nothing but errors neither fills the disk nor displaces other lines.
class RefusalQuota {
 public:
  static constexpr std::size_t most_of_client = 60;  // lines a minute; more for larger networks (counted_networks)
  static constexpr std::size_t most_of_all = 3000;   // lines a minute

  /// Whether the line may be written. Counts it, or counts that it is left out.
  bool take(const std::string& client_ip, base::Time now);
  /// How many lines were left out in the minutes that have ended; the next call gives 0.
  std::size_t take_left_out(base::Time now);

 private:
  void begin_minute(base::Time now);
  base::Time began_;
  std::map<base::IpNetwork, std::size_t> taken_;
  std::size_t all_ = 0;
  std::size_t left_out_ = 0;       // lines in the current minute
  std::size_t left_out_past_ = 0;  // lines in earlier minutes
};

}  // namespace browser
