#include "http/parties.hpp"

#include <functional>
#include <string_view>

#include "base/ip_address.hpp"

namespace http {
namespace {

constexpr std::uint64_t share = 4;                // what a job uses of the share of a network or account
constexpr std::uint64_t share_of_the_larger = 1;  // less, because many networks are inside

std::uint64_t key_of(std::string_view kind, std::string_view who) {
  std::string text(kind);
  text.append("|").append(who);
  return std::hash<std::string_view>{}(text) | 1U;  // never 0
}

std::uint64_t network_of(const base::Result<base::IpAddress>& address, const std::string& text) {
  return address ? key_of("network", address->own_network().to_string()) : key_of("peer", text);
}

}  // namespace

std::uint64_t network_of(const Exchange& exchange) {
  const std::string& text = exchange.request.client_ip;
  return network_of(base::IpAddress::parse(text), text);
}

Parties parties_of(const Exchange& exchange) {
  Parties parties;
  const Request& request = exchange.request;
  const auto address = base::IpAddress::parse(request.client_ip);
  parties.networks[0] = {network_of(address, request.client_ip), share};
  if (address && !address->is_v4()) {
    parties.networks[1] = {key_of("larger", address->network_around().to_string()), share_of_the_larger};
  }
  const Route* const route = exchange.match.route;
  if (route != nullptr && route->account_of) {
    const std::string account = route->account_of(request);
    if (!account.empty()) parties.account = {key_of("account", account), share};
  }
  return parties;
}

}  // namespace http
