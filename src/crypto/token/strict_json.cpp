#include "crypto/token/strict_json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <vector>

namespace crypto {
namespace {

namespace json = boost::json;

// Events of Boost.JSON's parser. Every function returns whether to go on.
struct Handler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  ObjectOutline outline;
  std::string text;                             // key or string so far
  std::string outer_key;                        // the member of the outermost object whose value comes next
  std::vector<std::vector<std::string>> names;  // one list for each open object
  std::size_t depth = 0;                        // open objects and arrays
  bool is_object = false;

  void on_value() {
    // Containers call this before they open, so depth 1 is a member of the outermost object.
    if (depth == 1 && is_object) outline.members.try_emplace(outer_key);
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    on_value();
    if (depth == 0) is_object = true;
    ++depth;
    names.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code& error) {
    auto& own = names.back();
    std::sort(own.begin(), own.end());
    if (std::adjacent_find(own.begin(), own.end()) != own.end()) {
      error = json::make_error_code(json::error::syntax);
      return false;
    }
    names.pop_back();
    --depth;
    return true;
  }
  bool on_array_begin(json::error_code&) {
    on_value();
    ++depth;
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    --depth;
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    if (depth == 1) outer_key = text;
    names.back().push_back(std::move(text));
    text.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    if (depth == 1 && is_object) outline.members[outer_key] = {.is_text = true, .text = text};
    text.clear();
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return on_scalar(); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return on_scalar(); }
  bool on_double(double, json::string_view, json::error_code&) { return on_scalar(); }
  bool on_bool(bool value, json::error_code&) {
    if (depth == 1 && is_object) outline.members[outer_key] = {.text = {}, .is_true = value, .is_false = !value};
    return true;
  }
  bool on_null(json::error_code&) { return on_scalar(); }
  bool on_comment_part(json::string_view, json::error_code&) { return false; }
  bool on_comment(json::string_view, json::error_code&) { return false; }

  bool on_scalar() {
    on_value();
    return true;
  }
};

}  // namespace

const std::string* ObjectOutline::find_text(std::string_view name) const {
  const auto found = members.find(name);
  return found != members.end() && found->second.is_text ? &found->second.text : nullptr;
}

base::Result<ObjectOutline> outline_object(std::string_view text) {
  json::parse_options options;
  options.max_depth = most_json_depth;
  json::basic_parser<Handler> parser(options);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error || read != text.size() || !parser.done()) {
    return base::fail(base::Code::invalid_input, "not strict JSON without doubled members");
  }
  if (!parser.handler().is_object) return base::fail(base::Code::invalid_input, "not a JSON object");
  return std::move(parser.handler().outline);
}

}  // namespace crypto
