#include "http/parties.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/ip_address.hpp"

namespace http {
namespace {

constexpr std::uint64_t share = 16;  // what a job uses of the share of an account, or of the smallest network

std::uint64_t key_of(std::string_view kind, std::string_view who) {
  std::string text(kind);
  text.append("|").append(who);
  return std::hash<std::string_view>{}(text) | 1U;  // never 0
}

std::array<Party, base::most_counted_networks> networks_of(const std::string& text) {
  std::array<Party, base::most_counted_networks> parties{};
  const auto address = base::IpAddress::parse(text);
  if (!address) {
    parties[0] = {key_of("peer", text), share};
    return parties;
  }
  std::size_t i = 0;
  for (const auto& [network, times] : address->counted_networks()) {
    parties.at(i++) = {key_of("network", network.to_string()), share / times};
  }
  return parties;
}

}  // namespace

Holders holders_of(const Exchange& exchange) {
  const auto parties = networks_of(exchange.request.client_ip);
  Holders keys{};
  std::transform(parties.begin(), parties.end(), keys.begin(), [](const Party& party) { return party.key; });
  return keys;
}

Parties parties_of(const Exchange& exchange) {
  Parties parties;
  parties.networks = networks_of(exchange.request.client_ip);
  const Route* const route = exchange.match.route;
  if (route != nullptr && route->account_of) {
    const std::string account = route->account_of(exchange.request);
    if (!account.empty()) parties.account = {key_of("account", account), share};
  }
  return parties;
}

}  // namespace http
