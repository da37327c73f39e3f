#include "text/text.hpp"

#include <algorithm>

#include "text/catalogue.hpp"
#include "text/icu.hpp"

namespace text {
namespace {

std::string to_text(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::get<std::string>(value);
}

std::string fill(std::string_view pattern, const Arguments& arguments) {
  std::string out;
  out.reserve(pattern.size() + 32);
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    out.append(pattern.substr(0, open));
    const std::string_view name = pattern.substr(open + 1, close - open - 1);
    const auto found = std::find_if(arguments.begin(), arguments.end(), [&](const auto& a) { return a.first == name; });
    out.append(found == arguments.end() ? std::string(pattern.substr(open, close - open + 1)) : to_text(found->second));
    pattern.remove_prefix(close + 1);
  }
  return out.append(pattern);
}

}  // namespace

std::string_view find_pattern(Language language, std::string_view key) {
  const std::vector<Sentence>& all = catalogue_of(language).sentences;
  const auto found = std::lower_bound(all.begin(), all.end(), key,
                                      [](const Sentence& sentence, std::string_view k) { return sentence.key < k; });
  return found == all.end() || found->key != key ? std::string_view() : std::string_view(found->pattern);
}

bool is_plural(std::string_view pattern) {
  return pattern.find(", plural,") != std::string_view::npos;
}

std::string say(Language language, std::string_view key, const Arguments& arguments) {
  const std::string_view pattern = find_pattern(language, key);
  if (pattern.empty()) return std::string(key);
  return is_plural(pattern) ? format_message(language, key, pattern, arguments) : fill(pattern, arguments);
}

bool has(std::string_view key) {
  return !find_pattern(Language::en, key).empty();
}

std::vector<std::string_view> keys() {
  std::vector<std::string_view> all;
  for (const Sentence& sentence : catalogue_of(Language::en).sentences) all.push_back(sentence.key);
  return all;
}

}  // namespace text
