// The number of open connections, in all and from one address. An IPv6 /64 counts as one address, because one
// subscriber has all of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>

#include "base/ip_address.hpp"

namespace http {

class Admission {
 public:
  Admission(std::size_t most, std::size_t most_per_address) : most_(most), most_per_address_(most_per_address) {}

  [[nodiscard]] bool is_full() const { return count() >= most_; }
  [[nodiscard]] std::size_t count() const;
  /// `peer` null: a Unix socket, which only the total limits. False: this address has as many connections as it may.
  bool enter(const base::IpAddress* peer);
  void leave(const base::IpAddress* peer);
  /// True when no connection is left; false if one still is at the deadline.
  bool wait_empty(std::chrono::steady_clock::time_point deadline);

 private:
  static base::IpNetwork key_of(const base::IpAddress& peer);

  const std::size_t most_;
  const std::size_t most_per_address_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t count_ = 0;
  std::map<base::IpNetwork, std::uint32_t> by_address_;
};

}  // namespace http
