// The machine as the start page of administrators shows it.
#pragma once

#include "app/config/config.hpp"
#include "web/page/options.hpp"

namespace app {

/// "0.11.0"
std::string program_version();

/// When the first certificate of a chain in PEM ends, that of the server; nullopt: it cannot be read.
std::optional<base::Time> find_certificate_end(const std::string& file);

/// Reads the files of the certificates and asks for the space on the disk. What cannot be read is left out.
web::Machine look_at_machine(const Config& config);

}  // namespace app
