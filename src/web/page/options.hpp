// What the program tells the pages: settings that they show, and the machine.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace web {

/// For super administrators.
struct Machine {
  std::string version;                     // of the program
  std::string database;                    // its name
  std::optional<std::uint64_t> disk_free;  // octets, where the data are; nullopt = they are not on this machine
  std::uint64_t disk_size = 0;
  std::optional<base::Time> certificate_until;  // the TLS certificate that ends first
};

struct Options {
  std::string mail_sender;  // the sender address of all mails; "" = not set
  std::function<Machine()> look_at_machine{};
};

}  // namespace web
