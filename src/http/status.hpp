// Status lines of HTTP/1.1 (RFC 9110 §15), ready-made.
#pragma once

#include <string_view>

namespace http {

/// "Not Found" for 404; "Unknown" for a status that this server has no word for.
std::string_view reason_phrase(int status);
/// "HTTP/1.1 404 Not Found\r\n".
std::string_view status_line(int status);

}  // namespace http
