// The text of an XML document before it is parsed: its encoding, its limits, and where each element stands in it. The
// scanner reads tags, comments, CDATA and processing instructions exactly as a parser does and refuses what a parser
// would read otherwise, so that no limit can be passed by text that only one of both takes for a tag.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "xml/limits.hpp"

namespace xml {

enum class Encoding : std::uint8_t {
  utf8,
  utf8_with_mark,
  utf16_big,     // with mark
  utf16_little,  // with mark
  // Of one octet a character: xml/charset.hpp.
  iso_8859_1,
  iso_8859_2,
  iso_8859_3,
  iso_8859_4,
  iso_8859_5,
  iso_8859_7,
  iso_8859_9,
  iso_8859_10,
  iso_8859_13,
  iso_8859_14,
  iso_8859_15,
  iso_8859_16,
  windows_1250,
  windows_1251,
  windows_1252,
  windows_1253,
  windows_1254,
  windows_1257,
  koi8_r,
  koi8_u,
};
inline constexpr std::size_t count_of_encodings = static_cast<std::size_t>(Encoding::koi8_u) + 1;

/// Where an element stands in the text, in octets of UTF-8.
struct Span {
  std::uint32_t start = 0;        // of "<"
  std::uint32_t open_end = 0;     // behind the start tag
  std::uint32_t close_start = 0;  // of "</"; for an empty-element tag its end
  std::uint32_t end = 0;          // behind the end tag
  /// Of the element and all below: the sum of the squares of the namespaces in scope, which is what libxml2's search of
  /// prefixes costs in each canonicalisation.
  std::uint64_t namespace_work = 0;
};

struct SourceText {
  std::string text;  // UTF-8 without a mark
  Encoding encoding = Encoding::utf8;
  std::size_t declaration = 0;  // octets of the XML declaration; 0 = none
  std::vector<Span> spans;      // of the elements, in document order
  std::string flaw;             // "" = none, as in Parsed
  std::string detail;
};
SourceText scan(base::BytesView octets, const Limits& limits);

/// UTF-8 in the encoding of a document.
base::Bytes encode(std::string_view utf8, Encoding encoding);

}  // namespace xml
