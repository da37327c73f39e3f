// The service directory: which services there are, and where. Source: gemSpec_Kon §4.1.3, ServiceDirectory.xsd 3.1.0.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace connector {

struct Directory {
  std::string version;  // of the program
  std::string origin;   // of the listener with TLS
  bool is_tls_mandatory = true;
  bool is_authentication_mandatory = false;
  base::Time now;
};
/// XML, valid against the schema. The one service of today is `ClientSystem`.
std::string print_directory(const Directory& directory);

inline constexpr std::string_view product_name = "Chancery";
inline constexpr std::string_view product_type_version = "5.0.0";

}  // namespace connector
