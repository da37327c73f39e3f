#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <vector>

namespace base {
namespace {

constexpr std::array<std::uint8_t, 12> v4_mark{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned v4_mark_bits = 96;

std::vector<IpNetwork> parse_all(std::initializer_list<const char*> texts) {
  std::vector<IpNetwork> networks;
  for (const char* text : texts) networks.push_back(IpNetwork::parse(text).value());
  return networks;
}

bool is_in(const std::vector<IpNetwork>& networks, const IpAddress& address) {
  return std::any_of(networks.begin(), networks.end(), [&](const IpNetwork& n) { return n.contains(address); });
}

std::optional<unsigned> parse_prefix(std::string_view digits, unsigned most) {
  unsigned prefix = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc() || end != digits.data() + digits.size() || has_leading_zero || prefix > most) {
    return std::nullopt;
  }
  return prefix;
}

}  // namespace

IpAddress::IpAddress(const V4Octets& octets) {
  std::copy(v4_mark.begin(), v4_mark.end(), octets_.begin());
  std::copy(octets.begin(), octets.end(), octets_.begin() + v4_mark.size());
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string ended_by_zero(text);
  V4Octets v4{};
  V6Octets v6{};
  // inet_pton stops at a NUL octet and would ignore the text behind it.
  if (text.find('\0') == std::string_view::npos) {
    if (::inet_pton(AF_INET, ended_by_zero.c_str(), v4.data()) == 1) return IpAddress(v4);
    if (::inet_pton(AF_INET6, ended_by_zero.c_str(), v6.data()) == 1) return IpAddress(v6);
  }
  return fail(Code::invalid_input, "not an IP address");
}

bool IpAddress::is_v4() const {
  return std::equal(v4_mark.begin(), v4_mark.end(), octets_.begin());
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const std::uint8_t* const from = octets_.data() + (is_v4() ? v4_mark.size() : 0);
  ::inet_ntop(is_v4() ? AF_INET : AF_INET6, from, text.data(), static_cast<socklen_t>(text.size()));
  return text.data();
}

IpNetwork IpAddress::find_network(unsigned v4_prefix, unsigned v6_prefix) const {
  if (v4_prefix > 32 || v6_prefix > 128) throw std::logic_error("a network prefix longer than the address");
  return {*this, is_v4() ? v4_prefix + v4_mark_bits : v6_prefix};
}

std::vector<CountedNetwork> IpAddress::counted_networks() const {
  if (is_v4()) return {{find_network(32, 128), 1}};
  return {{find_network(32, 64), 1}, {find_network(32, 56), 4}, {find_network(32, 48), 16}};
}

bool IpAddress::is_loopback() const {
  static const std::vector<IpNetwork> loopback = parse_all({"127.0.0.0/8", "::1"});
  return is_in(loopback, *this);
}

bool IpAddress::is_private() const {
  static const std::vector<IpNetwork> inner = parse_all({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"});
  return is_in(inner, *this);
}

bool IpAddress::is_link_local() const {
  static const std::vector<IpNetwork> link = parse_all({"169.254.0.0/16", "fe80::/10"});
  return is_in(link, *this);
}

bool IpAddress::is_public() const {
  static const std::vector<IpNetwork> special = parse_all({
      "0.0.0.0/8",        // this host, this network (RFC 1122)
      "100.64.0.0/10",    // carriers' shared space (RFC 6598)
      "192.0.0.0/24",     // protocol assignments (RFC 6890)
      "192.0.2.0/24",     // documentation
      "192.88.99.0/24",   // 6to4 relays (RFC 7526)
      "198.18.0.0/15",    // benchmarking (RFC 2544)
      "198.51.100.0/24",  // documentation
      "203.0.113.0/24",   // documentation
      "224.0.0.0/4",      // multicast
      "240.0.0.0/4",      // reserved and broadcast
      "2001::/23",        // protocol assignments: Teredo, ORCHID, benchmarking
      "2001:db8::/32",    // documentation
      "2002::/16",        // 6to4: carries an IPv4 address
      "3fff::/20",        // documentation (RFC 9637)
  });
  // The only block of global unicast; NAT64, unique local, link-local and multicast addresses are outside.
  static const IpNetwork v6_global = IpNetwork::parse("2000::/3").value();
  if (is_loopback() || is_private() || is_link_local() || is_in(special, *this)) return false;
  return is_v4() || v6_global.contains(*this);
}

IpNetwork::IpNetwork(const IpAddress& inside, unsigned bits) : bits_(bits) {
  IpAddress::V6Octets kept = inside.octets();
  for (unsigned i = 0; i < kept.size(); ++i) {
    const unsigned counting = std::clamp(bits, i * 8, i * 8 + 8) - i * 8;
    kept.at(i) &= static_cast<std::uint8_t>(0xff00U >> counting);
  }
  address_ = IpAddress(kept);
}

Result<IpNetwork> IpNetwork::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  ASSIGN_OR_RETURN(const IpAddress address, IpAddress::parse(text.substr(0, slash)));
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8, because the prefix counts the bits of the text.
  const bool is_dotted = text.find(':') == std::string_view::npos;
  const unsigned before = is_dotted ? v4_mark_bits : 0;
  const unsigned most = 128 - before;
  const auto prefix = slash == std::string_view::npos ? most : parse_prefix(text.substr(slash + 1), most);
  if (!prefix) return fail(Code::invalid_input, "the prefix is not a number from 0 to " + std::to_string(most));
  const IpNetwork network(address, *prefix + before);
  if (network.address_ != address) {
    return fail(Code::invalid_input,
                address.to_string() + " is inside the network; its first address is " + network.address_.to_string());
  }
  return network;
}

bool IpNetwork::contains(const IpAddress& address) const {
  return address.is_v4() == address_.is_v4() && IpNetwork(address, bits_).address_ == address_;
}

unsigned IpNetwork::prefix() const {
  return address_.is_v4() ? bits_ - v4_mark_bits : bits_;
}

std::string IpNetwork::to_string() const {
  return address_.to_string() + "/" + std::to_string(prefix());
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost") return true;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  return address && address->is_loopback();
}

}  // namespace base
