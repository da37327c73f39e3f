// Whether the data of an event are what its kind may hold (audit/vocabulary.hpp).
#pragma once

#include <boost/json.hpp>
#include <regex>
#include <string>

#include "audit/vocabulary.hpp"

namespace testing {

inline bool has_shape(const std::string& value, audit::Shape shape) {
  static const std::regex code(
      "[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*|changed|#[0-9a-f]{6}|ES256|RS256|[A-Za-z0-9_-]{43}|[0-9a-f]{64}|"
      "(ecdsa|rsa-pkcs1|rsa-pss)-sha[0-9]{3}|[0-9a-f]{2,40}|[0-9a-f]{96}|[0-9a-f]{128}|"
      "(smtp|http) [0-9 .]+|not_tried .*");
  static const std::regex id("[0-9a-f-]{36}");
  static const std::regex count("[0-9]+");
  static const std::regex time("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?Z");
  switch (shape) {
    case audit::Shape::code: return std::regex_match(value, code);
    case audit::Shape::id: return std::regex_match(value, id);
    case audit::Shape::count: return std::regex_match(value, count);
    case audit::Shape::time: return std::regex_match(value, time);
    case audit::Shape::name: return value.find('\n') == std::string::npos;
  }
  return false;
}

/// "" = all is right; else what is wrong.
inline std::string find_misfit(const audit::Event& event) {
  if (!event.source.empty()) {
    static const std::regex said(R"(\{"application":"[0-9a-f-]{36}"(,"reported_at":"[0-9T:.-]+Z")?\})");
    return std::regex_match(event.data, said) ? std::string() : event.type + ": " + event.data;
  }
  const audit::Kind* kind = audit::find_kind(event.type);
  if (kind == nullptr) return "no such kind: " + event.type;
  if (kind->is_refusal && event.outcome != "failure") return event.type + " is a refusal and says " + event.outcome;
  if (event.data.empty()) return {};
  boost::system::error_code failed;
  const boost::json::value data = boost::json::parse(event.data, failed);
  if (failed || !data.is_object()) return event.type + ": " + event.data;
  for (const auto& member : data.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    const auto key =
        std::find_if(kind->keys.begin(), kind->keys.end(), [&](const auto& one) { return one.name == name; });
    if (key == kind->keys.end()) return event.type + " has no detail " + std::string(name);
    const std::string value =
        member.value().is_string() ? std::string(member.value().get_string()) : boost::json::serialize(member.value());
    if (!has_shape(value, key->shape)) return event.type + "." + std::string(name) + ": " + value;
  }
  return {};
}

}  // namespace testing
