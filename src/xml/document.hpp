// XML documents (XML 1.0, Namespaces 1.0) as trees. What could reach outside or grow is refused: document type
// declarations, entities, encodings other than UTF-8, UTF-16 and those of one octet a character, whatever is larger
// than the limits. Nothing is fetched and nothing is printed. A document is read by one thread at a time; different
// documents need no care.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "xml/limits.hpp"
#include "xml/source_text.hpp"

namespace xml {

inline constexpr std::string_view signature_namespace = "http://www.w3.org/2000/09/xmldsig#";

/// An element, as long as its document lives.
class Element {
 public:
  [[nodiscard]] std::string_view local_name() const;
  /// With its prefix, as it stands in the document.
  [[nodiscard]] std::string name() const;
  /// "" = none.
  [[nodiscard]] std::string_view namespace_uri() const;
  [[nodiscard]] bool is(std::string_view namespace_uri, std::string_view local_name) const;

  /// The value of the attribute that is in no namespace.
  [[nodiscard]] std::optional<std::string> find_attribute(std::string_view local_name) const;
  /// The namespace to which a prefix ("" = default) is bound here.
  [[nodiscard]] std::optional<std::string> find_namespace(std::string_view prefix) const;

  [[nodiscard]] std::optional<Element> parent() const;
  [[nodiscard]] std::vector<Element> children() const;
  /// The only child of that name; nullopt: none, or several.
  [[nodiscard]] std::optional<Element> find_only(std::string_view namespace_uri, std::string_view local_name) const;
  [[nodiscard]] std::vector<Element> find_all(std::string_view namespace_uri, std::string_view local_name) const;
  /// Elements of that name below this one, in document order; also itself.
  [[nodiscard]] std::vector<Element> find_below(std::string_view namespace_uri, std::string_view local_name) const;
  [[nodiscard]] bool contains(const Element& other) const;  // also itself

  /// The text, if nothing but text stands inside: no element, comment or processing instruction.
  [[nodiscard]] std::optional<std::string> find_text() const;
  /// Whether nothing but elements, comments and white space stands inside.
  [[nodiscard]] bool has_only_elements() const;
  /// Whether a comment stands inside, at any depth.
  [[nodiscard]] bool has_comments_below() const;
  /// The text without comments, as a canonical form without them has it. nullopt: an element or an instruction stands
  /// inside.
  [[nodiscard]] std::optional<std::string> find_canonical_text() const;
  /// Declarations of namespaces are none.
  [[nodiscard]] bool has_attributes() const;
  /// "/a:Root/Part[2]", with the prefixes of the document.
  [[nodiscard]] std::string path() const;

  bool operator==(const Element&) const = default;

  explicit Element(const void* node) : node_(node) {}  // for this room only
  [[nodiscard]] const void* node() const { return node_; }

 private:
  const void* node_;
};

/// What was found under an id.
struct Identified {
  std::size_t count = 0;
  std::optional<Element> element;  // of count 1
};

class Document {
 public:
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  [[nodiscard]] Element root() const;
  /// Whether a processing instruction or a comment stands beside the root: a browser follows <?xml-stylesheet?>.
  [[nodiscard]] bool has_instructions_outside() const;
  [[nodiscard]] bool has_comments_outside() const;
  /// Elements whose attribute Id, ID, id or xml:id has the value.
  [[nodiscard]] Identified find_by_id(std::string_view id) const;
  /// A value that several elements have as Id, ID or xml:id. "id" is not looked at, because many formats use it for
  /// something else; a reference to such a value is refused by its count.
  [[nodiscard]] std::optional<std::string> find_duplicate_id() const;

  /// The text from which it was parsed: UTF-8 without a mark, otherwise unchanged.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] Span span_of(const Element& element) const;
  [[nodiscard]] Encoding encoding() const;

  struct Impl;  // for this room only
  [[nodiscard]] const Impl& impl() const { return *impl_; }
  explicit Document(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

/// `document` or why there is none: xml_malformed, xml_encoding, xml_version, xml_dtd, xml_namespace, xml_too_large,
/// xml_too_deep, xml_too_many_attributes, xml_too_many_nodes, xml_too_many_namespaces. `detail`: the limit, or where.
struct Parsed {
  std::optional<Document> document;
  std::string flaw;
  std::string detail;
};
Parsed parse(base::BytesView octets, const Limits& limits = {});

/// The text of the document with `inserted` as last child, as first child, or behind the element; every other octet as
/// it was. UTF-8 without a mark; xml::encode gives it the encoding of the document.
std::string insert_last(const Document& document, const Element& parent, std::string_view inserted);
std::string insert_first(const Document& document, const Element& parent, std::string_view inserted);
std::string insert_behind(const Document& document, const Element& element, std::string_view inserted);

}  // namespace xml
