#include "xml/document.hpp"

#include <utility>

#include "xml/libxml.hpp"

namespace xml {
namespace {

// The last three are those of SAML 1.1, which has no others.
constexpr std::string_view id_names[] = {"Id", "ID", "id", "AssertionID", "RequestID", "ResponseID"};
// Of WS-Security: wsu:Id.
constexpr std::string_view security_namespace =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

bool has_beside_root(const xmlDoc* tree, xmlElementType type) {
  for (const xmlNode* node = tree->children; node != nullptr; node = node->next)
    if (node->type == type) return true;
  return false;
}

// The next node in document order below `top`; nullptr = none. No recursion, because depth is a limit of others.
const xmlNode* next_below(const xmlNode* node, const xmlNode* top) {
  if (node->type == XML_ELEMENT_NODE && node->children != nullptr) return node->children;
  while (node != top) {
    if (node->next != nullptr) return node->next;
    node = node->parent;
  }
  return nullptr;
}

std::string value_of(const xmlAttr* attribute) {
  // Without entities a value is one text, or none if it is empty.
  std::string value;
  for (const xmlNode* part = attribute->children; part != nullptr; part = part->next) value += view_of(part->content);
  return value;
}

bool is_white(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void append_ids(const xmlNode* element, Document::Impl& impl) {
  for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next) {
    const std::string_view name = view_of(attribute->name);
    const bool is_xml_id =
        attribute->ns != nullptr && name == "id" && view_of(attribute->ns->href) == view_of(XML_XML_NAMESPACE);
    bool is_id =
        is_xml_id || (attribute->ns != nullptr && name == "Id" && view_of(attribute->ns->href) == security_namespace);
    for (const std::string_view known : id_names) is_id |= attribute->ns == nullptr && name == known;
    if (!is_id) continue;
    auto& found = impl.ids[value_of(attribute)];
    if (!found.empty() && found.back() == element) continue;
    found.push_back(element);
  }
}

// Whether an element has the value under a name that is an id in every format.
bool has_strict_id(const xmlNode* element, std::string_view value) {
  for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next) {
    const std::string_view name = view_of(attribute->name);
    const bool is_own = attribute->ns == nullptr && (name == "Id" || name == "ID");
    const bool is_xml_id =
        attribute->ns != nullptr && name == "id" && view_of(attribute->ns->href) == view_of(XML_XML_NAMESPACE);
    if ((is_own || is_xml_id) && value_of(attribute) == value) return true;
  }
  return false;
}

void index_ids(const Document::Impl& impl) {
  if (impl.is_indexed) return;
  auto& mine = const_cast<Document::Impl&>(impl);  // its members are mutable
  for (const xmlNode* element : impl.elements) append_ids(element, mine);
  for (const auto& [value, elements] : impl.ids) {
    if (elements.size() < 2) continue;
    std::size_t strict = 0;
    for (const xmlNode* element : elements)
      if (has_strict_id(element, value)) ++strict;
    if (strict > 1 && (!impl.duplicate || value < *impl.duplicate)) impl.duplicate = value;
  }
  impl.is_indexed = true;
}

// What a parser must not have made, whatever stood in the text.
bool is_plain(const xmlNode* node) {
  return node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
         node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE;
}

bool collect_elements(Document::Impl& impl) {
  const xmlNode* const root = xmlDocGetRootElement(impl.tree.get());
  if (root == nullptr || impl.tree->intSubset != nullptr || impl.tree->extSubset != nullptr) return false;
  impl.elements.reserve(impl.source.spans.size());
  for (const xmlNode* node = root; node != nullptr; node = next_below(node, root)) {
    if (!is_plain(node)) return false;
    if (node->type != XML_ELEMENT_NODE) continue;
    impl.elements.push_back(node);
    impl.has_signatures = impl.has_signatures || is_signature(node);
    // The place of the element, from 1; libxml2 leaves this member to its user.
    const_cast<xmlNode*>(node)->_private = reinterpret_cast<void*>(impl.elements.size());
  }
  return impl.elements.size() == impl.source.spans.size();
}

}  // namespace

