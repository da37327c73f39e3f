// What Argon2id costs in the library as the system ships it: CPU milliseconds of one verification with the default
// parameters, without anything of ours.
#include <sodium.h>
#include <sys/resource.h>

#include <array>
#include <cstdio>

int main() {
  constexpr const char* password = "Bench-Password-2026";
  constexpr unsigned long long size = 19;
  std::array<char, crypto_pwhash_STRBYTES> phc{};
  if (sodium_init() < 0 || crypto_pwhash_str(phc.data(), password, size, 2, std::size_t{19456} * 1024) != 0) return 1;
  const auto cpu = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
  };
  constexpr int rounds = 100;
  const double before = cpu();
  for (int i = 0; i < rounds; ++i) {
    if (crypto_pwhash_str_verify(phc.data(), password, size) != 0) return 1;
  }
  std::printf("{\"cpu_ms\":%.3f}\n", (cpu() - before) / rounds);
  return 0;
}
