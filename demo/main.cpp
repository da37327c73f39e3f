// chancery-demo: options, certificates, configuration, the real server, its data, and the clinic around it.
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "demo/banner.hpp"
#include "demo/certificates.hpp"
#include "demo/clinic.hpp"
#include "demo/configuration.hpp"
#include "demo/documents.hpp"
#include "demo/options.hpp"
#include "demo/ports.hpp"
#include "demo/process.hpp"
#include "demo/seeding.hpp"
#include "demo/server_program.hpp"
#include "demo/tokens.hpp"

namespace {

constexpr auto start_patience = std::chrono::seconds(60);
constexpr auto stop_patience = std::chrono::seconds(25);

/// Blocks the signals in every thread, because main waits for them. Child processes unblock them.
sigset_t block_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaddset(&signals, one);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// The next of these signals within `patience`, or 0.
int wait_for_signal(const sigset_t& signals, std::chrono::milliseconds patience) {
  const timespec time{patience.count() / 1000, (patience.count() % 1000) * 1'000'000};
  return std::max(0, ::sigtimedwait(&signals, nullptr, &time));
}

bool is_end(int signal) {
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
}

std::filesystem::path own_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

/// The end of the server's log, so that the person need not open the file.
std::string last_words(const std::string& log_file, std::uintmax_t from) {
  std::ifstream in(log_file);
  in.seekg(static_cast<std::streamoff>(from));
  std::string text((std::istreambuf_iterator<char>(in)), {});
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

enum class Readiness {
  ready,
  ended,
  stopped,
  late
};
/// `control`: the socket of this server. Another one may have taken the port a moment ago, and answers there.
Readiness wait_until_ready(const remote::HttpClient& client, const std::string& issuer, const std::string& control,
                           demo::Process& server, const sigset_t& signals) {
  const auto until = std::chrono::steady_clock::now() + start_patience;
  while (std::chrono::steady_clock::now() < until) {
    if (server.find_end()) return Readiness::ended;
    const auto answer = client.send({remote::HttpRequest::Method::get, issuer + "/readyz", {}, ""});
    std::error_code none;
    if (answer && answer->status == 200 && std::filesystem::exists(control, none)) return Readiness::ready;
    if (is_end(wait_for_signal(signals, std::chrono::milliseconds(25)))) return Readiness::stopped;
  }
  return Readiness::late;
}

int complain(const std::string& sentence) {
  std::cerr << "chancery-demo: " << sentence << std::endl;
  return 1;
}

/// Waits for Ctrl-C or for the end of the server.
int watch(demo::Process& server, const demo::Places& places, const sigset_t& signals) {
  for (;;) {
    const int signal = wait_for_signal(signals, std::chrono::seconds(1));
    if (const auto end = server.find_end()) {
      return complain("The server ended by itself (" + *end + "); see " + places.server_log + ".");
    }
    if (is_end(signal)) return 0;
  }
}

int run(const demo::Options& options, const sigset_t& signals) {
  const auto program = demo::find_server_program(own_folder(), options.chancery);
  if (!program) return complain(program.error().reason);
  if (const auto free = demo::check_ports(options); !free) return complain(free.error().reason);
  const auto places = demo::prepare_places(options);
  if (!places) return complain(places.error().reason);
  if (const auto written = demo::write_documents(places->data); !written) return complain(written.error().reason);
  const auto certificates = demo::prepare_certificates(places->data, options.portal() + "/demo-ca.crl");
  if (!certificates) return complain(certificates.error().reason);
  const auto token_module = demo::prepare_tokens(*places);
  if (!token_module) return complain(token_module.error().reason);
  if (const auto written = demo::write_configuration(*places, options, {*certificates, *token_module}); !written)
    return complain(written.error().reason);
  const auto client = demo::make_client(options, certificates->authority_file);
  if (!client) return complain(client.error().reason);

  std::error_code none;
  const std::uintmax_t log_size = std::filesystem::file_size(places->server_log, none);
  auto server =
      demo::Process::start({*program, "serve", "--announce", "--config", places->configuration}, places->server_log);
  if (!server) return complain(server.error().reason);
  switch (wait_until_ready(*client, options.issuer(), places->server_data + "/control.sock", *server, signals)) {
    case Readiness::ready: break;
    case Readiness::stopped: return 0;
    case Readiness::late: return complain("The server did not become ready; see " + places->server_log + ".");
    case Readiness::ended:
      return complain("The server did not start (" + server->find_end().value_or("") + "). It said:\n" +
                      last_words(places->server_log, none ? 0 : log_size));
  }
  if (const auto seeded = demo::seed(*program, places->configuration, options, !token_module->empty()); !seeded)
    return complain(seeded.error().reason);

  const auto clinic = demo::Clinic::open(options, certificates->authority_file);
  if (!clinic) return complain(clinic.error().reason);
  const demo::BannerFiles files{certificates->authority_file, *program, places->configuration,
                                demo::find_configuration_without_option(*program, places->configuration),
                                !token_module->empty()};
  std::cout << demo::make_banner(options, files) << std::flush;
  const int status = watch(*server, *places, signals);
  server->stop(stop_patience);
  if (status == 0) std::cout << "\nThe demonstration has ended." << std::endl;
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const sigset_t signals = block_signals();
  const auto options = demo::parse_options(std::vector<std::string>(argv + 1, argv + argc));
  if (!options) {
    std::cerr << "chancery-demo: " << options.error().reason << std::endl;
    return 2;
  }
  if (options->help) {
    std::cout << demo::usage();
    return 0;
  }
  return run(*options, signals);
}
