// Turns a Response into octets: status line, the fixed block of headers of its Kind, its own headers, body.
// Invariant: no value of a handler can end a header line (response splitting).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace http {

struct Framing {
  std::string_view request_id;
  std::string_view date;  // IMF-fixdate
  bool head = false;      // no body goes out
  bool close = false;     // Connection: close
  bool http_1_0 = false;  // says keep-alive explicitly
  bool hsts = false;
};

/// Whether all names, values and the content type are free of characters that end a line.
bool is_sendable(const Response& response);
/// A larger body is sent from where it is.
inline constexpr std::size_t largest_copied = std::size_t{256} * 1024;
/// Appends the message, and gives what has to follow it: a large body, else "". `response` must be sendable, and stay
/// as it is until that is sent.
[[nodiscard]] std::string_view append_response(std::string& out, const Response& response, const Framing& framing);
/// Octets of the body.
std::size_t body_size(const Response& response);

}  // namespace http
