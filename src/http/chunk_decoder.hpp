// The chunked coding of a body (RFC 9112 §7.1), strict: every line ends in CR LF, sizes are plain hexadecimal, and
// extensions and trailer fields are ignored. Beast's own decoder is not used, because it fails an assertion on a last
// chunk that comes in pieces and accepts line ends that other servers refuse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace http {

class ChunkDecoder {
 public:
  enum class State : std::uint8_t {
    need_more,
    complete,
    failed
  };

  /// `overhead`: the most octets of extensions and trailers, all together.
  void begin(std::size_t overhead);
  /// Appends data to `body`, which may grow to `limit`. All octets up to the end of the body are consumed.
  State read(std::string_view octets, std::size_t& consumed, std::string& body, std::size_t limit);
  /// 400, 413 or 431.
  [[nodiscard]] int failure() const { return failure_; }

 private:
  enum class At : std::uint8_t {
    size,
    extension,
    size_end,
    data,
    data_cr,
    data_lf,
    line,
    field,
    field_end,
    end
  };
  bool step(char c);
  bool step_size(char c);
  bool step_text(char c, At end);
  bool refuse(int status) {
    failure_ = status;
    return false;
  }

  std::uint64_t left_ = 0;  // octets of the chunk that have not come
  std::size_t overhead_ = 0;
  std::size_t digits_ = 0;
  int failure_ = 0;
  At at_ = At::size;
};

}  // namespace http
