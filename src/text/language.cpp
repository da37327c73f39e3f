#include "text/language.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace text {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Removes the part before `separator` from the front of `rest`, and gives it.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// Thousandths of a weight like "0.8" (RFC 9110 §12.4.2); -1 = malformed.
int parse_weight(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return -1;
  int weight = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return -1;
  int unit = 100;
  for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return -1;
    weight += (text[i] - '0') * unit;
  }
  return weight > 1000 ? -1 : weight;
}

/// Weight of one member of Accept-Language; a malformed weight counts as 0, "not wanted".
int find_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = trim(take(parameters, ';'));
    if (parameter.size() > 2 && (parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '=') {
      return parse_weight(parameter.substr(2));
    }
  }
  return 1000;
}

}  // namespace

std::string_view code_of(Language language) {
  static constexpr std::array<std::string_view, 3> codes{"en", "de", "pl"};
  return codes[static_cast<std::size_t>(language)];
}

std::string_view name_of(Language language) {
  static constexpr std::array<std::string_view, 3> names{"English", "Deutsch", "Polski"};
  return names[static_cast<std::size_t>(language)];
}

bool find_language(std::string_view tag, Language& found) {
  const std::string_view primary = tag.substr(0, tag.find('-'));
  if (primary.size() != 2) return false;
  for (const Language language : {Language::en, Language::de, Language::pl}) {
    const std::string_view code = code_of(language);
    if (std::equal(code.begin(), code.end(), primary.begin(),
                   [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); })) {
      found = language;
      return true;
    }
  }
  return false;
}

Language choose_language(std::string_view ui_locales, std::string_view account_locale,
                         std::string_view accept_language) {
  Language found = Language::en;
  while (!ui_locales.empty()) {
    if (find_language(take(ui_locales, ' '), found)) return found;
  }
  if (find_language(account_locale, found)) return found;

  Language best = Language::en;
  int best_weight = 0;
  while (!accept_language.empty()) {
    std::string_view member = take(accept_language, ',');
    const std::string_view tag = trim(take(member, ';'));
    const int weight = find_weight(member);
    if (weight > best_weight && find_language(tag, found)) {
      best = found;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace text
