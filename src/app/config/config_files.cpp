#include "app/config/config_files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace app {
namespace {

constexpr mode_t beyond_owner = 0077;
constexpr mode_t beyond_reading_group = 0027;

void look_at_mode(const std::string& key, const std::string& file, mode_t forbidden, std::vector<std::string>& found) {
  struct stat status {};
  if (file.empty() || ::stat(file.c_str(), &status) != 0 || (status.st_mode & forbidden) == 0) return;
  found.push_back(key + ": others can read or change the file " + file + "; say: chmod " +
                  (forbidden == beyond_owner ? "0600 " : "0640 ") + file);
}

}  // namespace

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
  for (const token::Settings& token : config.tokens) {
    // A name without a folder is searched where the system has its libraries.
    if (token.module.find('/') != std::string::npos) look("token \"" + token.name + "\", module", token.module);
  }
  look("mail.ca_file", config.mail.server.ca_file);
  look("remote.ca_file", config.remote_ca_file);
  return missing;
}

std::vector<std::string> find_open_keys(const Config& config) {
  std::vector<std::string> found;
  if (config.master_key.empty()) look_at_mode("master_key_file", config.master_key_file, beyond_owner, found);
  for (const http::Listener& listener : config.server.listeners) {
    look_at_mode("listener \"" + listener.name + "\", key_file", listener.tls_files.key_file, beyond_reading_group,
                 found);
  }
  return found;
}

std::vector<std::string> find_open_configuration(const std::string& file) {
  std::vector<std::string> found;
  look_at_mode("configuration", file, beyond_reading_group, found);
  return found;
}

}  // namespace app
