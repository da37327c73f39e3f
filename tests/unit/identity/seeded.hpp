// Random values for property tests: the seed is new each run and printed when a case fails; set CHANCERY_TEST_SEED to
// run the same one again.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

class Seeded {
 public:
  Seeded() : seed_(choose()), engine_(seed_) { MESSAGE("CHANCERY_TEST_SEED=", seed_); }

  /// Between `least` and `most`, both included.
  std::int64_t number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }
  std::string digits(std::size_t n) {
    std::string text;
    while (text.size() < n) text += static_cast<char>('0' + number(0, 9));
    return text;
  }
  std::string octets(std::size_t n) {
    std::string text;
    while (text.size() < n) text += static_cast<char>(number(-128, 127));
    return text;
  }
  /// `n` of the given texts, which may be code points of several octets.
  template <class Texts>
  std::string some_of(const Texts& texts, std::size_t n) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) {
      all += texts[static_cast<std::size_t>(number(0, static_cast<std::int64_t>(std::size(texts)) - 1))];
    }
    return all;
  }

 private:
  static std::uint64_t choose() {
    const char* fixed = std::getenv("CHANCERY_TEST_SEED");
    return fixed != nullptr ? std::strtoull(fixed, nullptr, 10) : std::random_device()();
  }
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};
