// What the installation is called, and where its people live.
#pragma once

#include <string>

namespace flow {

struct SiteSettings {
  std::string issuer;                       // no trailing slash; "http://localhost:8080"
  std::string time_zone = "Europe/Warsaw";  // for people
  bool demo = false;
};

}  // namespace flow
