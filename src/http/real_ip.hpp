// The address of the client behind a reverse proxy. The peer's address counts unless the peer is a trusted proxy. Then
// X-Forwarded-For is read from the right, and the first hop that is not a trusted proxy is the client.
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
  /// The client's address. An entry that is not an address ends the search: the hop to its right is the client.
  [[nodiscard]] base::IpAddress find_client(const base::IpAddress& peer, const Request& request) const;

 private:
  std::vector<base::IpNetwork> ranges_;
};

}  // namespace http
