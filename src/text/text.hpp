// Every sentence that a person reads, in English, German and Polish. The texts are src/text/{en,de,pl}/*.properties; a
// test demands that each language has the same keys with the same arguments. Patterns with `{n, plural, …}` and dates
// go through ICU (CLDR plural rules); plain sentences do not touch it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "text/language.hpp"

namespace text {

using Value = std::variant<std::string, std::int64_t>;
using Arguments = std::vector<std::pair<std::string, Value>>;

/// The text of `key` with each {name} replaced. An unknown key gives the key itself; a test finds such uses. The result
/// is plain text: a page must escape it for HTML.
std::string say(Language language, std::string_view key, const Arguments& arguments = {});
bool has(std::string_view key);
/// The text as it stands in the catalogue, for templates that are prepared once; "" = unknown key.
std::string_view find_pattern(Language language, std::string_view key);
/// Whether the pattern has plural forms.
bool is_plural(std::string_view pattern);
/// All keys, sorted; for tests.
std::vector<std::string_view> keys();

/// "21 November 2026, 20:15" as the language writes it; `zone` is an IANA name like "Europe/Warsaw".
std::string format_time(Language language, base::Time t, std::string_view zone);
std::string format_date(Language language, base::Time t, std::string_view zone);
std::string format_clock(Language language, base::Time t, std::string_view zone);
/// The first moment of a day written "2026-11-21", or of the day `days_later`; nullopt if there is no such day.
std::optional<base::Time> find_day(std::string_view date, std::string_view zone, int days_later = 0);
/// The day of a moment, written "2026-11-21".
std::string print_day(base::Time t, std::string_view zone);

}  // namespace text
