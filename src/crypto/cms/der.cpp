#include "crypto/cms/der.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace crypto::der {
namespace {

constexpr int deepest = 32;
constexpr std::size_t longest_oid = 128;

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

struct Head {
  std::uint8_t tag = 0;
  std::size_t size = 0;    // of tag and length
  std::size_t length = 0;  // of the content
  bool is_definite = true;
};

std::uint8_t octet(base::BytesView octets, std::size_t at) {
  return static_cast<std::uint8_t>(octets[at]);
}

base::Result<Head> read_head(base::BytesView octets, Rules rules) {
  if (octets.size() < 2) return fail("ASN.1 ends too early");
  Head head;
  head.tag = octet(octets, 0);
  if ((head.tag & 0x1fU) == 0x1fU) return fail("an ASN.1 tag of several octets");
  const std::uint8_t first = octet(octets, 1);
  head.size = 2;
  if (first < 0x80) {
    head.length = first;
  } else if (first == 0x80) {
    if (rules == Rules::der) return fail("an indefinite length, which DER has not");
    if ((head.tag & constructed) == 0) return fail("an indefinite length of a primitive element");
    head.is_definite = false;
    return head;
  } else {
    const std::size_t count = first & 0x7fU;
    if (count > 8 || octets.size() < 2 + count) return fail("an ASN.1 length that is too long");
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8U) | octet(octets, 2 + i);
    if (rules == Rules::der && (octet(octets, 2) == 0 || length < 0x80)) return fail("a length that is not DER");
    if (length > std::numeric_limits<std::uint32_t>::max()) return fail("an ASN.1 length that is too long");
    head.size += count;
    head.length = static_cast<std::size_t>(length);
  }
  if (head.length > octets.size() - head.size) return fail("an ASN.1 element longer than its parent");
  return head;
}

// Octets of the content of an element of indefinite length, without its end (two zero octets). A stack of its own
// instead of recursion: it holds for each open element where that ends, or "unknown".
base::Result<std::size_t> find_end(base::BytesView octets) {
  int open = 1;
  std::size_t at = 0;
  while (true) {
    if (octets.size() - at < 2) return fail("an indefinite length without end");
    if (octets[at] == 0) {
      if (octets[at + 1] != 0) return fail("a broken end of an indefinite length");
      if (--open == 0) return at;
      at += 2;
      continue;
    }
    ASSIGN_OR_RETURN(const Head head, read_head(octets.substr(at), Rules::ber));
    at += head.size;
    if (head.is_definite) {
      at += head.length;
    } else if (++open > deepest) {
      return fail("ASN.1 that is nested too deeply");
    }
  }
}

struct Civil {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<base::Duration> time;
};

Civil civil_of(base::Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<base::Duration>(time - day)};
}

void append_digits(std::string& out, std::int64_t number, int digits) {
  std::array<char, 8> text{};
  for (int i = digits - 1; i >= 0; --i, number /= 10) {
    text.at(static_cast<std::size_t>(i)) = static_cast<char>('0' + number % 10);
  }
  out.append(text.data(), static_cast<std::size_t>(digits));
}

std::string time_text(const Civil& civil, int digits_of_year) {
  const int year = static_cast<int>(civil.date.year());
  std::string text;
  append_digits(text, digits_of_year == 2 ? year % 100 : year, digits_of_year);
  append_digits(text, static_cast<unsigned>(civil.date.month()), 2);
  append_digits(text, static_cast<unsigned>(civil.date.day()), 2);
  append_digits(text, civil.time.hours().count(), 2);
  append_digits(text, civil.time.minutes().count(), 2);
  append_digits(text, civil.time.seconds().count(), 2);
  return text;
}

// nullopt: not digits.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

// X.690 §11.7.3: "The fractional-seconds elements, if present, shall omit all trailing zeros". Beyond milliseconds the
// digits are not kept.
base::Result<base::Duration> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return base::Duration(0);
  text.remove_prefix(1);
  const std::size_t size = std::min(text.find('Z'), text.size());
  if (size == 0 || size > 9 || text[size - 1] == '0') return fail("a fraction of a second that is not DER");
  std::int64_t thousandths = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (text[i] < '0' || text[i] > '9') return fail("a fraction of a second that is none");
    if (i < 3) thousandths = thousandths * 10 + (text[i] - '0');
  }
  for (std::size_t i = size; i < 3; ++i) thousandths *= 10;
  text.remove_prefix(size);
  return base::Duration(thousandths);
}

}  // namespace

