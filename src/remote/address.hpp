// IP addresses and networks: which addresses an outgoing call may reach (security rule 11). An address is public if no
// special-purpose registry of IANA (RFC 6890) has it. In case of doubt an address is not public.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace remote {

struct Address {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> octets{};  // network order; IPv4 uses the first four

  /// "192.0.2.1", "2001:db8::1", no brackets, no zone. Errors: invalid_input.
  static base::Result<Address> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const Address&, const Address&) = default;
};

struct Network {
  Address base_address;
  unsigned prefix = 0;  // how many leading bits are compared

  /// "10.0.0.0/8", "fd00::/8" or a single address. Errors: invalid_input (also if a bit after the prefix is set).
  static base::Result<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(const Address& address) const;
};

/// Not private, shared, link-local, loopback, multicast, documentation, benchmarking, reserved, and not an IPv6 form
/// that carries an IPv4 address (mapped, NAT64, 6to4, Teredo).
bool is_public_address(const Address& address);
/// 127.0.0.0/8 or ::1.
bool is_loopback_address(const Address& address);

}  // namespace remote
