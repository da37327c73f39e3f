// Signatures on P-256 by a token of SoftHSM, one after the other and by several threads, beside the same key in
// software: one line of JSON. Usage: token_speed SECONDS
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "crypto/signing/soft_key.hpp"
#include "token/token.hpp"

namespace {

using Clock = std::chrono::steady_clock;

const base::Secret pin("123456");

int fail(const char* why) {
  std::fprintf(stderr, "token_speed: %s\n", why);
  return 1;
}

/// How often `work` runs in a second, by that many threads.
template <class F>
double count_per_second(int threads, double seconds, F work) {
  std::atomic<bool> is_over{false};
  std::atomic<long> done{0};
  std::vector<std::thread> all;
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      while (!is_over) {
        if (!work()) std::abort();
        ++done;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  is_over = true;
  for (std::thread& one : all) one.join();
  return static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  std::string folder = (std::filesystem::temp_directory_path() / "token-speed-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return fail("no folder");
  std::filesystem::create_directory(folder + "/tokens");
  std::ofstream(folder + "/softhsm2.conf")
      << "directories.tokendir = " << folder << "/tokens\nobjectstore.backend = file\nlog.level = ERROR\n";
  setenv("SOFTHSM2_CONF", (folder + "/softhsm2.conf").c_str(), 1);
  if (std::system("softhsm2-util --init-token --free --label bench --pin 123456 --so-pin 87654321 >/dev/null") != 0) {
    return fail("softhsm2-util makes no token");
  }
  int status = 0;
  {
    token::Settings settings;
    settings.name = "bench";
    settings.module = "/usr/lib/softhsm/libsofthsm2.so";
    settings.label = "bench";
    token::Token token(settings);
    const auto key = token.generate(pin, crypto::SoftKeyKind::ec_p256, "bench");
    const auto soft = crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256);
    if (key && soft) {
      const crypto::SignatureAlgorithm algorithm{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};
      const std::string text(200, 'x');
      const auto on_token = [&] { return token.sign(pin, {key->id, algorithm, {text}}).has_value(); };
      const double alone = count_per_second(1, seconds, on_token);
      const double together = count_per_second(4, seconds, on_token);
      const double in_software = count_per_second(1, seconds, [&] { return soft->sign(algorithm, text).has_value(); });
      std::printf("{\"token_alone\":%.0f,\"token_four_threads\":%.0f,\"software\":%.0f}\n", alone, together,
                  in_software);
    } else {
      status = fail("no key was made");
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}
