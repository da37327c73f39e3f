// The reader of XML: whatever the octets are, nothing outside is reached; a canonical form stays as it is, our own one
// is that of libxml2, and what is inserted leaves a document. Input: a path, a newline, the document.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xml/canonicalize.hpp"
#include "xml/find_elements.hpp"

namespace {

void demand(bool good) {
  if (!good) std::abort();
}

void check(const xml::Document& document, const xml::Element& element, const xml::Canonicalization& form) {
  const auto canonical = xml::canonicalize(document, element, form);
  if (!canonical) return;
  xml::Limits limits;
  limits.octets *= 8;
  const auto again = xml::parse(*canonical, limits);
  // Namespaces of the surroundings may add attributes to an element.
  if (!again.document) return demand(again.flaw.starts_with("xml_too_many"));
  const auto second = xml::canonicalize(*again.document, again.document->root(), form);
  demand(second && *second == *canonical);
}

// A list with a prefix that nobody can bind changes nothing, and libxml2 writes the form.
void compare(const xml::Document& document, const xml::Selection& selection) {
  const auto form = xml::CanonicalForm::exclusive_1_0;
  const auto ours = xml::canonicalize(document, selection, {form, true, {}});
  const auto theirs = xml::canonicalize(document, selection, {form, true, {"no prefix"}});
  demand(ours.has_value() == theirs.has_value() && (!ours || *ours == *theirs));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  const std::string_view path = input.substr(0, line == std::string_view::npos ? 0 : line);
  const auto parsed = xml::parse(input.substr(line == std::string_view::npos ? 0 : line + 1));
  demand(parsed.document.has_value() == parsed.flaw.empty());
  if (!parsed.document) return 0;
  const xml::Document& document = *parsed.document;
  static_cast<void>(document.find_duplicate_id());
  static_cast<void>(document.find_by_id(path));
  std::vector<xml::Element> elements{document.root()};
  if (const auto found = xml::find_elements(document, path))
    elements.insert(elements.end(), found->begin(), found->end());
  if (elements.size() > 4) elements.resize(4, elements.front());
  for (const xml::Element& element : elements) {
    for (const bool has_signatures : {false, true}) {
      compare(document, {element, {}, has_signatures, true});
      compare(document, {{}, element, has_signatures, false});
    }
    static_cast<void>(element.path());
    static_cast<void>(element.find_text());
    for (const auto form :
         {xml::CanonicalForm::inclusive_1_0, xml::CanonicalForm::inclusive_1_1, xml::CanonicalForm::exclusive_1_0})
      check(document, element, {form, true, {"a", "#default"}});
    demand(xml::parse(xml::insert_last(document, element, "<n/>")).flaw != "xml_malformed");
    demand(xml::parse(xml::insert_first(document, element, "<n/>")).flaw != "xml_malformed");
  }
  return 0;
}
