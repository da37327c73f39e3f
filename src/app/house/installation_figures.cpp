#include "app/house/installation_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/house/machine.hpp"
#include "audit/vocabulary.hpp"
#include "base/time.hpp"
#include "http/metrics.hpp"
#include "store/audit/event_counts.hpp"
#include "store/message/outbox.hpp"

namespace app {
namespace {

constexpr std::size_t most_messages = 10'000;  // of each state that are counted

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

/// Seconds of processor that this process has used.
double used_seconds() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_octets() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_handles() {
  std::error_code wrong;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", wrong)) {
    (void)entry;
    ++count;
  }
  return static_cast<double>(count);
}

double most_handles() {
  rlimit handles{};
  return ::getrlimit(RLIMIT_NOFILE, &handles) == 0 ? static_cast<double>(handles.rlim_cur) : 0;
}

double count_messages(const flow::House& house, const std::string& state) {
  const auto counted = house.store.read_background([&state](store::Tx& tx) {
    store::OutboxLook look;
    look.state = state;
    return store::count_outbox(tx, look, most_messages);
  });
  return counted ? static_cast<double>(*counted) : 0;
}

/// Seconds for which the message that should have been sent first has been due.
double overdue_seconds(const flow::House& house) {
  const auto due = house.store.read_background([](store::Tx& tx) { return store::find_next_due(tx); });
  if (!due || !*due) return 0;
  const base::Time now = base::now();
  return **due >= now ? 0 : std::chrono::duration<double>(now - **due).count();
}

}  // namespace

InstallationFigures::InstallationFigures(const flow::House& house, const Config& config) {
  add_process();
  add_events();
  add_outbox(house);
  add_disk_and_certificates(config);
}

void InstallationFigures::add_process() {
  const auto gauge = [this](const char* name, const char* help, std::function<double()> ask) {
    http::add_gauge(name, "", help, std::move(ask));
    registered_.emplace_back(name, "");
  };
  std::string version = label("version", program_version());
  http::add_gauge("chancery_build_info", version, "The version that runs; its value is always 1.", [] { return 1.0; });
  registered_.emplace_back("chancery_build_info", std::move(version));
  http::add_counter("process_cpu_seconds_total", "", "Seconds of processor.", used_seconds);
  registered_.emplace_back("process_cpu_seconds_total", "");
  const double started = std::chrono::duration<double>(base::now().time_since_epoch()).count();
  gauge("process_start_time_seconds", "When the server started, in seconds since 1970.", [started] { return started; });
  gauge("process_resident_memory_bytes", "Memory in use.", resident_octets);
  gauge("process_open_fds", "Open files and connections.", open_handles);
  gauge("process_max_fds", "How many may be open.", most_handles);
}

void InstallationFigures::add_events() {
  for (const audit::Kind& kind : audit::vocabulary) {
    for (const bool has_failed : {false, true}) {
      std::string labels = label("type", kind.type) + "," + label("outcome", has_failed ? "failure" : "success");
      http::add_counter("chancery_events_total", labels, "Events of the audit log that this process has written.",
                        [type = std::string(kind.type), has_failed] {
                          return static_cast<double>(store::events_counted(type, has_failed));
                        });
      registered_.emplace_back("chancery_events_total", std::move(labels));
    }
  }
}

void InstallationFigures::add_outbox(const flow::House& house) {
  for (const char* const state : {"pending", "failed"}) {
    std::string labels = label("state", state);
    http::add_gauge("chancery_outbox_messages", labels, "Messages that wait or were given up, on all nodes.",
                    [&house, state] { return count_messages(house, state); });
    registered_.emplace_back("chancery_outbox_messages", std::move(labels));
  }
  http::add_gauge("chancery_outbox_overdue_seconds", "", "For how long a message has been due that was not tried.",
                  [&house] { return overdue_seconds(house); });
  registered_.emplace_back("chancery_outbox_overdue_seconds", "");
}

void InstallationFigures::add_disk_and_certificates(const Config& config) {
  if (!config.data_dir.empty()) {
    http::add_gauge("chancery_disk_free_bytes", "", "What is free on the disk of data_dir.",
                    [folder = config.data_dir] {
                      std::error_code wrong;
                      const auto space = std::filesystem::space(folder, wrong);
                      return wrong ? 0.0 : static_cast<double>(space.available);
                    });
    registered_.emplace_back("chancery_disk_free_bytes", "");
  }
  for (const http::Listener& listener : config.server.listeners) {
    if (!listener.tls) continue;
    std::string labels = label("listener", listener.name);
    http::add_gauge("chancery_certificate_end_seconds", labels,
                    "When the listener's certificate ends, in seconds since 1970; 0 = it cannot be read.",
                    [file = listener.tls_files.certificate_file] {
                      const auto end = find_certificate_end(file);
                      return end ? std::chrono::duration<double>(end->time_since_epoch()).count() : 0.0;
                    });
    registered_.emplace_back("chancery_certificate_end_seconds", std::move(labels));
  }
}

InstallationFigures::~InstallationFigures() {
  for (const auto& [name, labels] : registered_) http::remove_gauge(name, labels);
}

}  // namespace app
