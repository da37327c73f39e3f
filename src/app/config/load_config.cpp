#include "app/config/load_config.hpp"

#include <cstdio>

#include "base/terminal.hpp"

namespace app {

std::optional<Config> load_config(const std::string& file) {
  ConfigReading reading = read_config(file, process_environment());
  for (const Mistake& warning : reading.warnings) base::print("warning: " + warning.to_text() + "\n", stderr);
  for (const Mistake& mistake : reading.mistakes) base::print(mistake.to_text() + "\n", stderr);
  if (reading.mistakes.empty()) return std::move(reading.config);
  base::print("chancery: " + file + " cannot be used\n", stderr);
  return std::nullopt;
}

}  // namespace app
