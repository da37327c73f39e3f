// Counters, gauges and histograms in the Prometheus text exposition format 0.0.4. Lock-free once registered.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace http {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// How often a value fell into each of some fixed ranges (Prometheus histogram).
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), buckets_(bounds_.size() + 1) {}
  void observe(double value);
  /// Appends the lines _bucket, _sum and _count.
  void expose(std::string& out, const std::string& name, const std::string& labels) const;

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> buckets_;
  std::atomic<std::uint64_t> sum_millionths_{0};
};

/// The counter of that name and label set ("method=\"password\",outcome=\"failure\""), made at first use. Lives as long
/// as the process.
Counter& counter(const std::string& name, const std::string& labels, const std::string& help);
/// The histogram of that name and label set; `bounds` ascending, taken at first use.
Histogram& histogram(const std::string& name, const std::string& labels, const std::string& help,
                     std::vector<double> bounds);
/// A value that `ask` computes at each scrape. Registering the same name and labels again replaces `ask`.
void add_gauge(const std::string& name, const std::string& labels, const std::string& help,
               std::function<double()> ask);
/// As add_gauge, for a count that is kept elsewhere and only grows.
void add_counter(const std::string& name, const std::string& labels, const std::string& help,
                 std::function<double()> ask);
/// Removes a gauge before its owner is destroyed. After the call no scrape evaluates it.
void remove_gauge(const std::string& name, const std::string& labels);
/// The whole exposition.
std::string expose_metrics();

}  // namespace http
