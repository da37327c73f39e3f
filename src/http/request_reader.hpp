// A parser from octets to a Request (RFC 9112) without any I/O; a connection, a test or a fuzzer calls it.
//
//   header ──header_complete──▶ body ──complete──▶ (begin() again)
//      └───────────failed──────────┴──▶ answer failure() and close, because the next request's beginning is unknown
//
// Invariant: a request that two servers could read differently (request smuggling) fails. Beast's parser sees only
// headers that have passed the strict scan here, and no bodies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "http/chunk_decoder.hpp"
#include "http/message.hpp"

namespace http {

class RequestReader {
 public:
  enum class State : std::uint8_t {
    need_more,
    header_complete,
    complete,
    failed
  };

  RequestReader();
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Starts a new request, which is filled into `request` (its HTTP fields; buffers are reused).
  void begin(Request& request, std::size_t header_bytes, std::size_t header_count);
  /// `octets`: all that have been received and not been consumed. `consumed` of them must not be passed again; the
  /// others must, followed by new ones. After header_complete call it again for the body (also if there is none).
  State read(std::string_view octets, std::size_t& consumed);
  /// Sets the most octets of the body; to be called at header_complete. False: the announced body is longer.
  /// `in_memory`: how many of them the caller leaves in Request::body at one time.
  bool allow_body(std::size_t limit, std::size_t in_memory);
  bool allow_body(std::size_t limit) { return allow_body(limit, limit); }
  /// The caller has stored what is in Request::body, which is emptied.
  void pass_body();

  /// The status to refuse with: 400, 413, 414, 417, 431, 501 or 505.
  [[nodiscard]] int failure() const { return failure_; }
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  [[nodiscard]] bool http_1_0() const { return http_1_0_; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] bool has_body() const { return has_body_; }
  [[nodiscard]] bool is_chunked() const { return chunked_; }
  /// After allow_body: the most octets that the body can have, as announced or else as allowed.
  [[nodiscard]] std::size_t most_of_body() const {
    return chunked_ ? body_limit_ : static_cast<std::size_t>(body_left_);
  }

 private:
  struct Parser;
  State fail(int status);
  State read_header(std::string_view octets, std::size_t& consumed);
  State read_body(std::string_view octets, std::size_t& consumed);
  bool scan(std::string_view octets);
  int finish_header();
  bool take_target(std::string_view target);

  std::unique_ptr<Parser> parser_;
  ChunkDecoder chunks_;
  Request* request_ = nullptr;
  std::size_t header_bytes_ = 0;
  std::size_t header_count_ = 0;
  std::size_t body_limit_ = 0;
  std::uint64_t body_left_ = 0;  // announced octets that have not come
  std::size_t scanned_ = 0;      // octets of the header that have passed scan()
  std::size_t header_end_ = 0;   // position behind the empty line, once seen
  int failure_ = 0;
  bool in_body_ = false;
  bool chunked_ = false;
  bool skipped_ = false;  // the one empty line before the request line
  bool keep_alive_ = false;
  bool http_1_0_ = false;
  bool expects_continue_ = false;
  bool has_body_ = false;
};

}  // namespace http
