// What Argon2id alone costs here: CPU milliseconds of one verification with the default parameters, as the login does
// it. The bench "full login" is compared with it.
#include <sys/resource.h>

#include <cstdio>

#include "crypto/password/password_hash.hpp"

int main() {
  const base::Secret password("Bench-Password-2026");
  const auto phc = crypto::hash_password(password, {});
  if (!phc) return 1;
  const auto cpu = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
  };
  for (int i = 0; i < 5; ++i) {
    if (!crypto::matches(password, *phc)) return 1;
  }
  constexpr int rounds = 100;
  const double before = cpu();
  for (int i = 0; i < rounds; ++i) {
    if (!crypto::matches(password, *phc)) return 1;
  }
  std::printf("{\"cpu_ms\":%.3f}\n", (cpu() - before) / rounds);
  return 0;
}
