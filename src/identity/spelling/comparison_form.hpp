// The forms of a text in which spellings are compared: case, width, ligatures, accents and invisible characters do
// not count (Unicode TR 15 NFKC, TR 44 NFKC_Casefold). For judgements only; nothing in these forms is hashed or shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// NFKC_Casefold, without combining marks and invisible characters: "İSMAİL", "ｉｓｍａｉｌ" and "i<zero width
/// space>smail" give "ismail", "Straße" gives "strasse". Of text that is not UTF-8: "".
std::string comparison_form(std::string_view text);

/// The same text from its last code point to its first; meant for comparison forms, which have no combining marks.
std::string reversed(std::string_view text);

/// Sequences of letters and digits with at least `least` code points: "Nowak-Kowalska" gives both names.
std::vector<std::string> words_of(std::string_view text, std::size_t least);

/// NFKC with case kept, accents and invisible characters dropped; each code point that is then not ASCII becomes one
/// octet, always the same one, so that an estimator that counts octets sees the true length and the repetitions.
std::string estimation_form(std::string_view text);

/// A typed number in ASCII: digits of any script as 0-9, dashes as '-', spaces as ' ', full-width forms narrowed,
/// invisible characters dropped. Other characters stay unchanged.
std::string ascii_form(std::string_view text);

/// Control, format, private-use, unassigned and default-ignorable code points.
bool is_invisible(char32_t c);

/// Whether well-formed UTF-8 has white space of any kind or an invisible code point.
bool has_space_or_invisible(std::string_view text);

/// Without white space of any kind at its ends.
std::string_view trimmed(std::string_view text);

}  // namespace identity
