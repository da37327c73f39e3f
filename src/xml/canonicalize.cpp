#include "xml/canonicalize.hpp"

#include <libxml/c14n.h>
#include <libxml/uri.h>

#include <algorithm>
#include <array>
#include <memory>

#include "xml/exclusive_form.hpp"
#include "xml/libxml.hpp"

namespace xml {
namespace {

constexpr std::string_view exclusive_uri = "http://www.w3.org/2001/10/xml-exc-c14n#";

// Each is looked for at each element.
constexpr std::size_t most_prefixes = 32;

struct Known {
  std::string_view uri;
  CanonicalForm form;
  bool has_comments;
};
constexpr std::array all_known{
    Known{"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", CanonicalForm::inclusive_1_0, false},
    Known{"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", CanonicalForm::inclusive_1_0, true},
    Known{"http://www.w3.org/2006/12/xml-c14n11", CanonicalForm::inclusive_1_1, false},
    Known{"http://www.w3.org/2006/12/xml-c14n11#WithComments", CanonicalForm::inclusive_1_1, true},
    Known{exclusive_uri, CanonicalForm::exclusive_1_0, false},
    Known{"http://www.w3.org/2001/10/xml-exc-c14n#WithComments", CanonicalForm::exclusive_1_0, true},
};

// Which nodes are visible. Answers about the element asked last are kept, because its attributes and children follow.
class Filter {
 public:
  explicit Filter(const Selection& selection)
      : top_(selection.top ? node_of(*selection.top) : nullptr),
        without_(selection.without ? node_of(*selection.without) : nullptr),
        has_signatures_(selection.has_signatures) {}

  // `parent` counts for namespaces and attributes.
  bool is_visible(const xmlNode* node, const xmlNode* parent) {
    if (node == nullptr) return false;
    switch (node->type) {
      case XML_NAMESPACE_DECL:
      case XML_ATTRIBUTE_NODE: return parent != nullptr && is_element_visible(parent);
      case XML_ELEMENT_NODE: return is_element_visible(node);
      case XML_DOCUMENT_NODE: return top_ == nullptr;
      default: break;
    }
    if (node->parent == nullptr || node->parent->type == XML_DOCUMENT_NODE) return top_ == nullptr;
    return is_element_visible(node->parent);
  }

 private:
  bool is_element_visible(const xmlNode* element) {
    if (element == last_) return is_last_visible_;
    bool is_inside = top_ == nullptr;
    bool is_taken_out = false;
    for (const xmlNode* node = element; node != nullptr && node->type == XML_ELEMENT_NODE; node = node->parent) {
      is_inside |= node == top_;
      is_taken_out |= node == without_ || (!has_signatures_ && is_signature(node));
    }
    last_ = element;
    is_last_visible_ = is_inside && !is_taken_out;
    return is_last_visible_;
  }

