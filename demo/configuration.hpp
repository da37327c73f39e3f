// The configuration file of the demonstration's server; written at each start, because ports may have changed.
#pragma once

#include <string>

#include "base/result.hpp"
#include "demo/certificates.hpp"
#include "demo/options.hpp"

namespace demo {

/// Absolute paths of the files that the demonstration keeps.
struct Places {
  std::string data;           // the whole folder
  std::string server_data;    // database, master key, control socket
  std::string configuration;  // chancery.toml
  std::string server_log;
};
/// Makes the folders. Errors: unavailable.
base::Result<Places> prepare_places(const Options& options);

struct Equipment {
  const Certificates& certificates;
  std::string token_module;  // of the cards; "" = there are none
};
/// Errors: unavailable.
base::Result<void> write_configuration(const Places& places, const Options& options, const Equipment& equipment);

}  // namespace demo