std::string_view Element::local_name() const {
  return view_of(node_of(*this)->name);
}
std::string Element::name() const {
  const xmlNode* const node = node_of(*this);
  if (node->ns == nullptr || node->ns->prefix == nullptr) return std::string(view_of(node->name));
  return std::string(view_of(node->ns->prefix)) + ":" + std::string(view_of(node->name));
}
std::string_view Element::namespace_uri() const {
  const xmlNode* const node = node_of(*this);
  return node->ns == nullptr ? std::string_view() : view_of(node->ns->href);
}
bool Element::is(std::string_view uri, std::string_view local) const {
  return local_name() == local && namespace_uri() == uri;
}
std::optional<std::string> Element::find_attribute(std::string_view local) const {
  for (const xmlAttr* attribute = node_of(*this)->properties; attribute != nullptr; attribute = attribute->next)
    if (attribute->ns == nullptr && view_of(attribute->name) == local) return value_of(attribute);
  return std::nullopt;
}
std::optional<std::string> Element::find_namespace(std::string_view prefix) const {
  for (const xmlNode* node = node_of(*this); node != nullptr && node->type == XML_ELEMENT_NODE; node = node->parent)
    for (const xmlNs* declared = node->nsDef; declared != nullptr; declared = declared->next)
      if (view_of(declared->prefix) == prefix) return std::string(view_of(declared->href));
  return std::nullopt;
}
std::optional<Element> Element::parent() const {
  const xmlNode* const above = node_of(*this)->parent;
  if (above == nullptr || above->type != XML_ELEMENT_NODE) return std::nullopt;
  return Element(above);
}
std::vector<Element> Element::children() const {
  std::vector<Element> all;
  for (const xmlNode* node = node_of(*this)->children; node != nullptr; node = node->next)
    if (node->type == XML_ELEMENT_NODE) all.emplace_back(node);
  return all;
}
std::vector<Element> Element::find_all(std::string_view uri, std::string_view local) const {
  std::vector<Element> all = children();
  std::erase_if(all, [&](const Element& child) { return !child.is(uri, local); });
  return all;
}
std::optional<Element> Element::find_only(std::string_view uri, std::string_view local) const {
  const std::vector<Element> all = find_all(uri, local);
  if (all.size() != 1) return std::nullopt;
  return all.front();
}
std::vector<Element> Element::find_below(std::string_view uri, std::string_view local) const {
  std::vector<Element> all;
  const xmlNode* const top = node_of(*this);
  for (const xmlNode* node = top; node != nullptr; node = next_below(node, top))
    if (node->type == XML_ELEMENT_NODE && Element(node).is(uri, local)) all.emplace_back(node);
  return all;
}
bool Element::contains(const Element& other) const {
  for (const xmlNode* node = node_of(other); node != nullptr; node = node->parent)
    if (node == node_of(*this)) return true;
  return false;
}
std::optional<std::string> Element::find_text() const {
  std::string text;
  for (const xmlNode* node = node_of(*this)->children; node != nullptr; node = node->next) {
    if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE) return std::nullopt;
    text += view_of(node->content);
  }
  return text;
}
bool Element::has_comments_below() const {
  const xmlNode* const top = node_of(*this);
  for (const xmlNode* node = top; node != nullptr; node = next_below(node, top))
    if (node->type == XML_COMMENT_NODE) return true;
  return false;
}
std::optional<std::string> Element::find_canonical_text() const {
  std::string text;
  for (const xmlNode* node = node_of(*this)->children; node != nullptr; node = node->next) {
    if (node->type == XML_COMMENT_NODE) continue;
    if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE) return std::nullopt;
    text += view_of(node->content);
  }
  return text;
}
bool Element::has_only_elements() const {
  for (const xmlNode* node = node_of(*this)->children; node != nullptr; node = node->next)
    if (node->type == XML_CDATA_SECTION_NODE || node->type == XML_PI_NODE ||
        (node->type == XML_TEXT_NODE && !is_white(view_of(node->content))))
      return false;
  return true;
}
bool Element::has_attributes() const {
  return node_of(*this)->properties != nullptr;
}
std::string Element::path() const {
  std::string path;
  for (std::optional<Element> step = *this; step; step = step->parent()) {
    std::string part = "/" + step->name();
    if (const auto above = step->parent()) {
      const std::vector<Element> alike = above->find_all(step->namespace_uri(), step->local_name());
      for (std::size_t i = 0; alike.size() > 1 && i < alike.size(); ++i)
        if (alike[i] == *step) part += "[" + std::to_string(i + 1) + "]";
    }
    path.insert(0, part);
  }
  return path;
}

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Element Document::root() const {
  return Element(impl_->elements.front());
}
bool Document::has_instructions_outside() const {
  return has_beside_root(impl_->tree.get(), XML_PI_NODE);
}
bool Document::has_comments_outside() const {
  return has_beside_root(impl_->tree.get(), XML_COMMENT_NODE);
}
Identified Document::find_by_id(std::string_view id) const {
  index_ids(*impl_);
  const auto found = impl_->ids.find(std::string(id));
  if (found == impl_->ids.end()) return {};
  Identified identified;
  identified.count = found->second.size();
  if (identified.count == 1) identified.element = Element(found->second.front());
  return identified;
}
std::optional<std::string> Document::find_duplicate_id() const {
  index_ids(*impl_);
  return impl_->duplicate;
}
std::string_view Document::text() const {
  return impl_->source.text;
}
Span Document::span_of(const Element& element) const {
  return impl_->source.spans.at(reinterpret_cast<std::size_t>(node_of(element)->_private) - 1);
}
Encoding Document::encoding() const {
  return impl_->source.encoding;
}

