#include "http/admission.hpp"

#include <algorithm>

namespace http {
namespace {

constexpr std::size_t most_reserved = 64;
constexpr std::size_t share_of_free = 4;  // an address, or a network, may take a quarter of the free places

std::size_t count_of(const std::map<base::IpNetwork, std::uint32_t>& counts, const base::IpNetwork& network) {
  const auto found = counts.find(network);
  return found == counts.end() ? 0 : found->second;
}

/// None of the operator's listener, and of a Unix socket.
std::vector<base::CountedNetwork> networks_of(const Entrance& entrance) {
  if (entrance.reserved || entrance.address == nullptr) return {};
  return entrance.address->counted_networks();
}

void take_off(std::map<base::IpNetwork, std::uint32_t>& counts, const base::IpNetwork& network) {
  const auto found = counts.find(network);
  if (found != counts.end() && --found->second == 0) counts.erase(found);
}

}  // namespace

bool Admission::is_full(bool reserved) const {
  const std::lock_guard lock(mutex_);
  return reserved ? reserved_ >= most_reserved : count_ >= most_;
}

std::size_t Admission::count() const {
  const std::lock_guard lock(mutex_);
  return count_ + reserved_;
}

std::size_t Admission::limit(std::size_t fixed, const Entrance& entrance) const {
  if (!is_shared() || entrance.proxy) return fixed;
  const std::size_t free = most_ - std::min(count_, most_);
  return std::min(fixed, std::max<std::size_t>(1, free / share_of_free));
}

bool Admission::has_share(const Entrance& entrance, const std::vector<base::CountedNetwork>& networks,
                          std::size_t more) const {
  return std::all_of(networks.begin(), networks.end(), [&](const base::CountedNetwork& one) {
    return count_of(networks_, one.network) + more <= limit(one.times * most_per_address_, entrance);
  });
}

bool Admission::is_crowded() const {
  const std::lock_guard lock(mutex_);
  return is_shared();
}

bool Admission::is_over_share(const Entrance& entrance) const {
  if (entrance.reserved || entrance.address == nullptr) return false;
  const auto networks = networks_of(entrance);
  const std::lock_guard lock(mutex_);
  return !has_share(entrance, networks, 0);
}

bool Admission::enter(const Entrance& entrance) {
  const auto networks = networks_of(entrance);
  const std::lock_guard lock(mutex_);
  if (entrance.reserved) {
    ++reserved_;
    return true;
  }
  if (!has_share(entrance, networks, 1)) return false;
  for (const auto& one : networks) ++networks_[one.network];
  ++count_;
  return true;
}

void Admission::leave(const Entrance& entrance) {
  const auto networks = networks_of(entrance);
  const std::lock_guard lock(mutex_);
  if (entrance.reserved) {
    --reserved_;
  } else {
    for (const auto& one : networks) take_off(networks_, one.network);
    --count_;
  }
  if (count_ + reserved_ == 0) empty_.notify_all();
}

bool Admission::wait_empty(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return empty_.wait_until(lock, deadline, [this] { return count_ + reserved_ == 0; });
}

}  // namespace http
