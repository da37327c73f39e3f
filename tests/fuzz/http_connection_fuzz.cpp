// Octets of a connection into the reader of requests, once whole and once in pieces: both must see the same requests,
// and nothing that is accepted may be ambiguous. The first octet of the input chooses the size of the pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/path.hpp"
#include "http/request_reader.hpp"

namespace {

using State = http::RequestReader::State;

void demand(bool holds) {
  if (!holds) std::abort();
}

/// The guarantees of the reader for the code after it.
void check(const http::Request& request, bool http_1_0) {
  demand(http::is_normal_path(request.path));
  demand(request.headers.size() <= 100 && request.body.size() <= 4096);
  demand(request.count_header("Host") == 1 || (http_1_0 && request.count_header("Host") == 0));
  demand(request.count_header("Content-Length") + request.count_header("Transfer-Encoding") <= 1);
  for (const http::Header& header : request.headers) {
    demand(!header.name.empty());
    for (const std::string* text : {&header.name, &header.value}) {
      demand(text->find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
  }
  static_cast<void>(request.cookies());
  static_cast<void>(request.query_form());
  static_cast<void>(request.body_form());
}

/// A text with all that was read, and how it ended.
std::string read_all(std::string_view octets, std::size_t step) {
  std::string seen;
  http::RequestReader reader;
  http::Request request;
  reader.begin(request, 2048, 100);
  std::string pending;
  std::size_t at = 0;
  while (true) {
    std::size_t used = 0;
    const State state = reader.read(pending, used);
    demand(used <= pending.size());
    pending.erase(0, used);
    if (state == State::failed) return seen + "failed";
    if (state == State::header_complete) {
      if (!reader.allow_body(4096)) return seen + "too long";
    } else if (state == State::complete) {
      check(request, reader.http_1_0());
      seen.append(request.method_name).append(" ").append(request.path).append("?").append(request.query);
      for (const http::Header& header : request.headers)
        seen.append("|").append(header.name).append(":").append(header.value);
      seen.append("|").append(request.body).append(reader.keep_alive() ? "|keep\n" : "|close\n");
      if (!reader.keep_alive()) return seen;
      reader.begin(request, 2048, 100);
    } else if (at == octets.size()) {
      return seen + "more";
    } else {
      const std::size_t size = std::min(step, octets.size() - at);
      pending.append(octets.substr(at, size));
      at += size;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = data[0] % 64U + 1U;
  const std::string_view octets(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string whole = read_all(octets, octets.size());
  const std::string pieces = read_all(octets, step);
  // Why and when something is refused may depend on the pieces (limits); what is accepted may not.
  const auto accepted = [](const std::string& seen) { return seen.substr(0, seen.rfind('\n') + 1); };
  demand(accepted(whole) == accepted(pieces));
  return 0;
}
