#include "remote/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace remote {
namespace {

std::vector<Network> parse_all(std::initializer_list<const char*> texts) {
  std::vector<Network> networks;
  for (const char* text : texts) networks.push_back(Network::parse(text).value());
  return networks;
}

bool is_in(const std::vector<Network>& networks, const Address& address) {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& n) { return n.contains(address); });
}

}  // namespace

base::Result<Address> Address::parse(std::string_view text) {
  const std::string ended_by_zero(text);
  Address address;
  // inet_pton would not see what follows a zero octet.
  if (text.find('\0') == std::string_view::npos) {
    if (inet_pton(AF_INET, ended_by_zero.c_str(), address.octets.data()) == 1) return address;
    address.is_v6 = true;
    if (inet_pton(AF_INET6, ended_by_zero.c_str(), address.octets.data()) == 1) return address;
  }
  return base::fail(base::Code::invalid_input, "not an IP address");
}

std::string Address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_v6 ? AF_INET6 : AF_INET, octets.data(), text.data(), text.size());
  return text.data();
}

base::Result<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  Network network;
  ASSIGN_OR_RETURN(network.base_address, Address::parse(text.substr(0, slash)));
  const unsigned most = network.base_address.is_v6 ? 128 : 32;
  network.prefix = most;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), network.prefix);
    if (error != std::errc() || end != number.data() + number.size() || network.prefix > most) {
      return base::fail(base::Code::invalid_input, "not a network prefix");
    }
  }
  for (unsigned bit = network.prefix; bit < most; ++bit) {
    if ((network.base_address.octets.at(bit / 8) >> (7 - bit % 8) & 1) != 0) {
      return base::fail(base::Code::invalid_input, "the network has bits behind its prefix");
    }
  }
  return network;
}

bool Network::contains(const Address& address) const {
  if (address.is_v6 != base_address.is_v6) return false;
  for (unsigned bit = 0; bit < prefix; bit += 8) {
    const unsigned kept = std::min(8U, prefix - bit);
    const auto mask = static_cast<std::uint8_t>(0xff00U >> kept);
    if (((address.octets.at(bit / 8) ^ base_address.octets.at(bit / 8)) & mask) != 0) return false;
  }
  return true;
}

bool is_public_address(const Address& address) {
  static const std::vector<Network> v4_special = parse_all({
      "0.0.0.0/8",        // this host, this network (RFC 1122)
      "10.0.0.0/8",       // private (RFC 1918)
      "100.64.0.0/10",    // carriers' shared space (RFC 6598)
      "127.0.0.0/8",      // loopback
      "169.254.0.0/16",   // link-local, and the metadata services of clouds
      "172.16.0.0/12",    // private
      "192.0.0.0/24",     // protocol assignments (RFC 6890)
      "192.0.2.0/24",     // documentation
      "192.88.99.0/24",   // 6to4 relays (RFC 7526)
      "192.168.0.0/16",   // private
      "198.18.0.0/15",    // benchmarking (RFC 2544)
      "198.51.100.0/24",  // documentation
      "203.0.113.0/24",   // documentation
      "224.0.0.0/4",      // multicast
      "240.0.0.0/4",      // reserved and broadcast
  });
  static const std::vector<Network> v6_special = parse_all({
      "2001::/23",      // protocol assignments: Teredo, ORCHID, benchmarking
      "2001:db8::/32",  // documentation
      "2002::/16",      // 6to4: carries an IPv4 address
      "3fff::/20",      // documentation (RFC 9637)
  });
  // Global unicast is this block only. Mapped, NAT64, unique-local, link-local and multicast addresses are outside of
  // it.
  static const Network v6_global = Network::parse("2000::/3").value();
  if (!address.is_v6) return !is_in(v4_special, address);
  return v6_global.contains(address) && !is_in(v6_special, address);
}

bool is_loopback_address(const Address& address) {
  static const std::vector<Network> loopback = parse_all({"127.0.0.0/8", "::1/128"});
  return is_in(loopback, address);
}

}  // namespace remote
