// Signatures on P-256 by a token of SoftHSM, one after the other and by four threads, beside the same key in software:
// one line of JSON. Usage: token_speed [SECONDS]
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "bench/speed.hpp"
#include "crypto/signing/soft_key.hpp"
#include "token/token.hpp"

namespace {

using Clock = std::chrono::steady_clock;

const base::Secret pin("123456");

class Folder {
 public:
  Folder() {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder");
    std::filesystem::create_directory(path_ + "/tokens");
    std::ofstream(path_ + "/softhsm2.conf")
        << "directories.tokendir = " << path_ << "/tokens\nobjectstore.backend = file\nlog.level = ERROR\n";
    setenv("SOFTHSM2_CONF", (path_ + "/softhsm2.conf").c_str(), 1);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "token-speed-XXXXXX").string();
};

template <class Do>
void measure_together(bench::Speed& speed, const char* name, const Do& one) {
  std::atomic<bool> is_over{false};
  std::atomic<std::size_t> done{0};
  std::vector<std::thread> all;
  const Clock::time_point start = Clock::now();
  const double before = bench::processor_seconds();
  for (int i = 0; i < 4; ++i) {
    all.emplace_back([&] {
      while (!is_over) {
        if (!one()) std::abort();
        ++done;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(speed.seconds()));
  is_over = true;
  for (std::thread& each : all) each.join();
  speed.note(name, done, std::chrono::duration<double>(Clock::now() - start).count(),
             bench::processor_seconds() - before);
}

void run(bench::Speed& speed) {
  const Folder folder;
  if (std::system("softhsm2-util --init-token --free --label bench --pin 123456 --so-pin 87654321 >/dev/null") != 0) {
    throw std::runtime_error("softhsm2-util makes no token");
  }
  token::Settings settings;
  settings.name = "bench";
  settings.module = "/usr/lib/softhsm/libsofthsm2.so";
  settings.label = "bench";
  token::Token token(settings);
  const auto key = bench::must(token.generate(pin, crypto::SoftKeyKind::ec_p256, "bench"));
  const auto soft = bench::must(crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256));
  const crypto::SignatureAlgorithm algorithm{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};
  const std::string text(200, 'x');
  const auto on_token = [&] { return token.sign(pin, {key.id, algorithm, {text}}).has_value(); };
  speed.measure("software", [&] { return soft.sign(algorithm, text).has_value(); });
  speed.measure("token", on_token);
  measure_together(speed, "token_four_threads", on_token);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_bench(argc, argv, run);
}
