#include "http/real_ip.hpp"

#include <strings.h>

#include <algorithm>

#include "http/field_text.hpp"

namespace http {
namespace {

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

base::Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& list) {
  TrustedProxies proxies;
  for (const std::string& entry : list) {
    const auto network = base::IpNetwork::parse(entry);
    if (!network) {
      return base::fail(base::Code::invalid_input, "trusted proxy is neither an address nor a CIDR range: " + entry +
                                                       " (" + network.error().reason + ")");
    }
    proxies.ranges_.push_back(*network);
  }
  return proxies;
}

bool TrustedProxies::contains(const base::IpAddress& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const base::IpNetwork& range) { return range.contains(address); });
}

base::IpAddress TrustedProxies::find_client(const base::IpAddress& peer, const Request& request) const {
  if (!contains(peer)) return peer;
  base::IpAddress client = peer;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!is_forwarded_for(*header)) continue;
    std::string_view hops = header->value;
    while (true) {
      const std::size_t comma = hops.rfind(',');
      const std::string_view hop = trim(comma == std::string_view::npos ? hops : hops.substr(comma + 1));
      const auto address = base::IpAddress::parse(without_port(hop));
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
