// What the terminal shows when everything runs.
#pragma once

#include <string>

#include "demo/options.hpp"

namespace demo {

/// Files that a person needs besides the addresses.
struct BannerFiles {
  std::string authority;      // certificate of the demonstration's CA
  std::string program;        // chancery
  std::string configuration;  // of the running server
  // What a command without --config would use: this configuration, another one, or none ("").
  std::string found_without_option;
  bool has_tokens = false;  // the clinic has its cards
};
std::string make_banner(const Options& options, const BannerFiles& files);

/// The beginning of every command to the running server: program, "--config" and its file. Paths in or below the
/// working directory are relative, all are quoted where a shell needs it.
std::string make_command_prefix(const BannerFiles& files);

}  // namespace demo
