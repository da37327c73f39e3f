#include "http/admission.hpp"

#include <algorithm>
#include <cstring>

namespace http {

/// The network half of IPv6; IPv4 has its octets in the other half, where no network lies (::/64 is not routed).
std::uint64_t Admission::key_of(const Address& peer) {
  std::uint64_t network = 0;
  std::uint64_t host = 0;
  std::memcpy(&network, peer.data(), sizeof network);
  std::memcpy(&host, peer.data() + sizeof network, sizeof host);
  return network != 0 ? network : host;
}

std::size_t Admission::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

bool Admission::enter(const Address* peer) {
  const std::lock_guard lock(mutex_);
  if (peer != nullptr) {
    std::uint32_t& share = by_address_[key_of(*peer)];
    if (share >= most_per_address_) return false;
    ++share;
  }
  ++count_;
  return true;
}

void Admission::leave(const Address* peer) {
  const std::lock_guard lock(mutex_);
  if (peer != nullptr) {
    const auto share = by_address_.find(key_of(*peer));
    if (share != by_address_.end() && --share->second == 0) by_address_.erase(share);
  }
  if (--count_ == 0) empty_.notify_all();
}

bool Admission::wait_empty(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return empty_.wait_until(lock, deadline, [this] { return count_ == 0; });
}

}  // namespace http
