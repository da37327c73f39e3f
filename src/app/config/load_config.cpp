#include "app/config/load_config.hpp"

#include <cstdio>

namespace app {

std::optional<Config> load_config(const std::string& file) {
  ConfigReading reading = read_config(file, process_environment());
  for (const Mistake& warning : reading.warnings) std::fprintf(stderr, "warning: %s\n", warning.to_text().c_str());
  for (const Mistake& mistake : reading.mistakes) std::fprintf(stderr, "%s\n", mistake.to_text().c_str());
  if (reading.mistakes.empty()) return std::move(reading.config);
  std::fprintf(stderr, "chancery: %s cannot be used\n", file.c_str());
  return std::nullopt;
}

}  // namespace app
