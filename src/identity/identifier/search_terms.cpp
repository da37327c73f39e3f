#include "identity/identifier/search_terms.hpp"

#include <algorithm>

#include "identity/identifier/login_name.hpp"
#include "identity/identifier/phone_plan.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "identity/spelling/search_form.hpp"

namespace identity {
namespace {

constexpr std::size_t longest_term = 200;      // octets
constexpr std::size_t most_words = 8;          // of a search: each costs a look into the index
constexpr std::size_t shortest_beginning = 4;  // of a number

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), is_digit);
}

bool is_sign(char c) {
  const auto octet = static_cast<unsigned char>(c);
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return octet < 0x80 && !is_letter && !is_digit(c);
}

std::string_view without_signs_around(std::string_view text) {
  while (!text.empty() && is_sign(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_sign(text.back())) text.remove_suffix(1);
  return text;
}

std::string without_signs(std::string_view text) {
  std::string kept(text);
  std::erase_if(kept, is_sign);
  return kept;
}

/// Digits, and signs that people write between the digits of a number.
bool is_number(std::string_view text) {
  constexpr std::string_view between = "+-()/.";
  return has_digit(text) && std::all_of(text.begin(), text.end(), [&](char c) {
           return is_digit(c) || between.find(c) != std::string_view::npos;
         });
}

bool can_begin_number(std::string_view word) {
  return word.size() >= shortest_beginning && has_digit(word) && std::none_of(word.begin(), word.end(), is_sign);
}

std::string cut(std::string term) {
  if (term.size() > longest_term) term.resize(longest_term);
  return term;
}

std::vector<std::string> all_words(std::string_view typed) {
  std::vector<std::string> words;
  bool goes_on = false;  // the last word is a number that the next piece may continue
  for (const std::string& piece : split_at_space(typed)) {
    std::string form = search_form(piece);
    if (is_number(form)) {
      // "+49 (0) 30 …": only dialled inside the country.
      if (const std::size_t trunk = form.find("(0)"); trunk != std::string::npos && (trunk > 0 || goes_on)) {
        form.erase(trunk, 3);
      }
      form = without_signs(form);
      if (goes_on) {
        words.back() = cut(words.back() + form);
      } else {
        words.push_back(cut(std::move(form)));
      }
      goes_on = true;
      continue;
    }
    goes_on = false;
    std::string word(without_signs_around(form));
    std::erase(word, ':');  // of fingerprints
    if (!word.empty()) words.push_back(cut(std::move(word)));
  }
  return words;
}

/// Whether what begins with another word begins with this one anyway. Of equal words the first stays.
bool is_said_by_another(const std::vector<std::string>& words, std::size_t number) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_same = words[i] == words[number];
    if (is_same ? i < number : words[i].starts_with(words[number])) return true;
  }
  return false;
}

}  // namespace

void SearchTerms::add(std::string term) {
  if (!term.empty()) terms_.insert(cut(std::move(term)));
}

void SearchTerms::add_words(std::string_view text) {
  for (const std::string& piece : split_at_space(text)) {
    for (const std::string& form : search_forms(piece)) {
      const std::string_view whole = without_signs_around(form);
      add(std::string(whole));
      for (std::string& part : words_of(whole, 1)) add(std::move(part));
      if (is_number(whole) || whole.find('\'') != std::string_view::npos) add(without_signs(whole));
    }
  }
}

void SearchTerms::add_number(std::string_view text) {
  std::string number = without_signs(search_form(text));
  // "ABC 123456": the digits are a word of their own when they are typed apart.
  const auto letters_end = std::find_if_not(number.rbegin(), number.rend(), is_digit).base();
  if (letters_end != number.begin()) add_whole_number(std::string(letters_end, number.end()));
  add_whole_number(std::move(number));
}

void SearchTerms::add_whole_number(std::string number) {
  if (!number.empty()) terms_.insert(cut(std::move(number)) + end_of_number);
}

void SearchTerms::add_name(std::string_view name) {
  add_words(name);
}

void SearchTerms::add_identifier(std::string_view type, std::string_view canonical, std::string_view display) {
  if (type == identifier_type::login || type == identifier_type::epuap_account ||
      type == identifier_type::epuap_profile) {
    add_words(canonical);
    add_words(display);
    return;
  }
  if (type == identifier_type::email) {
    for (const std::string_view address : {canonical, display}) {
      add(search_form(address));
      const std::size_t at = address.rfind('@');
      add_words(address.substr(0, at));
      if (at != std::string_view::npos) add(search_form(address.substr(at + 1)));
    }
    return;
  }
  if (type == identifier_type::phone) {
    const std::string digits = without_signs(canonical);
    const std::string national = digits.substr(std::min(calling_code_length(digits), digits.size()));
    add(digits);
    add(national);
    if (const PhonePlan* plan = find_plan_of_number(digits)) {
      for (const char trunk : plan->trunk_prefixes) add(trunk + national);
    }
    return;
  }
  add_number(canonical);
  add_number(display);
}

std::vector<std::string> search_words(std::string_view typed) {
  const std::vector<std::string> words = all_words(typed);
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < words.size() && kept.size() < most_words; ++i) {
    if (!is_said_by_another(words, i)) kept.push_back(words[i]);
  }
  return kept;
}

bool can_find_numbers(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), can_begin_number);
}

bool finds_numbers(const std::vector<std::string>& words, std::string_view word) {
  return can_begin_number(word) || (!has_digit(word) && can_find_numbers(words));
}

std::string sort_form(std::string_view family, std::string_view given, std::string_view otherwise) {
  std::string all;
  for (const std::string_view name : {family, given}) {
    for (const std::string& piece : split_at_space(name)) all += (all.empty() ? "" : " ") + search_form(piece);
  }
  if (all.empty()) all = search_form(otherwise);
  return cut(all.empty() ? "~" : std::move(all));
}

std::string end_of_beginning(std::string_view word) {
  std::string end(word);
  // No octet of UTF-8 is 0xff, so that the last one can always be raised.
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace identity
