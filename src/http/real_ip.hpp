// Who the client is when a proxy stands before us. Security rule 6: the peer's address counts, unless the peer is a
// listed proxy; then X-Forwarded-For is walked from the right, and the first hop that is not listed is the client.
#pragma once

#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace http {

class TrustedProxies {
 public:
  /// Addresses and CIDR ranges. Errors: invalid_input, naming the entry.
  static base::Result<TrustedProxies> parse(const std::vector<std::string>& list);
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] bool contains(const base::IpAddress& address) const;
  /// The client's address. An entry that is not an address ends the walk at the last hop that could be believed.
  [[nodiscard]] base::IpAddress find_client(const base::IpAddress& peer, const Request& request) const;

 private:
  std::vector<base::IpNetwork> ranges_;
};

}  // namespace http
