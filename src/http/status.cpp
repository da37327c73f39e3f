#include "http/status.hpp"

#include <array>
#include <string>
#include <utility>

namespace http {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 38> phrases{{
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

using Lines = std::array<std::string, 600>;

Lines make_lines() {
  Lines lines;
  for (std::size_t status = 0; status < lines.size(); ++status) {
    const int number = static_cast<int>(status);
    lines[status] = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_phrase(number)) + "\r\n";
  }
  return lines;
}

}  // namespace

std::string_view reason_phrase(int status) {
  for (const auto& [number, phrase] : phrases) {
    if (number == status) return phrase;
  }
  return "Unknown";
}

std::string_view status_line(int status) {
  static const Lines lines = make_lines();
  return lines[status >= 100 && status < 600 ? static_cast<std::size_t>(status) : 500];
}

}  // namespace http
