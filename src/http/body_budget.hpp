// What large bodies may take together, of memory or of the disk. Each network, and each larger one around it, has its
// share: one that holds nothing may take whatever is free; for more it must leave as much free as it then holds
// (dynamic thresholds, as in admission.hpp), so that nobody fills all of it and a newcomer finds something. A body
// takes as it comes; what it has itself does not count as held when it takes more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "base/ip_address.hpp"

namespace http {

/// Whose share is used: keys of networks (Party::key), the smallest first; 0 = none.
using Holders = std::array<std::uint64_t, base::most_counted_networks>;

class BodyBudget {
 public:
  explicit BodyBudget(std::size_t octets) : free_(octets), all_(octets) {}

  /// `own`: what the same body has of it already. False: there is too little, or the share of a holder is used up.
  bool take(std::size_t octets, const Holders& holders, std::size_t own = 0);
  void give_back(std::size_t octets, const Holders& holders);
  [[nodiscard]] std::size_t taken() const;
  /// The whole, also what is taken.
  [[nodiscard]] std::size_t all() const { return all_; }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::size_t> held_;
  std::size_t free_;
  const std::size_t all_;
};

/// A part of a budget, given back at its end.
class BodyLease {
 public:
  BodyLease() = default;
  BodyLease(std::shared_ptr<BodyBudget> budget, const Holders& holders)
      : budget_(std::move(budget)), holders_(holders) {}
  BodyLease(BodyLease&& other) noexcept
      : budget_(std::move(other.budget_)), holders_(other.holders_), octets_(std::exchange(other.octets_, 0)) {}
  BodyLease& operator=(BodyLease&& other) noexcept {
    if (this != &other) {
      end();
      budget_ = std::move(other.budget_);
      holders_ = other.holders_;
      octets_ = std::exchange(other.octets_, 0);
    }
    return *this;
  }
  ~BodyLease() { end(); }

  [[nodiscard]] std::size_t octets() const { return octets_; }
  /// So many more; false: then it stays as it was.
  bool grow(std::size_t octets) {
    if (!budget_ || !budget_->take(octets, holders_, octets_)) return false;
    octets_ += octets;
    return true;
  }
  void end() {
    if (octets_ > 0) budget_->give_back(std::exchange(octets_, 0), holders_);
  }

 private:
  std::shared_ptr<BodyBudget> budget_;
  Holders holders_{};
  std::size_t octets_ = 0;
};

}  // namespace http
