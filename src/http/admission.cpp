#include "http/admission.hpp"

namespace http {

base::IpNetwork Admission::key_of(const base::IpAddress& peer) {
  return peer.find_network(32, 64);
}

std::size_t Admission::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

bool Admission::enter(const base::IpAddress* peer) {
  const std::lock_guard lock(mutex_);
  if (peer != nullptr) {
    std::uint32_t& share = by_address_[key_of(*peer)];
    if (share >= most_per_address_) return false;
    ++share;
  }
  ++count_;
  return true;
}

void Admission::leave(const base::IpAddress* peer) {
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
