// Who the client is when a proxy stands before us. Security rule 6: the peer's address counts, unless the peer is a
// listed proxy; then X-Forwarded-For is walked from the right, and the first hop that is not listed is the client.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace http {

/// An IPv6 address; IPv4 is held as ::ffff:a.b.c.d, so that both spellings of one address are the same value.
using Address = std::array<std::uint8_t, 16>;
std::optional<Address> parse_address(std::string_view text);
/// "192.0.2.1" or "2001:db8::1".
std::string to_text(const Address& address);

class TrustedProxies {
 public:
  /// Addresses and CIDR ranges. Errors: invalid_input, naming the entry.
  static base::Result<TrustedProxies> parse(const std::vector<std::string>& list);
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] bool contains(const Address& address) const;
  /// The client's address. An entry that is not an address ends the walk at the last hop that could be believed.
  [[nodiscard]] Address find_client(const Address& peer, const Request& request) const;

 private:
  struct Range {
    Address network{};
    unsigned bits = 128;
  };
  std::vector<Range> ranges_;
};

}  // namespace http
