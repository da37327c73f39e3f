#include "store/driver/bulk.hpp"

namespace store {
namespace {

constexpr std::size_t size_of_count = 2;
constexpr std::size_t size_of_length = 4;

std::uint64_t read_unsigned(std::string_view octets) {
  std::uint64_t bits = 0;
  for (const char c : octets) bits = bits << 8 | static_cast<unsigned char>(c);
  return bits;
}

void append_unsigned(base::Bytes& to, std::uint64_t bits, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to.push_back(static_cast<char>(bits >> (8 * (size - 1 - i)) & 0xff));
}

auto cut_off() {
  return base::fail(base::Code::invalid_input, "a row is cut off");
}

struct Field {
  TupleField value;
  std::size_t next = 0;  // where the one behind it begins
};

base::Result<Field> read_field(base::BytesView octets, std::size_t at) {
  if (octets.size() - at < size_of_length) return cut_off();
  const auto length = static_cast<std::int32_t>(read_unsigned(octets.substr(at, size_of_length)));
  at += size_of_length;
  if (length == -1) return Field{{}, at};
  if (length < 0 || octets.size() - at < static_cast<std::size_t>(length)) return cut_off();
  const auto size = static_cast<std::size_t>(length);
  return Field{{false, octets.substr(at, size)}, at + size};
}

}  // namespace

base::Result<std::vector<TupleField>> read_tuple(base::BytesView tuple, std::size_t fields) {
  if (tuple.size() < size_of_count || read_unsigned(tuple.substr(0, size_of_count)) != fields) {
    return base::fail(base::Code::invalid_input, "a row has another number of fields than its table");
  }
  std::vector<TupleField> read;
  read.reserve(fields);
  std::size_t at = size_of_count;
  for (std::size_t i = 0; i < fields; ++i) {
    ASSIGN_OR_RETURN(const Field field, read_field(tuple, at));
    read.push_back(field.value);
    at = field.next;
  }
  if (at != tuple.size()) return base::fail(base::Code::invalid_input, "a row is longer than its fields");
  return read;
}

void begin_tuple(base::Bytes& tuple, std::size_t fields) {
  tuple.clear();
  append_unsigned(tuple, fields, size_of_count);
}

void append_null(base::Bytes& tuple) {
  tuple.append(size_of_length, '\xff');
}

void append_field(base::Bytes& tuple, std::string_view octets) {
  append_unsigned(tuple, octets.size(), size_of_length);
  tuple.append(octets);
}

void append_number(base::Bytes& tuple, std::int64_t value) {
  append_unsigned(tuple, 8, size_of_length);
  append_unsigned(tuple, static_cast<std::uint64_t>(value), 8);
}

std::int64_t number_of(std::string_view octets) {
  return static_cast<std::int64_t>(read_unsigned(octets));
}

base::Result<std::size_t> size_of_tuple(base::BytesView octets) {
  if (octets.size() < size_of_count) return cut_off();
  const std::uint64_t fields = read_unsigned(octets.substr(0, size_of_count));
  std::size_t at = size_of_count;
  for (std::uint64_t i = 0; i < fields; ++i) {
    ASSIGN_OR_RETURN(const Field field, read_field(octets, at));
    at = field.next;
  }
  return at;
}

}  // namespace store
