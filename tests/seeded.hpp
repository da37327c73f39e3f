// Random values for property tests. The seed is the same in each run and is printed; CHANCERY_SEED chooses another one.
// `make explore` runs every file that uses this class with new seeds (tools/explore.sh).
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

class Seeded {
 public:
  Seeded() : seed_(choose()), engine_(seed_) { MESSAGE("CHANCERY_SEED=", seed_); }

  /// Between `least` and `most`, both included.
  std::int64_t number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }
  bool coin() { return number(0, 1) == 0; }
  template <class List>
  auto& one_of(List& list) {
    return list[static_cast<std::size_t>(number(0, static_cast<std::int64_t>(std::size(list)) - 1))];
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
    for (std::size_t i = 0; i < n; ++i) all += one_of(texts);
    return all;
  }

 private:
  static std::uint64_t choose() {
    const char* chosen = std::getenv("CHANCERY_SEED");
    return chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 1;
  }
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};
