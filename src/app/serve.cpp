#include "app/serve.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "app/command/command.hpp"
#include "app/config/config_files.hpp"
#include "app/config/demonstration_mark.hpp"
#include "app/config/find_config.hpp"
#include "app/config/load_config.hpp"
#include "app/house/process.hpp"
#include "app/house/service_manager.hpp"
#include "app/wiring.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/terminal.hpp"
#include "base/thread_class.hpp"
#include "crypto/password/password_hash.hpp"

namespace app {
namespace {

// Containers and trials run as root, so that this is no refusal.
void warn_of_root() {
  if (::geteuid() != 0) return;
  base::log(base::Level::warning, "the server runs as root; run it as a user of its own, as the package's unit does");
}

void tell_ready(const Server& server, const Config& config, int ready_fd) {
  base::JsonObject object;
  for (const auto& [name, port] : server.ports()) object.number(name, port);
  std::string ports = object.finish();
  base::log(base::Level::info, "ready", {{"issuer", config.settings.site.issuer}, {"ports", ports}});
  if (ready_fd < 0) return;
  ports.push_back('\n');
  if (::write(ready_fd, ports.data(), ports.size()) < 0)
    base::log(base::Level::warning, "nobody listens at --ready-fd");
  ::close(ready_fd);
}

int run(const Config& config, int ready_fd) {
  auto server = Server::start(config);
  if (!server) {
    base::log(base::Level::error, "the server does not start", {{"reason", base::describe(server.error())}});
    base::print("chancery: " + server.error().reason + "\n", stderr);
    return refused;
  }
  warn_of_root();
  tell_ready(**server, config, ready_fd);
  tell_service_manager("READY=1");
  give_back_start_memory();
  for (;;) {
    const int signal = wait_for_signal();
    if (signal != SIGHUP) break;
    (*server)->reload();
  }
  base::log(base::Level::info, "stopping");
  tell_service_manager("STOPPING=1");
  (*server)->stop();
  return done;
}

// I/O threads, workers and commits wake each other very often. While all work is short, it costs less if the woken
// thread does not preempt the one that woke it. A hash of a production installation takes many milliseconds. Other
// threads must then preempt it, because otherwise a flood of logins would delay every step of other requests
// (docs/decisions/0035).
constexpr std::uint64_t short_hash_kib = 2048;  // memory x passes; about a millisecond

void choose_thread_class(const crypto::HashParameters& hash) {
  if (std::uint64_t{hash.memory_kib} * hash.passes <= short_hash_kib) base::preempt_nobody();
}

/// Without it the demonstration works as well; commands then need --config.
std::optional<DemonstrationMark> announce(const std::string& config_file) {
  const std::string file = demonstration_mark_file();
  if (file.empty()) return std::nullopt;
  auto mark = DemonstrationMark::set(file, config_file);
  if (mark) return std::move(*mark);
  base::log(base::Level::warning, "commands need --config", {{"reason", mark.error().reason}});
  return std::nullopt;
}

}  // namespace

int serve(const std::string& config_file, const ServeOptions& options) {
  limit_memory();
  block_signals();
  const auto config = load_config(config_file);
  if (!config) return refused;
  const auto open_keys = find_open_keys(*config);
  for (const std::string& sentence : open_keys) base::print(config_file + ": " + sentence + "\n", stderr);
  if (!open_keys.empty()) return refused;
  if (options.is_announced && !config->settings.site.demo) {
    std::fprintf(stderr, "chancery: --announce is only for a demonstration (demo = true)\n");
    return refused;
  }
  choose_thread_class(config->settings.password_hash);
  raise_file_limit();
  base::start_log(config->log_level, config->log_file);
  const auto mark = options.is_announced ? announce(config_file) : std::nullopt;
  const int status = run(*config, options.ready_fd);
  base::stop_log();
  return status;
}

}  // namespace app
