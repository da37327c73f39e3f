#include "app/house/machine.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/server_certificate.hpp"

namespace app {

std::optional<base::Time> find_certificate_end(const std::string& file) {
  const std::ifstream stream(file, std::ios::binary);
  std::ostringstream read;
  read << stream.rdbuf();
  const auto leaf = crypto::find_leaf(read.str());
  if (!leaf) return std::nullopt;
  const auto facts = crypto::parse_certificate(*leaf);
  return facts ? std::optional(facts->not_after) : std::nullopt;
}

std::string program_version() {
  return CHANCERY_VERSION;
}

web::Machine look_at_machine(const Config& config) {
  web::Machine machine;
  machine.version = program_version();
  const bool is_sqlite = config.store.url.empty() || config.store.url.starts_with("sqlite:");
  machine.database = is_sqlite ? "SQLite" : "PostgreSQL";
  if (!config.data_dir.empty()) {
    std::error_code error;
    const auto space = std::filesystem::space(config.data_dir, error);
    if (!error) {
      machine.disk_free = space.available;
      machine.disk_size = space.capacity;
    }
  }
  for (const auto& listener : config.server.listeners) {
    const auto until = find_certificate_end(listener.tls_files.certificate_file);
    if (until && (!machine.certificate_until || *until < *machine.certificate_until)) machine.certificate_until = until;
  }
  return machine;
}

}  // namespace app