base::Result<Element> Reader::take() {
  ASSIGN_OR_RETURN(Head head, read_head(rest_, rules_));
  Element element;
  element.tag = head.tag;
  element.is_definite = head.is_definite;
  std::size_t end_size = 0;
  if (!head.is_definite) {
    ASSIGN_OR_RETURN(head.length, find_end(rest_.substr(head.size)));
    end_size = 2;
  }
  element.content = rest_.substr(head.size, head.length);
  element.whole = rest_.substr(0, head.size + head.length + end_size);
  rest_.remove_prefix(element.whole.size());
  return element;
}

base::Result<Element> Reader::take(std::uint8_t tag) {
  if (rest_.empty()) return fail("an ASN.1 element is missing");
  if (next_tag() != tag) return fail("another ASN.1 element than expected");
  return take();
}

base::Result<Reader> Reader::enter(std::uint8_t tag) {
  ASSIGN_OR_RETURN(const Element element, take(tag));
  return Reader(element.content, rules_);
}

base::Result<std::optional<Element>> Reader::take_if(std::uint8_t tag) {
  if (next_tag() != tag || rest_.empty()) return std::optional<Element>();
  ASSIGN_OR_RETURN(const Element element, take());
  return std::optional<Element>(element);
}

base::Result<void> Reader::finish() const {
  if (!rest_.empty()) return fail("octets behind the end");
  return {};
}

base::Result<std::vector<Element>> read_all(base::BytesView octets, Rules rules) {
  std::vector<Element> all;
  Reader reader(octets, rules);
  while (!reader.is_at_end()) {
    ASSIGN_OR_RETURN(const Element one, reader.take());
    all.push_back(one);
  }
  return all;
}

base::Result<Element> read_one(base::BytesView octets, Rules rules) {
  Reader reader(octets, rules);
  ASSIGN_OR_RETURN(const Element one, reader.take());
  RETURN_IF_ERROR(reader.finish());
  return one;
}

base::Result<base::Bytes> join_octet_string(const Element& string) {
  if (string.tag == octet_string) return base::Bytes(string.content);
  if (string.tag != (octet_string | constructed)) return fail("not an OCTET STRING");
  base::Bytes joined;
  joined.reserve(string.content.size());
  Reader pieces(string.content, Rules::ber);
  while (!pieces.is_at_end()) {
    ASSIGN_OR_RETURN(const Element piece, pieces.take());
    // Pieces of pieces are allowed by X.690, and written by nobody.
    if (piece.tag != octet_string) return fail("an OCTET STRING of other pieces");
    joined.append(piece.content);
  }
  return joined;
}

bool is_canonical_integer(base::BytesView content) {
  if (content.empty()) return false;
  if (content.size() == 1) return true;
  const bool is_second_high = (octet(content, 1) & 0x80U) != 0;
  return !(octet(content, 0) == 0 && !is_second_high) && !(octet(content, 0) == 0xff && is_second_high);
}

base::Result<std::int64_t> read_small(const Element& number) {
  if (!is_canonical_integer(number.content) || (octet(number.content, 0) & 0x80U) != 0 || number.content.size() > 4) {
    return fail("a number that is too large, negative, or not DER");
  }
  std::int64_t value = 0;
  for (std::size_t i = 0; i < number.content.size(); ++i) value = value * 256 + octet(number.content, i);
  return value;
}

namespace {

// A number of any length, because identifiers made from a UUID (2.25.…, ITU-T X.667) have 128 bits: digits of the base
// 10^9 or 128, the least significant first.
class LongNumber {
 public:
  explicit LongNumber(std::uint64_t base) : base_(base) {}
  void append(std::uint64_t factor, std::uint64_t digit) {
    std::uint64_t carry = digit;
    for (std::uint64_t& one : digits_) {
      const std::uint64_t value = one * factor + carry;
      one = value % base_;
      carry = value / base_;
    }
    for (; carry > 0; carry /= base_) digits_.push_back(carry % base_);
  }
  [[nodiscard]] const std::vector<std::uint64_t>& digits() const { return digits_; }

