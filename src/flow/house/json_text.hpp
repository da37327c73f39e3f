// A JSON object written by appending: claims and answers are made on the hot path and have no need of a tree.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/log.hpp"

namespace flow {

class JsonText {
 public:
  JsonText() { out_.reserve(512); }
  JsonText& text(std::string_view name, std::string_view value) {
    begin(name);
    base::append_json_string(out_, value);
    return *this;
  }
  /// Nothing if `value` is "".
  JsonText& text_if(std::string_view name, std::string_view value) { return value.empty() ? *this : text(name, value); }
  JsonText& number(std::string_view name, std::int64_t value) { return raw(name, std::to_string(value)); }
  JsonText& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  /// `json` is JSON text already.
  JsonText& raw(std::string_view name, std::string_view json) {
    begin(name);
    out_.append(json);
    return *this;
  }
  /// Space-separated words as an array of strings.
  JsonText& words(std::string_view name, std::string_view list) {
    begin(name);
    out_.push_back('[');
    bool first = true;
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(' '), list.size());
      if (end > 0) {
        if (!first) out_.push_back(',');
        base::append_json_string(out_, list.substr(0, end));
        first = false;
      }
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    out_.push_back(']');
    return *this;
  }
  [[nodiscard]] std::string finish() && {
    out_.push_back('}');
    return std::move(out_);
  }

 private:
  void begin(std::string_view name) {
    if (out_.size() > 1) out_.push_back(',');
    base::append_json_string(out_, name);
    out_.push_back(':');
  }
  std::string out_{"{"};
};

}  // namespace flow