Parsed parse(base::BytesView octets, const Limits& limits) {
  prepare_libxml();
  Parsed parsed;
  auto impl = std::make_unique<Document::Impl>();
  impl->source = scan(octets, limits);
  if (!impl->source.flaw.empty()) {
    parsed.flaw = impl->source.flaw;
    parsed.detail = impl->source.detail;
    return parsed;
  }
  const Parser parser(xmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  const std::string_view text = std::string_view(impl->source.text).substr(impl->source.declaration);
  // libxml2's own limits are off, because ours held already: nothing grows here without entities.
  constexpr int options =
      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE | XML_PARSE_COMPACT;
  impl->tree.reset(
      xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", options));
  if (!impl->tree || parser->wellFormed == 0) {
    parsed.flaw = "xml_malformed";
    parsed.detail = "line " + std::to_string(parser->lastError.line);
    return parsed;
  }
  if (parser->nsWellFormed == 0) {
    parsed.flaw = "xml_namespace";
    return parsed;
  }
  if (!collect_elements(*impl)) {
    parsed.flaw = "xml_malformed";
    return parsed;
  }
  parsed.document.emplace(std::move(impl));
  return parsed;
}

std::string insert_last(const Document& document, const Element& parent, std::string_view inserted) {
  const Span span = document.span_of(parent);
  const std::string_view text = document.text();
  std::string out;
  out.reserve(text.size() + inserted.size() + 64);
  if (span.open_end == span.end) {
    // An empty-element tag ends in "/>".
    out.append(text.substr(0, span.open_end - 2)).append(">").append(inserted);
    out.append("</").append(parent.name()).append(">");
    out.append(text.substr(span.end));
  } else {
    out.append(text.substr(0, span.close_start)).append(inserted).append(text.substr(span.close_start));
  }
  return out;
}

std::string insert_first(const Document& document, const Element& parent, std::string_view inserted) {
  const Span span = document.span_of(parent);
  if (span.open_end == span.end) return insert_last(document, parent, inserted);
  std::string out(document.text());
  out.insert(span.open_end, inserted);
  return out;
}

std::string insert_behind(const Document& document, const Element& element, std::string_view inserted) {
  std::string out(document.text());
  out.insert(document.span_of(element).end, inserted);
  return out;
}

}  // namespace xml
