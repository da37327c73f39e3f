// An SMS gateway like those of providers (S3.7, S3.10): HTTP with id and password. Its messages are put into the inbox.
//   POST /messages  id=…&password=…&to=+48600100200&text=…[&from=…][&type=text|flash|binary|service]
//                   [&data=HEX&udh=HEX][&url=…]   →  200 {"id":…} | 400 | 401
#pragma once

#include "demo/inbox.hpp"
#include "http/router.hpp"

namespace demo {

inline constexpr const char* gateway_id = "demo-clinic";
inline constexpr const char* gateway_password = "demo-gateway-password";

void add_phone(http::Router& router, Inbox& inbox);

}  // namespace demo
