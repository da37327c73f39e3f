#include "demo/login_steps.hpp"

#include <boost/json.hpp>
#include <optional>

#include "base/bytes.hpp"

namespace demo {

namespace {

constexpr std::size_t shown_of_token = 16;

void append_pretty(std::string& out, const boost::json::value& value, std::size_t depth) {
  const auto begin_line = [&](std::size_t at) { out += "\n" + std::string(2 * at, ' '); };
  bool first = true;
  if (const auto* const object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    for (const auto& member : *object) {
      if (!std::exchange(first, false)) out += ',';
      begin_line(depth + 1);
      out += boost::json::serialize(member.key()) + ": ";
      append_pretty(out, member.value(), depth + 1);
    }
    begin_line(depth);
    out += '}';
    return;
  }
  if (const auto* const array = value.if_array(); array != nullptr && !array->empty()) {
    out += '[';
    for (const auto& element : *array) {
      if (!std::exchange(first, false)) out += ',';
      begin_line(depth + 1);
      append_pretty(out, element, depth + 1);
    }
    begin_line(depth);
    out += ']';
    return;
  }
  out += boost::json::serialize(value);
}

std::optional<boost::json::value> decode_part(std::string_view part) {
  const auto octets = base::parse_base64url(part);
  if (!octets) return std::nullopt;
  boost::system::error_code wrong;
  auto value = boost::json::parse(*octets, wrong);
  if (wrong.failed() || !value.is_object()) return std::nullopt;
  return value;
}

}  // namespace

std::string to_pretty_json(const boost::json::value& value) {
  std::string out;
  append_pretty(out, value, 0);
  return out;
}

std::string describe_request(std::string_view first_line, const Fields& fields) {
  std::string out(first_line);
  for (const auto& [name, value] : fields) {
    out += "\n  ";
    out += name;
    out += " = ";
    out += value;
  }
  return out;
}

std::string describe_token_answer(const boost::json::object& answer) {
  boost::json::object shown = answer;
  for (auto& member : shown) {
    const auto* const text = member.value().if_string();
    if (!member.key().ends_with("_token") || text == nullptr || text->size() <= shown_of_token) continue;
    member.value() = std::string(text->data(), shown_of_token) + "…";
  }
  return to_pretty_json(shown);
}

std::string decode_token(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return {};
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return {};
  const auto header = decode_part(token.substr(0, first));
  const auto claims = decode_part(token.substr(first + 1, second - first - 1));
  if (!header || !claims) return {};
  return to_pretty_json(*header) + "\n" + to_pretty_json(*claims);
}

}  // namespace demo
