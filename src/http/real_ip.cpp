#include "http/real_ip.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace http {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_v4(const Address& address) {
  return std::equal(v4_prefix.begin(), v4_prefix.end(), address.begin());
}

/// Some proxies add a port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::string_view without_port(std::string_view hop) {
  if (!hop.empty() && hop.front() == '[') {
    const std::size_t end = hop.find(']');
    return end == std::string_view::npos ? hop : hop.substr(1, end - 1);
  }
  const std::size_t colon = hop.find(':');
  return colon != std::string_view::npos && colon == hop.rfind(':') ? hop.substr(0, colon) : hop;
}

bool is_forwarded_for(const Header& header) {
  return ::strcasecmp(header.name.c_str(), "X-Forwarded-For") == 0;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address address{};
  if (::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  std::copy(v4_prefix.begin(), v4_prefix.end(), address.begin());
  if (::inet_pton(AF_INET, copy.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

std::string to_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4(address)) {
    ::inet_ntop(AF_INET, address.data() + 12, text.data(), static_cast<socklen_t>(text.size()));
  } else {
    ::inet_ntop(AF_INET6, address.data(), text.data(), static_cast<socklen_t>(text.size()));
  }
  return text.data();
}

base::Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& list) {
  TrustedProxies proxies;
  for (const std::string& entry : list) {
    const auto wrong = [&] {
      return base::fail(base::Code::invalid_input, "trusted proxy is neither an address nor a CIDR range: " + entry);
    };
    const std::size_t slash = entry.find('/');
    const auto network = parse_address(std::string_view(entry).substr(0, slash));
    if (!network) return wrong();
    const bool v4 = entry.find(':') == std::string::npos;
    Range range{*network, 128};
    if (slash != std::string::npos) {
      const char* const end = entry.data() + entry.size();
      const auto [stop, error] = std::from_chars(entry.data() + slash + 1, end, range.bits);
      if (error != std::errc() || stop != end || range.bits > (v4 ? 32U : 128U)) return wrong();
      if (v4) range.bits += 96;
    }
    proxies.ranges_.push_back(range);
  }
  return proxies;
}

bool TrustedProxies::contains(const Address& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    const std::size_t whole = range.bits / 8;
    if (std::memcmp(address.data(), range.network.data(), whole) != 0) return false;
    if (range.bits % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff00U >> (range.bits % 8));
    return ((address[whole] ^ range.network[whole]) & mask) == 0;
  });
}

Address TrustedProxies::find_client(const Address& peer, const Request& request) const {
  if (!contains(peer)) return peer;
  Address client = peer;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!is_forwarded_for(*header)) continue;
    std::string_view hops = header->value;
    while (true) {
      const std::size_t comma = hops.rfind(',');
      const std::string_view hop = trim(comma == std::string_view::npos ? hops : hops.substr(comma + 1));
      const auto address = parse_address(without_port(hop));
      if (!address) return client;
      client = *address;
      if (!contains(client)) return client;
      if (comma == std::string_view::npos) break;
      hops = hops.substr(0, comma);
    }
  }
  return client;
}

}  // namespace http
