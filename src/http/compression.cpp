#include "http/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "http/field_text.hpp"

namespace http {
namespace {

constexpr std::size_t smallest = 1024;  // below, the time is worth more than the octets
constexpr int level = 5;
constexpr int gzip_window = 15 + 16;  // zlib.h: 16 more asks for the format gzip
constexpr int memory = 8;

/// Whether the weight is more than none: "q=0", "q=0.0" … refuse.
bool is_wanted(std::string_view parameters) {
  const std::size_t at = parameters.find('=');
  return at == std::string_view::npos || parameters.substr(at + 1).find_first_of("123456789") != std::string_view::npos;
}

bool accepts_gzip(std::string_view codings) {
  while (!codings.empty()) {
    const std::size_t comma = std::min(codings.find(','), codings.size());
    const std::string_view one = codings.substr(0, comma);
    codings.remove_prefix(std::min(comma + 1, codings.size()));
    const std::size_t semicolon = std::min(one.find(';'), one.size());
    if (equal_ignoring_case(trim(one.substr(0, semicolon)), "gzip")) return is_wanted(one.substr(semicolon));
  }
  return false;
}

bool is_of_no_other_site(const Request& request) {
  const std::string* const site = request.find_header("Sec-Fetch-Site");
  return site != nullptr && request.count_header("Sec-Fetch-Site") == 1 && (*site == "same-origin" || *site == "none");
}

/// "" if it fails; then the page is sent as it is.
std::string gzip(std::string_view plain) {
  z_stream stream{};
  if (::deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(::deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(done ? stream.total_out : 0);
  ::deflateEnd(&stream);
  return out;
}

}  // namespace

void compress_page(const Request& request, Response& response) {
  if (response.kind != Kind::page || response.ready_body || !response.content_type.starts_with("text/html")) return;
  if (response.body.size() < smallest || response.body.size() > std::numeric_limits<uInt>::max()) return;
  response.add("Vary", "Accept-Encoding, Sec-Fetch-Site");
  const std::string* const codings = request.find_header("Accept-Encoding");
  if (codings == nullptr || !accepts_gzip(*codings) || !is_of_no_other_site(request)) return;
  std::string packed = gzip(response.body);
  if (packed.empty()) return;
  response.body = std::move(packed);
  response.add("Content-Encoding", "gzip");
}

}  // namespace http
