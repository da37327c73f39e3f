#include "base/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>

#include "base/bytes.hpp"
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

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  const bool clean = is_utf8(text);
  for (const char c : text) {
    const auto v = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (v < 0x20) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(v));
      out.append(escape.data());
    } else if (v >= 0x80 && !clean) {
      out.append("\xef\xbf\xbd");
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void start_log(Level least, const std::string& path) {
  least_level() = least;
  spdlog::init_thread_pool(8192, 1);
  spdlog::sink_ptr sink;
  if (path.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  }
  auto made = std::make_shared<spdlog::async_logger>("chancery", sink, spdlog::thread_pool(),
                                                     spdlog::async_overflow_policy::overrun_oldest);
  made->set_pattern("%v");
  made->set_level(spdlog::level::trace);
  made->flush_on(spdlog::level::trace);
  logger() = made;
}

void stop_log() {
  logger().reset();
  spdlog::shutdown();
}

void log(Level level, std::string_view message, std::initializer_list<LogField> fields) {
  if (level < least_level().load(std::memory_order_relaxed)) return;
  std::string line = R"({"at":")" + to_rfc3339(now()) + R"(","level":")";
  line.append(level_name(level)).append(R"(","message":)");
  append_json_string(line, message);
  for (const auto& [name, value] : fields) {
    line.push_back(',');
    append_json_string(line, name);
    line.push_back(':');
    append_json_string(line, value);
  }
  line.push_back('}');
  if (logger()) {
    logger()->log(spdlog::level::info, line);
  } else {
    line.push_back('\n');
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
}

}  // namespace base
