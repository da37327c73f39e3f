// Counters, gauges and histograms in the Prometheus text exposition format 0.0.4. Lock-free once registered.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace http {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// The counter of that name and label set ("method=\"password\",outcome=\"failure\""), made at first use. Lives as long as the process.
Counter& counter(const std::string& name, const std::string& labels, const std::string& help);
/// A value that is asked for at each scrape.
void add_gauge(const std::string& name, const std::string& labels, const std::string& help, std::function<double()> ask);
/// The whole exposition.
std::string expose_metrics();

}  // namespace http