  const xmlNode* top_;
  const xmlNode* without_;
  bool has_signatures_;
  const xmlNode* last_ = nullptr;
  bool is_last_visible_ = false;
};

int ask_filter(void* filter, xmlNode* node, xmlNode* parent) {
  return static_cast<Filter*>(filter)->is_visible(node, parent) ? 1 : 0;
}
int append_octets(void* out, const char* octets, int size) {
  static_cast<base::Bytes*>(out)->append(octets, static_cast<std::size_t>(size));
  return size;
}

xmlC14NMode mode_of(CanonicalForm form) {
  switch (form) {
    case CanonicalForm::inclusive_1_0: return XML_C14N_1_0;
    case CanonicalForm::inclusive_1_1: return XML_C14N_1_1;
    case CanonicalForm::exclusive_1_0: break;
  }
  return XML_C14N_EXCLUSIVE_1_0;
}

struct OutputClosed {
  void operator()(xmlOutputBuffer* buffer) const { xmlOutputBufferClose(buffer); }
};

// As libxml2 judges it: a URI that it cannot read has no scheme.
bool is_relative(const xmlChar* uri) {
  const std::unique_ptr<xmlURI, decltype(&xmlFreeURI)> parsed(xmlParseURI(reinterpret_cast<const char*>(uri)),
                                                              xmlFreeURI);
  return !parsed || parsed->scheme == nullptr;
}

bool has_relative_namespace(const Document::Impl& impl) {
  if (!impl.has_relative_namespace) {
    impl.has_relative_namespace = std::any_of(impl.elements.begin(), impl.elements.end(), [](const xmlNode* element) {
      for (const xmlNs* declared = element->nsDef; declared != nullptr; declared = declared->next)
        if (!view_of(declared->href).empty() && is_relative(declared->href)) return true;
      return false;
    });
  }
  return *impl.has_relative_namespace;
}

// libxml2 asks about each node of the document, whichever part is wanted.
base::Result<base::Bytes> canonicalize_by_libxml(const Document& document, const Selection& selection,
                                                 const Canonicalization& by, bool has_comments) {
  base::Bytes out;
  const std::unique_ptr<xmlOutputBuffer, OutputClosed> buffer(
      xmlOutputBufferCreateIO(append_octets, nullptr, &out, nullptr));
  if (!buffer) throw std::bad_alloc();
  std::vector<xmlChar*> prefixes;
  for (const std::string& prefix : by.prefixes)
    prefixes.push_back(reinterpret_cast<xmlChar*>(const_cast<char*>(prefix.c_str())));  // only read
  prefixes.push_back(nullptr);
  Filter filter(selection);
  // Without a filter libxml2 does not ask about each node.
  const bool takes_out = selection.without || (!selection.has_signatures && document.impl().has_signatures);
  const bool is_whole = !selection.top && !takes_out;
  const int size = xmlC14NExecute(document.impl().tree.get(), is_whole ? nullptr : ask_filter, &filter,
                                  mode_of(by.form), prefixes.data(), has_comments ? 1 : 0, buffer.get());
  if (size < 0 || xmlOutputBufferFlush(buffer.get()) < 0)
    return base::fail(base::Code::invalid_input, "xml_namespace: the part has no canonical form");
  return out;
}

}  // namespace

std::optional<Canonicalization> find_canonicalization(std::string_view uri) {
  for (const Known& known : all_known)
    if (known.uri == uri) return Canonicalization{known.form, known.has_comments, {}};
  return std::nullopt;
}

std::optional<Canonicalization> find_canonicalization(const Element& method) {
  const auto uri = method.find_attribute("Algorithm");
  if (!uri) return std::nullopt;
  auto found = find_canonicalization(*uri);
  if (!found || found->form != CanonicalForm::exclusive_1_0) return found;
  for (const Element& parameter : method.find_all(exclusive_uri, "InclusiveNamespaces")) {
    const std::string list = parameter.find_attribute("PrefixList").value_or("");
    std::string_view rest = list;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
      if (end > 0) found->prefixes.emplace_back(rest.substr(0, end));
      if (found->prefixes.size() > most_prefixes) return std::nullopt;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return found;
}

base::Result<base::Bytes> canonicalize(const Document& document, const Selection& selection,
                                       const Canonicalization& by) {
  prepare_libxml();
  const bool has_comments = by.has_comments && selection.has_comments;
  const bool is_plain = by.form == CanonicalForm::exclusive_1_0 && by.prefixes.empty();
  if (is_plain && !has_relative_namespace(document.impl()))
    return write_exclusive_form(document, selection, has_comments);
  return canonicalize_by_libxml(document, selection, by, has_comments);
}

base::Result<base::Bytes> canonicalize(const Document& document, const Element& element, const Canonicalization& by) {
  Selection selection;
  selection.top = element;
  selection.has_comments = by.has_comments;
  return canonicalize(document, selection, by);
}

std::string text_of(const Document& document, const Selection& selection) {
  Filter filter(selection);
  std::string text;
  const xmlNode* const top = selection.top ? node_of(*selection.top) : node_of(document.root());
  const xmlNode* node = top;
  while (node != nullptr) {
    if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && filter.is_visible(node, node->parent))
      text += view_of(node->content);
    if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {
      node = node->children;
      continue;
    }
    while (node != top && node->next == nullptr) node = node->parent;
    node = node == top ? nullptr : node->next;
  }
  return text;
}

}  // namespace xml
