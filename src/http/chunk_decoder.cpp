#include "http/chunk_decoder.hpp"

#include <algorithm>

namespace http {
namespace {

constexpr std::size_t most_digits = 8;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void ChunkDecoder::begin(std::size_t overhead) {
  *this = ChunkDecoder();
  overhead_ = overhead;
}

ChunkDecoder::State ChunkDecoder::read(std::string_view octets, std::size_t& consumed, std::string& body,
                                       std::size_t limit) {
  while (consumed < octets.size()) {
    if (at_ == At::data) {
      const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size() - consumed));
      body.append(octets, consumed, size);
      consumed += size;
      left_ -= size;
      if (left_ == 0) at_ = At::data_cr;
      continue;
    }
    const bool last = at_ == At::end;
    const bool was_size = at_ == At::size_end;
    if (!step(octets[consumed++])) return State::failed;
    if (last) return State::complete;
    // Judged before the data comes, so that the client need not send a body that will be refused.
    if (was_size && left_ > limit - body.size()) {
      failure_ = 413;
      return State::failed;
    }
  }
  return State::need_more;
}

bool ChunkDecoder::step(char c) {
  switch (at_) {
    case At::size: return step_size(c);
    case At::extension: return step_text(c, At::size_end);
    case At::size_end: at_ = left_ > 0 ? At::data : At::line; return c == '\n' || refuse(400);
    case At::data: break;
    case At::data_cr: at_ = At::data_lf; return c == '\r' || refuse(400);
    case At::data_lf:
      at_ = At::size;
      digits_ = 0;
      return c == '\n' || refuse(400);
    case At::line:
      if (c == '\r') {
        at_ = At::end;
        return true;
      }
      if (c == ' ' || c == '\t') return refuse(400);
      at_ = At::field;
      return step_text(c, At::field_end);
    case At::field: return step_text(c, At::field_end);
    case At::field_end: at_ = At::line; return c == '\n' || refuse(400);
    case At::end: return c == '\n' || refuse(400);
  }
  return refuse(400);
}

bool ChunkDecoder::step_size(char c) {
  if (const int value = hex_value(c); value >= 0) {
    if (++digits_ > most_digits) return refuse(413);
    left_ = left_ * 16 + static_cast<unsigned>(value);
    return true;
  }
  if (digits_ == 0) return refuse(400);
  if (c == '\r') {
    at_ = At::size_end;
  } else if (c == ';') {
    at_ = At::extension;
  } else {
    return refuse(400);
  }
  return true;
}

/// One octet of an extension or a trailer field, whose line ends at CR.
bool ChunkDecoder::step_text(char c, At end) {
  const auto octet = static_cast<unsigned char>(c);
  if (c == '\r') {
    at_ = end;
    return true;
  }
  if ((octet < 0x20 && c != '\t') || octet == 0x7f) return refuse(400);
  if (overhead_ == 0) return refuse(431);
  --overhead_;
  return true;
}

}  // namespace http
