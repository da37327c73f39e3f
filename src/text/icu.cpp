#include "text/icu.hpp"

#include <unicode/calendar.h>
#include <unicode/msgfmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <charconv>
#include <map>
#include <memory>
#include <mutex>

namespace text {
namespace {

enum class Shape : std::uint8_t {
  time,
  date,
  clock
};

/// The long dates of CLDR: "21 November 2026", "21. November 2026", "21 listopada 2026".
const char* pattern_of(Language language, Shape shape) {
  if (shape == Shape::clock) return "HH:mm";
  if (language == Language::de) return shape == Shape::date ? "d. MMMM y" : "d. MMMM y, HH:mm";
  return shape == Shape::date ? "d MMMM y" : "d MMMM y, HH:mm";
}

icu::Locale locale_of(Language language) {
  return icu::Locale(std::string(code_of(language)).c_str());
}

std::unique_ptr<icu::TimeZone> zone_of(std::string_view zone) {
  return std::unique_ptr<icu::TimeZone>(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8({zone.data(), static_cast<int32_t>(zone.size())})));
}

/// Keeps one formatter of each kind, because making one takes about 20 us.
class Formatters {
 public:
  std::string format(Language language, Shape shape, std::string_view zone, base::Time t) {
    const std::lock_guard lock(mutex_);
    auto& formatter = dates_[{language, shape, std::string(zone)}];
    UErrorCode status = U_ZERO_ERROR;
    if (!formatter) {
      formatter = std::make_unique<icu::SimpleDateFormat>(icu::UnicodeString(pattern_of(language, shape)),
                                                          locale_of(language), status);
      if (U_FAILURE(status)) {
        formatter.reset();
        return base::to_rfc3339(t);
      }
      formatter->adoptTimeZone(zone_of(zone).release());
    }
    icu::UnicodeString out;
    formatter->format(static_cast<UDate>(base::to_ms(t)), out);
    std::string utf8;
    return out.toUTF8String(utf8);
  }

  std::string format(Language language, std::string_view key, std::string_view pattern, const Arguments& arguments) {
    const std::lock_guard lock(mutex_);
    auto& message = messages_[{language, std::string(key)}];
    UErrorCode status = U_ZERO_ERROR;
    if (!message) {
      const auto utf16 = icu::UnicodeString::fromUTF8({pattern.data(), static_cast<int32_t>(pattern.size())});
      message = std::make_unique<icu::MessageFormat>(utf16, locale_of(language), status);
    }
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const auto& [name, value] : arguments) {
      names.push_back(icu::UnicodeString::fromUTF8(name));
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        values.emplace_back(*number);
      } else {
        values.emplace_back(icu::UnicodeString::fromUTF8(std::get<std::string>(value)));
      }
    }
    icu::UnicodeString out;
    message->format(names.data(), values.data(), static_cast<int32_t>(names.size()), out, status);
    if (U_FAILURE(status)) {
      messages_.erase({language, std::string(key)});
      return std::string(pattern);
    }
    std::string utf8;
    return out.toUTF8String(utf8);
  }

 private:
  std::mutex mutex_;
  std::map<std::tuple<Language, Shape, std::string>, std::unique_ptr<icu::SimpleDateFormat>> dates_;
  std::map<std::pair<Language, std::string>, std::unique_ptr<icu::MessageFormat>> messages_;
};

Formatters& formatters() {
  static Formatters all;
  return all;
}

bool parse_number(std::string_view text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string format_message(Language language, std::string_view key, std::string_view pattern,
                           const Arguments& arguments) {
  return formatters().format(language, key, pattern, arguments);
}

std::string format_time(Language language, base::Time t, std::string_view zone) {
  return formatters().format(language, Shape::time, zone, t);
}
std::string format_date(Language language, base::Time t, std::string_view zone) {
  return formatters().format(language, Shape::date, zone, t);
}
std::string format_clock(Language language, base::Time t, std::string_view zone) {
  return formatters().format(language, Shape::clock, zone, t);
}

std::optional<base::Time> find_day(std::string_view date, std::string_view zone, int days_later) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (date.size() != 10 || date[4] != '-' || date[7] != '-' || !parse_number(date.substr(0, 4), year) ||
      !parse_number(date.substr(5, 2), month) || !parse_number(date.substr(8, 2), day) || year < 1970) {
    return std::nullopt;
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Calendar> calendar(icu::Calendar::createInstance(zone_of(zone).release(), status));
  if (U_FAILURE(status)) return std::nullopt;
  calendar->clear();
  calendar->setLenient(false);  // so that 31 February is refused
  calendar->set(year, month - 1, day);
  const UDate start = calendar->getTime(status);
  if (U_FAILURE(status)) return std::nullopt;
  if (days_later == 0) return base::from_ms(static_cast<std::int64_t>(start));
  calendar->setLenient(true);
  calendar->add(UCAL_DATE, days_later, status);
  const UDate later = calendar->getTime(status);
  if (U_FAILURE(status)) return std::nullopt;
  return base::from_ms(static_cast<std::int64_t>(later));
}

std::string print_day(base::Time t, std::string_view zone) {
  UErrorCode status = U_ZERO_ERROR;
  icu::SimpleDateFormat format(icu::UnicodeString("yyyy-MM-dd"), icu::Locale::getRoot(), status);
  if (U_FAILURE(status)) return {};
  format.adoptTimeZone(zone_of(zone).release());
  icu::UnicodeString printed;
  format.format(static_cast<UDate>(base::to_ms(t)), printed);
  std::string text;
  return printed.toUTF8String(text);
}

}  // namespace text
