// The host of an address of the configuration: one reading for the server that answers at it and for what examines it.
#pragma once

#include <string>

namespace app {

/// "login.example.org" of "https://login.example.org:8443"; an IPv6 address without its brackets; "" if the text has no
/// scheme.
std::string host_of(const std::string& origin);

}  // namespace app
