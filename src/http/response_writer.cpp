#include "http/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/field_text.hpp"
#include "http/status.hpp"

namespace http {
namespace {

constexpr std::string_view hsts_line = "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n";

#define NO_SNIFFING "X-Content-Type-Options: nosniff\r\n"
// A response that is not a page must not act as one, whatever type a browser takes it for.
#define NO_DOCUMENT                                                                                            \
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; " \
  "sandbox\r\n"
// Not no-referrer for pages, because browsers would then send "Origin: null" with our own forms.
constexpr std::string_view page_block = NO_SNIFFING
    "Referrer-Policy: same-origin\r\n"
    "X-Frame-Options: DENY\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
constexpr std::string_view data_block = NO_SNIFFING
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: DENY\r\n" NO_DOCUMENT;
constexpr std::string_view asset_block = NO_SNIFFING
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n" NO_DOCUMENT;
#undef NO_DOCUMENT
#undef NO_SNIFFING

constexpr std::string_view no_store = "Cache-Control: no-store\r\n";
constexpr std::string_view immutable = "Cache-Control: public, max-age=31536000, immutable\r\n";
constexpr std::string_view short_time = "Cache-Control: public, max-age=300\r\n";

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && octet != '\t') || octet == 0x7f;
  });
}

/// Headers that only the server sets, never a handler.
bool is_framing(const Header& header) {
  return equal_ignoring_case(header.name, "Content-Length") || equal_ignoring_case(header.name, "Transfer-Encoding") ||
         equal_ignoring_case(header.name, "Connection") || equal_ignoring_case(header.name, "Date") ||
         equal_ignoring_case(header.name, "Content-Type");
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void append_kind(std::string& out, const Response& response, bool caching_said) {
  switch (response.kind) {
    case Kind::page:
      out.append(page_block);
      if (!response.form_action.empty()) out.append(" ").append(response.form_action);
      out.append("\r\n");
      if (!caching_said) out.append(no_store);
      return;
    case Kind::data:
      out.append(data_block);
      if (!caching_said) out.append(no_store);
      return;
    case Kind::asset:
      out.append(asset_block);
      if (!caching_said) out.append(immutable);
      return;
    case Kind::shared:
      out.append(data_block);
      if (!caching_said) out.append(short_time);
      return;
  }
}

}  // namespace

std::size_t body_size(const Response& response) {
  return response.ready_body ? response.ready_body->size() : response.body.size();
}

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status < 600 && is_value(response.content_type) &&
         response.form_action.find_first_of(" \t;,'") == std::string::npos && is_value(response.form_action) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const Header& header) {
           return is_token(header.name) && is_value(header.value) && !is_framing(header);
         });
}

std::string_view append_response(std::string& out, const Response& response, const Framing& framing) {
  const bool may_have_body = response.status != 204 && response.status != 304;
  bool caching_said = false;
  out.append(status_line(response.status));
  out.append("Date: ").append(framing.date).append("\r\n");
  for (const Header& header : response.headers) {
    out.append(header.name).append(": ").append(header.value).append("\r\n");
    caching_said = caching_said || equal_ignoring_case(header.name, "Cache-Control");
  }
  append_kind(out, response, caching_said);
  if (framing.hsts) out.append(hsts_line);
  out.append("X-Request-Id: ").append(framing.request_id).append("\r\n");
  if (framing.close) {
    out.append("Connection: close\r\n");
  } else if (framing.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  std::string_view rest;
  if (may_have_body) {
    if (!response.content_type.empty()) out.append("Content-Type: ").append(response.content_type).append("\r\n");
    out.append("Content-Length: ");
    append_number(out, body_size(response));
    out.append("\r\n\r\n");
    if (!framing.head) rest = response.ready_body ? *response.ready_body : response.body;
  } else {
    out.append("\r\n");
  }
  if (rest.size() > largest_copied) return rest;
  out.append(rest);
  return {};
}

}  // namespace http
