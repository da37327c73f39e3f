// The log of the process: JSON lines on standard error, written by a background thread. The audit log is in room audit.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace base {

enum class Level {
  debug,
  info,
  warning,
  error
};
using LogField = std::pair<std::string_view, std::string>;

/// Starts the background writer. `path` empty = standard error. Call once; before the call lines are written directly.
void start_log(Level least, const std::string& path);
/// Opens the file again under its name before the next line (after log rotation).
void reopen_log();
/// Writes the queued lines and stops the writer.
void stop_log();

/// One line: time, level, message and fields, JSON-escaped. Never pass secrets or personal data.
void log(Level level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace base
