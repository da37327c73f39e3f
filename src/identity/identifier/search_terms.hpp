// Terms under which an account is found by their beginnings, and the words of what an administrator types into the
// search. Both sides use the same forms (docs/decisions/0026).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// The last octet of a term that is a number of a register or a document (PESEL, NIP, passport …) or a fingerprint, by
/// which a search passes over them (finds_numbers).
inline constexpr char end_of_number = '\x01';

/// Terms of one account: each at most 200 octets and the end of a number, in search form.
class SearchTerms {
 public:
  /// A name of a person: each of its words, and of "Nowak-Kowalska" the whole and both parts.
  void add_name(std::string_view name);
  /// `type` is of identifier_type. A telephone number counts in digits, with and without its country; of an e-mail
  /// address the whole, the words before the @ and the domain count; numbers count without signs between the digits.
  void add_identifier(std::string_view type, std::string_view canonical, std::string_view display);

  [[nodiscard]] const std::set<std::string>& all() const { return terms_; }

 private:
  void add(std::string term);
  void add_words(std::string_view text);
  void add_number(std::string_view text);
  void add_whole_number(std::string number);

  std::set<std::string> terms_;
};

/// The words of what was typed, each the beginning of a term; numbers that are typed in groups are one word
/// ("+48 600 100 200"). A word that another one begins with says nothing more and is left out; the first eight count.
/// No word: nothing was typed, or nothing that a term could begin with.
std::vector<std::string> search_words(std::string_view typed);

/// Whether a search for these words can find an account by a number that is shown to its owner alone. Such a search is
/// limited and recorded. A word that can begin a number has at least four characters, a digit, and no sign.
bool can_find_numbers(const std::vector<std::string>& words);
/// Whether `word`, one of `words`, is compared with such numbers: it can begin one, or it is without a digit in a
/// search that can find numbers ("ABS 123456": the letters of a card that are typed apart).
bool finds_numbers(const std::vector<std::string>& words, std::string_view word);

/// By what accounts are sorted: family name and given name, or another text if there is no name.
std::string sort_form(std::string_view family, std::string_view given, std::string_view otherwise);

/// The first text behind all that begin with `word`, octet by octet.
std::string end_of_beginning(std::string_view word);

}  // namespace identity
