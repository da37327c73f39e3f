#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.hpp"

namespace base {
namespace {

constexpr std::size_t usual_size = 512;
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// The ASCII characters that a JSON string holds without an escape (RFC 8259 §7).
constexpr std::array<bool, 256> list_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t v = 0x20; v < 0x80; ++v) plain.at(v) = v != '"' && v != '\\';
  return plain;
}
constexpr std::array<bool, 256> is_plain = list_plain();

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 20> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), result.ptr);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out.push_back('"');
  const bool clean = is_utf8(text);
  std::size_t plain = 0;  // start of the octets that are copied unchanged
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto v = static_cast<unsigned char>(text[i]);
    if (is_plain[v] || (v >= 0x80 && clean)) continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (v == '"' || v == '\\') {
      out.push_back('\\');
      out.push_back(text[i]);
    } else if (v < 0x20) {
      out.append("\\u00").append(1, hex[v >> 4]).append(1, hex[v & 15]);
    } else {
      out.append(replacement);
    }
  }
  out.append(text, plain);
  out.push_back('"');
}

std::string to_json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void JsonArray::separate() {
  if (out_.size() > 1) out_.push_back(',');
}

JsonArray& JsonArray::text(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

JsonArray& JsonArray::number(std::int64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}

JsonArray& JsonArray::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

std::string JsonArray::finish() {
  out_.push_back(']');
  return std::move(out_);
}

void JsonObject::reserve() {
  out_.reserve(usual_size);
  out_.push_back('{');
}

void JsonObject::begin(std::string_view name) {
  if (out_.size() > 1) out_.push_back(',');
  append_json_string(out_, name);
  out_.push_back(':');
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
  begin(name);
  append_json_string(out_, value);
  return *this;
}

JsonObject& JsonObject::text_if(std::string_view name, std::string_view value) {
  return value.empty() ? *this : text(name, value);
}

JsonObject& JsonObject::number(std::string_view name, std::int64_t value) {
  begin(name);
  append_number(out_, value);
  return *this;
}

JsonObject& JsonObject::flag(std::string_view name, bool value) {
  return raw(name, value ? "true" : "false");
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view json) {
  begin(name);
  out_.append(json);
  return *this;
}

JsonObject& JsonObject::words(std::string_view name, std::string_view list) {
  begin(name);
  out_.push_back('[');
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0 && out_.back() != '[') out_.push_back(',');
    if (end > 0) append_json_string(out_, list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  out_.push_back(']');
  return *this;
}

std::string JsonObject::finish() {
  out_.push_back('}');
  return std::move(out_);
}

}  // namespace base
