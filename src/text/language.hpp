// The three languages of the interface, and which of them a person gets.
#pragma once

#include <cstdint>
#include <string_view>

namespace text {

enum class Language : std::uint8_t {
  en,
  de,
  pl
};
/// "en", "de", "pl".
std::string_view code_of(Language language);
/// The language's own name: "English", "Deutsch", "Polski".
std::string_view name_of(Language language);
/// Reads the primary subtag of a tag like "de-AT" (RFC 5646); false if it is none of our languages.
bool find_language(std::string_view tag, Language& found);

/// The first of our languages in: `ui_locales` (tags with spaces between, OIDC Core §3.1.2.1), the account's choice,
/// Accept-Language with its q values (RFC 9110 §12.5.4). English if there is none.
Language choose_language(std::string_view ui_locales, std::string_view account_locale,
                         std::string_view accept_language);

}  // namespace text
