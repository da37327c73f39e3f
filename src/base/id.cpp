#include "base/id.hpp"

#include <algorithm>

namespace base {

Id Id::make(Time t) {
  Id id;
  const Bytes noise = random_bytes(10);
  const auto ms = static_cast<std::uint64_t>(to_ms(t));
  for (std::size_t i = 0; i < 6; ++i) id.octets_.at(i) = static_cast<char>(ms >> (40 - 8 * i) & 0xff);
  std::copy(noise.begin(), noise.end(), id.octets_.begin() + 6);
  id.octets_[6] = static_cast<char>((static_cast<unsigned char>(id.octets_[6]) & 0x0f) | 0x70);
  id.octets_[8] = static_cast<char>((static_cast<unsigned char>(id.octets_[8]) & 0x3f) | 0x80);
  return id;
}

Result<Id> Id::from_bytes(BytesView bytes) {
  if (bytes.size() != 16) return fail(Code::invalid_input, "an identifier has 16 octets");
  Id id;
  std::copy(bytes.begin(), bytes.end(), id.octets_.begin());
  return id;
}

Result<Id> Id::parse(std::string_view text) {
  const auto bad = [] { return fail(Code::invalid_input, "not a UUID"); };
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return bad();
  std::string hex(text);
  std::erase(hex, '-');
  if (hex.size() != 32) return bad();
  ASSIGN_OR_RETURN(const Bytes octets, parse_hex(hex));
  return from_bytes(octets);
}

std::string Id::to_string() const {
  std::string hex = to_hex(bytes());
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, 1, '-');
  return hex;
}

Time Id::made_at() const {
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | static_cast<unsigned char>(octets_.at(i));
  return from_ms(ms);
}

}  // namespace base
