// IP addresses and networks, with one set of rules for the whole program. Invariant: an IPv4-mapped IPv6 address
// (::ffff:a.b.c.d, RFC 4291 §2.5.5.2) is the IPv4 address, so that one address has one value, one text and one verdict.
// A network of one version holds no address of the other: ::/0 is every IPv6 address, 0.0.0.0/0 every IPv4 address.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace base {

class IpNetwork;
struct CountedNetwork;
inline constexpr std::size_t most_counted_networks = 3;

class IpAddress {
 public:
  using V4Octets = std::array<std::uint8_t, 4>;  // network order
  using V6Octets = std::array<std::uint8_t, 16>;

  IpAddress() = default;  // "::"
  explicit IpAddress(const V4Octets& octets);
  explicit IpAddress(const V6Octets& octets) : octets_(octets) {}
  /// "192.0.2.1" or "2001:db8::1": four decimal numbers without leading zeros, or RFC 4291 §2.2; no brackets, zone,
  /// port or white space. Errors: invalid_input.
  static Result<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const;
  /// Canonical: "192.0.2.1", or lower case with the longest run of zeros left out (RFC 5952).
  [[nodiscard]] std::string to_string() const;
  /// IPv4 has the prefix ::ffff:0:0/96.
  [[nodiscard]] const V6Octets& octets() const { return octets_; }
  /// The network that is treated as one party: the first `v4_prefix` bits of an IPv4 address, the first `v6_prefix` of
  /// an IPv6 address. An IPv6 subscriber has a /64 at least and often a /56 (RFC 6177).
  [[nodiscard]] IpNetwork find_network(unsigned v4_prefix, unsigned v6_prefix) const;
  /// The networks under which the acts of this address are counted, the smallest first, at most most_counted_networks.
  /// IPv4: the address itself. IPv6: the /64, and the /56 and /48 around it, in which one subscriber may choose the
  /// smaller ones freely (RFC 6177); each has four times the share of the one before it. Nothing wider counts, because
  /// different subscribers of a provider are in it.
  [[nodiscard]] std::vector<CountedNetwork> counted_networks() const;

  /// 127.0.0.0/8 and ::1.
  [[nodiscard]] bool is_loopback() const;
  /// RFC 1918, and unique local addresses fc00::/7 (RFC 4193).
  [[nodiscard]] bool is_private() const;
  /// 169.254.0.0/16 and fe80::/10; the metadata services of clouds are there.
  [[nodiscard]] bool is_link_local() const;
  /// Whether the address is in no block of the IANA special-purpose registries (RFC 6890). False for everything that is
  /// not known to be public: private, shared, link-local, loopback, multicast, documentation, benchmarking, reserved,
  /// and the IPv6 forms that carry an IPv4 address for a translator or a tunnel (NAT64, 6to4, Teredo).
  [[nodiscard]] bool is_public() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  V6Octets octets_{};
};

/// Whether a host, as a URI or a setting names it, is this machine: "localhost" or a loopback address, with or without
/// brackets. Names below "localhost" are not, because the C library asks a name server for them (RFC 6761 §6.3).
bool is_loopback_host(std::string_view host);

class IpNetwork {
 public:
  /// "10.0.0.0/8", "fd00::/8", or an address alone, which is a network of one. Errors: invalid_input (also if a bit
  /// behind the prefix is set; the reason names the network that was meant).
  static Result<IpNetwork> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] const IpAddress& address() const { return address_; }
  /// The number of leading bits that count: at most 32 for IPv4, at most 128 for IPv6.
  [[nodiscard]] unsigned prefix() const;
  /// "10.0.0.0/8"; always with the prefix.
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const IpNetwork&, const IpNetwork&) = default;

 private:
  friend class IpAddress;
  IpNetwork(const IpAddress& inside, unsigned bits);

  IpAddress address_;  // the bits behind the prefix are zero
  unsigned bits_;      // of 128, also for IPv4
};

struct CountedNetwork {
  IpNetwork network;
  unsigned times;  // its share, as a multiple of that of the smallest network
};

}  // namespace base