 private:
  std::uint64_t base_;
  std::vector<std::uint64_t> digits_;
};

constexpr std::uint64_t billion = 1'000'000'000;
constexpr std::size_t longest_arc = 40;  // decimal digits

std::string decimal(const LongNumber& number) {
  if (number.digits().empty()) return "0";
  std::string text;
  for (std::size_t i = number.digits().size(); i-- > 0;) {
    const std::string part = std::to_string(number.digits()[i]);
    if (!text.empty()) text.append(9 - part.size(), '0');
    text.append(part);
  }
  return text;
}

// The first two numbers of an identifier stand in one: 40 · first + second.
std::optional<std::string> split_first(const LongNumber& arc) {
  if (arc.digits().size() > 1) return std::nullopt;
  const std::uint64_t value = arc.digits().empty() ? 0 : arc.digits().front();
  const std::uint64_t root = std::min<std::uint64_t>(value / 40, 2);
  return std::to_string(root) + "." + std::to_string(value - root * 40);
}

void append_arc(base::Bytes& out, const LongNumber& arc) {
  if (arc.digits().empty()) out.push_back('\0');
  for (std::size_t i = arc.digits().size(); i-- > 0;) {
    out.push_back(static_cast<char>(arc.digits()[i] | (i > 0 ? 0x80U : 0U)));
  }
}

// nullopt: no decimal number without leading zeros.
std::optional<LongNumber> parse_arc(std::string_view text) {
  const bool has_zero_before = text.size() > 1 && text.front() == '0';
  if (text.empty() || text.size() > longest_arc || has_zero_before) return std::nullopt;
  LongNumber number(128);
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number.append(10, static_cast<std::uint64_t>(c - '0'));
  }
  return number;
}

// The first two numbers as one; nullopt: they cannot begin an identifier.
std::optional<LongNumber> join_first(std::string_view first, std::string_view second) {
  if (first.size() != 1 || first.front() < '0' || first.front() > '2' || !parse_arc(second)) return std::nullopt;
  if (second.size() > 9 || (first != "2" && second.size() > 2)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : second) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  if (first != "2" && value > 39) return std::nullopt;
  LongNumber number(128);
  number.append(1, value + 40 * static_cast<std::uint64_t>(first.front() - '0'));
  return number;
}

}  // namespace

std::string oid_text(base::BytesView content) {
  if (content.empty() || content.size() > longest_oid || (octet(content, content.size() - 1) & 0x80U) != 0) return {};
  std::string text;
  LongNumber arc(billion);
  bool begins = true;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const std::uint8_t one = octet(content, i);
    if (begins && one == 0x80) return {};  // not the shortest form
    arc.append(128, one & 0x7fU);
    begins = (one & 0x80U) == 0;
    if (!begins) continue;
    if (text.empty()) {
      const auto first = split_first(arc);
      if (!first) return {};
      text = *first;
    } else {
      text.append(".").append(decimal(arc));
    }
    arc = LongNumber(billion);
  }
  return text;
}

