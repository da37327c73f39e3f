// Where the file of breached passwords is (ASVS 5.0 6.2.12).
#pragma once

#include <string>

namespace flow {

struct BreachedSettings {
  std::string file;  // "" = none
};

}  // namespace flow
