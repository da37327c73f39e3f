#include "xml/source_text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "xml/charset.hpp"
#include "xml/write_text.hpp"

namespace xml {
namespace {

using namespace std::string_view_literals;

// Half a second of one canonicalisation (Span::namespace_work).
constexpr std::uint64_t most_namespace_work = 500'000'000;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_end(char c) {
  return is_space(c) || c == '/' || c == '>' || c == '=' || c == '<' || c == '"' || c == '\'' || c == '&';
}

void append_code_point(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t octet) { out.push_back(static_cast<char>(static_cast<unsigned char>(octet))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// RFC 2781 §2.2. nullopt: an odd number of octets, or a surrogate without its other half.
std::optional<std::string> from_utf16(base::BytesView octets, bool is_big) {
  if (octets.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(octets[at]);
    const auto second = static_cast<unsigned char>(octets[at + 1]);
    return static_cast<std::uint32_t>(is_big ? first << 8 | second : second << 8 | first);
  };
  std::string text;
  text.reserve(octets.size() / 2 + octets.size() / 8);
  for (std::size_t at = 0; at < octets.size(); at += 2) {
    std::uint32_t c = unit(at);
    if (c >= 0xDC00 && c <= 0xDFFF) return std::nullopt;
    if (c >= 0xD800 && c <= 0xDBFF) {
      at += 2;
      if (at >= octets.size()) return std::nullopt;
      const std::uint32_t low = unit(at);
      if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    append_code_point(text, c);
  }
  return text;
}

class Scanner {
 public:
  Scanner(SourceText& source, const Limits& limits) : source_(source), text_(source.text), limits_(limits) {}

  void run() {
    if (read_declaration() && read_content()) return;
    source_.spans.clear();
  }

 private:
  bool refuse(std::string flaw, std::string detail) {
    source_.flaw = std::move(flaw);
    source_.detail = std::move(detail);
    return false;
  }
  bool malform() { return refuse("xml_malformed", "octet " + std::to_string(at_)); }
  bool exceed(const char* flaw, std::size_t limit) { return refuse(flaw, std::to_string(limit)); }

  [[nodiscard]] bool starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }
  [[nodiscard]] bool is_over() const { return at_ >= text_.size(); }

  bool skip_to(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return malform();
    at_ = found + end.size();
    return true;
  }
  void skip_spaces() {
    while (!is_over() && is_space(text_[at_])) ++at_;
  }
  std::string_view read_name() {
    const std::size_t start = at_;
    if (!is_over() && is_name_start(text_[at_]))
      while (!is_over() && !is_name_end(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }
  // `= "value"` with optional spaces. nullopt: something else.
  std::optional<std::string_view> read_value() {
    skip_spaces();
    if (is_over() || text_[at_] != '=') return std::nullopt;
    ++at_;
    skip_spaces();
    if (is_over() || (text_[at_] != '"' && text_[at_] != '\'')) return std::nullopt;
    const std::size_t start = at_ + 1;
    const std::size_t end = text_.find(text_[at_], start);
    if (end == std::string_view::npos) return std::nullopt;
    at_ = end + 1;
    const std::string_view value = text_.substr(start, end - start);
    if (value.find('<') != std::string_view::npos) return std::nullopt;
    return value;
  }

  // Production 23. The version must be 1.0, and the encoding that in which the octets were read. A declaration that
  // another parser refuses, or reads otherwise, is malformed.
  bool read_declaration() {
    if (!starts("<?xml") || text_.size() < 6 || !is_space(text_[5])) return true;
    at_ = 5;
    std::size_t next = 0;
    while (true) {
      const bool is_parted = !is_over() && is_space(text_[at_]);
      skip_spaces();
      if (starts("?>")) break;
      constexpr std::array<std::string_view, 3> names{"version", "encoding", "standalone"};
      const std::string_view name = read_name();
      const auto value = read_value();
      const auto* const known = std::find(names.begin(), names.end(), name);
      const auto place = static_cast<std::size_t>(known - names.begin());
      if (!value || !is_parted || known == names.end() || place < next || (next == 0 && place > 0)) return malform();
      next = place + 1;
      if (name == "standalone" && *value != "yes" && *value != "no") return malform();
      if (name == "version" && *value != "1.0") return refuse("xml_version", std::string(value->substr(0, 10)));
      if (name == "encoding" && !is_own_encoding(*value))
        return refuse("xml_encoding", std::string(value->substr(0, 40)));
    }
    if (next == 0) return malform();
    at_ += 2;
    source_.declaration = at_;
    return true;
  }
  bool is_own_encoding(std::string_view declared) {
    std::string name(declared);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (source_.encoding > Encoding::utf16_little) return find_charset(declared) == source_.encoding;
    switch (source_.encoding) {
      case Encoding::utf16_big: return name == "UTF-16" || name == "UTF-16BE";
      case Encoding::utf16_little: return name == "UTF-16" || name == "UTF-16LE";
      default: break;
    }
    const auto is_ascii = [&] {
      return std::all_of(text_.begin(), text_.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    };
    return name == "UTF-8" || name == "UTF8" || ((name == "US-ASCII" || name == "ASCII") && is_ascii());
  }

  bool read_content() {
    while (!is_over()) {
      if (text_[at_] != '<') {
        if (!count_nodes(1)) return false;
        at_ = std::min(text_.find('<', at_), text_.size());
        continue;
      }
      if (!read_markup()) return false;
    }
    if (!open_.empty() || source_.spans.empty()) return malform();
    return true;
  }
  bool read_markup() {
    if (starts("</")) return read_end_tag();
    if (starts("<!DOCTYPE")) return refuse("xml_dtd", "");
    if (!starts("<!") && !starts("<?")) return read_start_tag();
    if (!count_nodes(1)) return false;
    if (starts("<!--")) {
      at_ += 4;
      return skip_to("-->");
    }
    if (starts("<![CDATA[")) {
      if (open_.empty()) return malform();
      at_ += 9;
      return skip_to("]]>");
    }
    if (starts("<!")) return malform();
    at_ += 2;
    // A parser that does not take this for a target would go on inside of the instruction.
    if (is_over() || !is_name_start(text_[at_]) || static_cast<unsigned char>(text_[at_]) >= 0x80) return malform();
    return skip_to("?>");
  }

  bool read_start_tag() {
    Span span;
    span.start = static_cast<std::uint32_t>(at_);
    ++at_;
    if (read_name().empty()) return malform();
    std::size_t attributes = 0;
    std::uint64_t namespaces = open_.empty() ? 0 : open_.back().namespaces;
    bool is_empty = false;
    while (true) {
      const std::size_t before = at_;
      skip_spaces();
      if (is_over()) return malform();
      if (text_[at_] == '>') break;
      if (starts("/>")) {
        is_empty = true;
        ++at_;
        break;
      }
      if (at_ == before) return malform();
      const std::string_view name = read_name();
      if (name.empty() || !read_value()) return malform();
      if (++attributes > limits_.attributes) return exceed("xml_too_many_attributes", limits_.attributes);
      if (name == "xmlns" || name.starts_with("xmlns:")) ++namespaces;
    }
    ++at_;
    if (!count_nodes(1 + attributes)) return false;
    namespace_work_ += namespaces * namespaces;
    if (namespace_work_ > most_namespace_work) return refuse("xml_too_many_namespaces", "");
    // An own tree for each document: a second root is malformed.
    if (open_.empty() && !source_.spans.empty()) return malform();
    span.open_end = span.close_start = span.end = static_cast<std::uint32_t>(at_);
    span.namespace_work = namespaces * namespaces;
    source_.spans.push_back(span);
    if (open_.size() + 1 > limits_.depth) return exceed("xml_too_deep", limits_.depth);
    if (!is_empty) open_.push_back({source_.spans.size() - 1, namespaces, namespace_work_ - span.namespace_work});
    return true;
  }
  bool read_end_tag() {
    if (open_.empty()) return malform();
    Span& span = source_.spans[open_.back().element];
    span.close_start = static_cast<std::uint32_t>(at_);
    at_ += 2;
    if (read_name().empty()) return malform();
    skip_spaces();
    if (is_over() || text_[at_] != '>') return malform();
    ++at_;
    span.end = static_cast<std::uint32_t>(at_);
    span.namespace_work = namespace_work_ - open_.back().work_before;
    open_.pop_back();
    return true;
  }
  bool count_nodes(std::size_t more) {
    nodes_ += more;
    return nodes_ <= limits_.nodes || exceed("xml_too_many_nodes", limits_.nodes);
  }

  struct Open {
    std::size_t element;
    std::uint64_t namespaces;  // in scope
    std::uint64_t work_before;
  };
  SourceText& source_;
  std::string_view text_;
  const Limits& limits_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  std::uint64_t namespace_work_ = 0;
  std::vector<Open> open_;
};

// What the declaration says of its own encoding, before it is known what its octets mean; only to choose how they are
// read, because the scanner judges the declaration afterwards. "" = nothing.
std::string_view peek_encoding(base::BytesView octets) {
  constexpr std::size_t longest = 200;
  if (!octets.starts_with("<?xml")) return {};
  std::string_view declaration = octets.substr(0, longest);
  declaration = declaration.substr(0, declaration.find('>'));
  const std::size_t name = declaration.find("encoding");
  if (name == std::string_view::npos) return {};
  declaration.remove_prefix(name);
  const std::size_t quote = declaration.find_first_of("\"'");
  if (quote == std::string_view::npos) return {};
  const std::size_t end = declaration.find(declaration[quote], quote + 1);
  return end == std::string_view::npos ? std::string_view() : declaration.substr(quote + 1, end - quote - 1);
}

// False: not in an encoding that is read here.
bool decode(base::BytesView octets, SourceText& source) {
  if (octets.starts_with("\xFE\xFF") || octets.starts_with("\xFF\xFE")) {
    source.encoding = octets[0] == '\xFE' ? Encoding::utf16_big : Encoding::utf16_little;
    auto text = from_utf16(octets.substr(2), source.encoding == Encoding::utf16_big);
    if (!text) return false;
    source.text = std::move(*text);
    return true;
  }
  if (octets.starts_with("\xEF\xBB\xBF")) {
    source.encoding = Encoding::utf8_with_mark;
    octets.remove_prefix(3);
  }
  const auto charset = source.encoding == Encoding::utf8 ? find_charset(peek_encoding(octets)) : std::nullopt;
  if (charset) {
    auto text = from_charset(octets, *charset);
    if (!text) return false;
    source.encoding = *charset;
    source.text = std::move(*text);
    return true;
  }
  source.text = octets;
  return base::is_utf8(octets);
}

}  // namespace

SourceText scan(base::BytesView octets, const Limits& limits) {
  SourceText source;
  const std::size_t most = std::min<std::size_t>(limits.octets, std::numeric_limits<std::uint32_t>::max() / 4);
  if (octets.size() > most) {
    source.flaw = "xml_too_large";
    source.detail = std::to_string(most);
    return source;
  }
  if (!decode(octets, source)) {
    source.flaw = "xml_encoding";
    return source;
  }
  if (!is_text(source.text)) {
    source.flaw = "xml_malformed";
    source.detail = "control character";
    return source;
  }
  Scanner(source, limits).run();
  return source;
}

base::Bytes encode(std::string_view utf8, Encoding encoding) {
  if (encoding == Encoding::utf8) return base::Bytes(utf8);
  if (encoding == Encoding::utf8_with_mark) return "\xEF\xBB\xBF" + base::Bytes(utf8);
  if (encoding > Encoding::utf16_little) return to_charset(utf8, encoding);
  const bool is_big = encoding == Encoding::utf16_big;
  base::Bytes out;
  out.reserve(2 * utf8.size() + 2);
  const auto put = [&](std::uint32_t unit) {
    const char high = static_cast<char>(static_cast<unsigned char>(unit >> 8));
    const char low = static_cast<char>(static_cast<unsigned char>(unit & 0xFF));
    out.push_back(is_big ? high : low);
    out.push_back(is_big ? low : high);
  };
  put(0xFEFF);
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i++]);
    const int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    std::uint32_t c = more == 0 ? first : first & (0x3FU >> more);
    for (int k = 0; k < more && i < utf8.size(); ++k) c = c << 6 | (static_cast<unsigned char>(utf8[i++]) & 0x3F);
    if (c >= 0x10000) {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      put(c);
    }
  }
  return out;
}

}  // namespace xml
