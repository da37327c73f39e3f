#include <algorithm>

#include "base/bytes.hpp"
#include "http/message.hpp"

namespace http {
namespace {

base::Result<std::string> decode(std::string_view text) {
  ASSIGN_OR_RETURN(std::string decoded, base::percent_decode(text, true));
  if (decoded.find('\0') != std::string::npos || !base::is_utf8(decoded)) {
    return base::fail(base::Code::invalid_input, "a form field is not UTF-8 text");
  }
  return decoded;
}

}  // namespace

base::Result<Form> Form::parse(std::string_view encoded, std::size_t most) {
  Form form;
  while (!encoded.empty()) {
    const std::size_t end = std::min(encoded.find('&'), encoded.size());
    const std::string_view pair = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (pair.empty()) continue;
    if (form.fields_.size() == most) return base::fail(base::Code::invalid_input, "too many form fields");
    const std::size_t equals = std::min(pair.find('='), pair.size());
    ASSIGN_OR_RETURN(std::string name, decode(pair.substr(0, equals)));
    ASSIGN_OR_RETURN(std::string value, decode(pair.substr(std::min(equals + 1, pair.size()))));
    form.fields_.emplace_back(std::move(name), std::move(value));
  }
  return form;
}

base::Result<std::optional<std::string>> Form::find(std::string_view name) const {
  std::optional<std::string> found;
  for (const auto& [key, value] : fields_) {
    if (key != name) continue;
    if (found) return base::fail(base::Code::invalid_input, "a form field comes twice");
    found = value;
  }
  return found;
}

std::string Form::get(std::string_view name) const {
  auto found = find(name);
  return found && *found ? std::move(**found) : std::string();
}

bool Form::has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
}

std::string_view Form::find_doubled() const {
  for (auto i = fields_.begin(); i != fields_.end(); ++i) {
    if (std::any_of(fields_.begin(), i, [&](const auto& earlier) { return earlier.first == i->first; }))
      return i->first;
  }
  return {};
}

}  // namespace http
