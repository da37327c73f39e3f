// The memory that large bodies may take together while they are received. Small bodies are bounded by the number of
// connections.
#pragma once

#include <atomic>
#include <cstddef>

namespace http {

class BodyBudget {
 public:
  explicit BodyBudget(std::size_t octets) : free_(octets) {}

  /// False if fewer octets are free.
  bool take(std::size_t octets) {
    std::size_t free = free_.load();
    while (free >= octets) {
      if (free_.compare_exchange_weak(free, free - octets)) return true;
    }
    return false;
  }
  void give_back(std::size_t octets) { free_.fetch_add(octets); }

 private:
  std::atomic<std::size_t> free_;
};

}  // namespace http