namespace {

struct DateTime {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};
base::Result<base::Time> time_of(const DateTime& civil) {
  const std::chrono::year_month_day date{std::chrono::year(civil.year),
                                         std::chrono::month(static_cast<unsigned>(civil.month)),
                                         std::chrono::day(static_cast<unsigned>(civil.day))};
  // A leap second (60) has no place in the time of computers.
  if (!date.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 59)
    return fail("a time that does not exist");
  return base::Time(std::chrono::sys_days(date)) + std::chrono::hours(civil.hour) + std::chrono::minutes(civil.minute) +
         std::chrono::seconds(civil.second);
}
int full_year(int year, bool is_utc) {
  return is_utc ? year + (year < 50 ? 2000 : 1900) : year;
}

// "Z", "+0130", "-01": what is added to UTC.
std::optional<base::Duration> read_zone(std::string_view text) {
  if (text == "Z") return base::Duration(0);
  if (text.size() < 3 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const bool is_behind = text.front() == '-';
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  const auto minutes = text.empty() ? std::optional(0) : take_digits(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  const base::Duration zone = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_behind ? -zone : zone;
}

}  // namespace

base::Result<base::Time> read_time(const Element& time) {
  if (time.tag != utc_time && time.tag != generalized_time) return fail("not a time");
  std::string_view text = time.content;
  const auto year = take_digits(text, time.tag == utc_time ? 2 : 4);
  const auto month = take_digits(text, 2);
  const auto day = take_digits(text, 2);
  const auto hour = take_digits(text, 2);
  const auto minute = take_digits(text, 2);
  const auto second = take_digits(text, 2);
  if (!year || !month || !day || !hour || !minute || !second) return fail("a time that cannot be read");
  base::Duration fraction{0};
  if (time.tag == generalized_time) {
    ASSIGN_OR_RETURN(fraction, take_fraction(text));
  }
  if (text != "Z") return fail("a time that is not UTC");
  ASSIGN_OR_RETURN(const base::Time at,
                   time_of({full_year(*year, time.tag == utc_time), *month, *day, *hour, *minute, *second}));
  return at + fraction;
}

base::Result<base::Time> read_loose_time(const Element& time) {
  const bool is_utc = time.tag == utc_time;
  if (!is_utc && time.tag != generalized_time) return fail("not a time");
  std::string_view text = time.content;
  const auto year = take_digits(text, is_utc ? 2 : 4);
  const auto month = take_digits(text, 2);
  const auto day = take_digits(text, 2);
  const auto hour = take_digits(text, 2);
  const auto minute = take_digits(text, 2);
  if (!year || !month || !day || !hour || !minute) return fail("a time that cannot be read");
  const int second = take_digits(text, 2).value_or(0);
  if (!is_utc && (text.starts_with('.') || text.starts_with(','))) {
    text.remove_prefix(1);
    text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  }
  const auto zone = read_zone(text);
  if (!zone) return fail("a time without its difference to UTC");
  ASSIGN_OR_RETURN(const base::Time at, time_of({full_year(*year, is_utc), *month, *day, *hour, *minute, second}));
  return at - *zone;
}

namespace {

void append_head(base::Bytes& out, std::uint8_t tag, std::size_t size) {
  out.push_back(static_cast<char>(tag));
  if (size < 0x80) {
    out.push_back(static_cast<char>(size));
    return;
  }
  unsigned count = 1;
  for (std::size_t rest = size >> 8U; rest != 0; rest >>= 8U) ++count;
  out.push_back(static_cast<char>(0x80U | count));
  for (unsigned i = count; i-- > 0;) out.push_back(static_cast<char>((size >> (8U * i)) & 0xffU));
}

}  // namespace

void append(base::Bytes& out, std::uint8_t tag, base::BytesView content) {
  append_head(out, tag, content.size());
  out.append(content);
}

base::Bytes make(std::uint8_t tag, base::BytesView content) {
  base::Bytes out;
  out.reserve(content.size() + 6);
  append(out, tag, content);
  return out;
}

base::Bytes make(std::uint8_t tag, std::initializer_list<base::BytesView> parts) {
  std::size_t size = 0;
  for (const base::BytesView part : parts) size += part.size();
  base::Bytes out;
  out.reserve(size + 6);
  append_head(out, tag, size);
  for (const base::BytesView part : parts) out.append(part);
  return out;
}

base::Bytes make(const Oid& oid) {
  return make(object_identifier, oid.content());
}

base::Result<base::Bytes> make_oid(std::string_view dotted) {
  const auto take = [&dotted] {
    const std::size_t size = std::min(dotted.find('.'), dotted.size());
    const std::string_view part = dotted.substr(0, size);
    dotted.remove_prefix(std::min(size + 1, dotted.size()));
    return part;
  };
  if (dotted.empty() || dotted.ends_with('.')) return fail("not a dotted object identifier");
  const std::string_view root = take();
  const std::string_view second = take();
  const auto first = join_first(root, second);
  if (!first) return fail("not a dotted object identifier");
  base::Bytes content;
  append_arc(content, *first);
  while (!dotted.empty()) {
    const auto arc = parse_arc(take());
    if (!arc) return fail("not a dotted object identifier");
    append_arc(content, *arc);
  }
  if (content.size() > longest_oid) return fail("an object identifier that is too long");
  return make(object_identifier, content);
}

base::Bytes make_integer(std::uint64_t number) {
  base::Bytes octets;
  for (unsigned i = 8; i-- > 0;) octets.push_back(static_cast<char>((number >> (8U * i)) & 0xffU));
  return make_integer(base::BytesView(octets));
}

base::Bytes make_integer(base::BytesView number) {
  while (number.size() > 1 && number.front() == '\0') number.remove_prefix(1);
  base::Bytes content;
  if (number.empty() || (octet(number, 0) & 0x80U) != 0) content.push_back('\0');
  content.append(number);
  return make(integer, content);
}

base::Bytes make_set(std::uint8_t tag, std::vector<base::Bytes> members) {
  std::sort(members.begin(), members.end());
  base::Bytes content;
  for (const base::Bytes& member : members) content.append(member);
  return make(tag, content);
}

base::Bytes make_time(base::Time time) {
  const Civil civil = civil_of(time);
  const int year = static_cast<int>(civil.date.year());
  const bool is_short = year >= 1950 && year < 2050;
  return make(is_short ? utc_time : generalized_time, time_text(civil, is_short ? 2 : 4) + "Z");
}

base::Bytes make_exact_time(base::Time time) {
  const Civil civil = civil_of(time);
  std::string text = time_text(civil, 4);
  if (civil.time.subseconds().count() > 0) {
    text.push_back('.');
    append_digits(text, civil.time.subseconds().count(), 3);
    while (text.back() == '0') text.pop_back();
  }
  return make(generalized_time, text + "Z");
}

}  // namespace crypto::der
