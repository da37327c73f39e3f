// How often something runs in a second, by the clock and by the processor's time of the process, and the figures as one
// line of JSON. On a machine that does other work as well, only the second one says what the work costs.
#pragma once

#include <malloc.h>
#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace bench {

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error()));
  return std::move(*result);
}

/// Seconds of user and system time of all threads.
inline double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Speed {
 public:
  explicit Speed(double seconds) : seconds_(seconds) {}

  /// `one` gives whether it went well. Twenty go before the clock runs, so that what is kept is there.
  template <class Do>
  void measure(const char* name, const Do& one) {
    for (int i = 0; i < 20; ++i) demand(one(), name);
    const auto start = std::chrono::steady_clock::now();
    const double before = processor_seconds();
    std::size_t done = 0;
    double taken = 0;
    while (taken < seconds_) {
      for (int i = 0; i < 20; ++i, ++done) demand(one(), name);
      taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    note(name, done, taken, processor_seconds() - before);
  }

  void note(const char* name, std::size_t done, double taken, double worked) {
    const auto count = static_cast<double>(done);
    line_ += line_.empty() ? "{" : ",";
    line_ += "\"" + std::string(name) + "\":{\"per_second\":" + std::to_string(static_cast<long>(count / taken)) +
             ",\"per_processor_second\":" + std::to_string(static_cast<long>(count / worked)) + "}";
  }

  [[nodiscard]] double seconds() const { return seconds_; }
  void print() const { std::printf("%s}\n", line_.c_str()); }

 private:
  static void demand(bool went_well, const char* name) {
    if (!went_well) throw std::runtime_error(name);
  }

  double seconds_;
  std::string line_;
};

/// main of a bench: `run` gets how long to measure each figure, the first argument.
template <class Run>
int run_bench(int argc, char** argv, const Run& run) {
  try {
    // As the server has it (app/house/process.cpp).
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    ::mallopt(M_TRIM_THRESHOLD, 256 * 1024);
    ::mallopt(M_MXFAST, 0);
    Speed speed(argc > 1 ? std::stod(argv[1]) : 2);
    run(speed);
    speed.print();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

}  // namespace bench
