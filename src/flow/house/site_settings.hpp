// Name, time zone and kind of the installation.
#pragma once

#include <string>

namespace flow {

struct SiteSettings {
  std::string issuer;                       // no trailing slash; "http://localhost:8080"
  std::string time_zone = "Europe/Warsaw";  // of times on pages and in messages
  bool demo = false;
};

}  // namespace flow
