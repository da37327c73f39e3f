// The number of open connections: in all, from one address and from the networks around it
// (IpAddress::counted_networks): an IPv6 /64 counts as one address, and its /56 and /48 may have more.
//
// While less than half of the places are taken, an address has its fixed share. From then on its share is a quarter of
// the places that are free (dynamic thresholds: Choudhury and Hahne, 1998): beyond it new connections are closed, and
// so are those that wait for a request. N addresses of a flood then keep N of N + 4 parts of the places, and a newcomer
// finds one. The Unix socket of the operator and the metrics listener have their own places.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "base/ip_address.hpp"

namespace http {

/// Where a connection comes from, and to which listener.
struct Entrance {
  const base::IpAddress* address = nullptr;  // nullptr: a Unix socket
  bool reserved = false;                     // the operator's listener, which has its own places
  bool proxy = false;                        // trusted; its share stays fixed, because many clients come through it
};

class Admission {
 public:
  Admission(std::size_t most, std::size_t most_per_address) : most_(most), most_per_address_(most_per_address) {}

  /// Whether there is no free place for a connection to such a listener.
  [[nodiscard]] bool is_full(bool reserved) const;
  /// Whether connections of this address, or of a network around it, must make room for others. To be called only
  /// while is_crowded().
  [[nodiscard]] bool is_over_share(const Entrance& entrance) const;
  [[nodiscard]] bool is_crowded() const;
  /// All open connections.
  [[nodiscard]] std::size_t count() const;
  /// False: this address, or a network around it, has as many connections as it may.
  bool enter(const Entrance& entrance);
  void leave(const Entrance& entrance);
  /// True when no connection is left; false if one still is at the deadline.
  bool wait_empty(std::chrono::steady_clock::time_point deadline);

 private:
  using Counts = std::map<base::IpNetwork, std::uint32_t>;

  [[nodiscard]] std::size_t limit(std::size_t fixed, const Entrance& entrance) const;
  [[nodiscard]] bool has_share(const Entrance& entrance, const std::vector<base::CountedNetwork>& networks,
                               std::size_t more) const;

  [[nodiscard]] bool is_shared() const { return count_ >= most_ / 2 && most_ >= least_shared; }

  static constexpr std::size_t least_shared = 64;  // fewer places are not shared

  const std::size_t most_;
  const std::size_t most_per_address_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t count_ = 0;     // connections that are not reserved
  std::size_t reserved_ = 0;  // the others
  Counts networks_;
};

}  // namespace http
