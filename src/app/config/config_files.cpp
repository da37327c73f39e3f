#include "app/config/config_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace app {

std::vector<std::string> find_missing_files(const Config& config) {
  std::vector<std::string> missing;
  const auto look = [&](const std::string& key, const std::string& file) {
    if (file.empty()) return;
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    // A folder can be opened, but nothing can be read from it.
    if (stream && stream.peek() != std::ifstream::traits_type::eof()) return;
    const std::string why = errno == 0 ? "it is empty" : std::strerror(errno);
    missing.push_back(key + ": the file " + file + " cannot be read: " + why);
  };
  for (const http::Listener& listener : config.server.listeners) {
    if (!listener.tls) continue;
    look("listener \"" + listener.name + "\", certificate_file", listener.tls_files.certificate_file);
    look("listener \"" + listener.name + "\", key_file", listener.tls_files.key_file);
  }
  look("mail.ca_file", config.mail.server.ca_file);
  look("remote.ca_file", config.remote_ca_file);
  return missing;
}

}  // namespace app
