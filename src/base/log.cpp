#include "base/log.hpp"

#include <fcntl.h>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

namespace base {
namespace {

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> instance;
  return instance;
}
std::atomic<Level>& least_level() {
  static std::atomic<Level> level{Level::info};
  return level;
}

/// A file that reopen_log() opens again under its name. While it cannot be opened, lines go to standard error.
class FileSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(std::string path) : path_(std::move(path)) { open(); }
  ~FileSink() override { close(); }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  void reopen() { asked_ = true; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (asked_.exchange(false)) {
      close();
      open();
    }
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (::write(file_ < 0 ? STDERR_FILENO : file_, line.data(), line.size()) < 0) return;  // no other place is left
  }
  void flush_() override {}

 private:
  void open() { file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640); }
  void close() {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }
  std::string path_;
  int file_ = -1;
  std::atomic<bool> asked_{false};
};
std::shared_ptr<FileSink>& file_sink() {
  static std::shared_ptr<FileSink> instance;
  return instance;
}

constexpr std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

}  // namespace

void start_log(Level least, const std::string& path) {
  least_level() = least;
  // The queue is allocated at once, 400 octets for each line. When it is full, the oldest lines are dropped.
  spdlog::init_thread_pool(1024, 1);
  spdlog::sink_ptr sink;
  if (path.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    file_sink() = std::make_shared<FileSink>(path);
    sink = file_sink();
  }
  auto made = std::make_shared<spdlog::async_logger>("chancery", sink, spdlog::thread_pool(),
                                                     spdlog::async_overflow_policy::overrun_oldest);
  made->set_pattern("%v");
  made->set_level(spdlog::level::trace);
  made->flush_on(spdlog::level::trace);
  logger() = made;
}

void reopen_log() {
  if (file_sink()) file_sink()->reopen();
}

void stop_log() {
  // Writes the queued lines and joins the library's thread. After that no other thread uses the logger.
  spdlog::shutdown();
  logger().reset();
  file_sink().reset();
}

void log(Level level, std::string_view message, std::initializer_list<LogField> fields) {
  if (level < least_level().load(std::memory_order_relaxed)) return;
  JsonObject object;
  object.text("at", to_rfc3339(now())).text("level", level_name(level)).text("message", message);
  for (const auto& [name, value] : fields) object.text(name, value);
  std::string line = object.finish();
  if (logger()) {
    logger()->log(spdlog::level::info, line);
  } else {
    line.push_back('\n');
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
}

}  // namespace base
