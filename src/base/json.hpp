// JSON text (RFC 8259) written by appending, for answers, claims and log lines: no tree is built, because they are made
// on the hot path. Invariant: every name and every text is escaped here. JSON from elsewhere is read with Boost.JSON.
//
//   JsonObject().text("error", "expired").number("status", 410).finish()   {"error":"expired","status":410}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

/// Appends `text` as a JSON string with quotes. Octets that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
/// The same as a string of its own.
std::string to_json_string(std::string_view text);

class JsonArray {
 public:
  JsonArray() : out_("[") {}
  JsonArray& text(std::string_view value);
  JsonArray& number(std::int64_t value);
  /// `json` is JSON text already.
  JsonArray& raw(std::string_view json);
  /// Ends the array; it is not written to any more.
  [[nodiscard]] std::string finish();

 private:
  void separate();
  std::string out_;
};

/// Members appear in the order of the calls. The caller must give each name only once.
class JsonObject {
 public:
  JsonObject() { reserve(); }
  /// Reuses the memory of `buffer` and discards its text.
  explicit JsonObject(std::string buffer) : out_(std::move(buffer)) { out_.assign(1, '{'); }

  JsonObject& text(std::string_view name, std::string_view value);
  /// Adds nothing if `value` is "".
  JsonObject& text_if(std::string_view name, std::string_view value);
  JsonObject& number(std::string_view name, std::int64_t value);
  JsonObject& flag(std::string_view name, bool value);
  /// `json` is JSON text already.
  JsonObject& raw(std::string_view name, std::string_view json);
  /// Space-separated words as an array of strings.
  JsonObject& words(std::string_view name, std::string_view list);
  /// Ends the object; it is not written to any more.
  [[nodiscard]] std::string finish();

 private:
  void reserve();
  void begin(std::string_view name);
  std::string out_;
};

}  // namespace base
