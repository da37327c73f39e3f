// libxml2 for this room only: its owners, and its state of a thread.
#pragma once

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "xml/document.hpp"

namespace xml {

struct TreeFreed {
  void operator()(xmlDoc* tree) const { xmlFreeDoc(tree); }
};
using Tree = std::unique_ptr<xmlDoc, TreeFreed>;
struct ParserFreed {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};
using Parser = std::unique_ptr<xmlParserCtxt, ParserFreed>;

struct Document::Impl {
  SourceText source;
  Tree tree;
  // In document order; an element's place stands in its _private, from 1.
  std::vector<const xmlNode*> elements;
  bool has_signatures = false;  // a ds:Signature is among them
  mutable bool is_indexed = false;
  mutable std::unordered_map<std::string, std::vector<const xmlNode*>> ids;
  mutable std::optional<std::string> duplicate;
  mutable std::optional<bool> has_relative_namespace;  // nullopt: not looked for yet
};

/// Once for the process, and for each thread that calls it: nothing is loaded, nothing is printed.
void prepare_libxml();

inline const xmlNode* node_of(const Element& element) {
  return static_cast<const xmlNode*>(element.node());
}
inline std::string_view view_of(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}
inline bool is_signature(const xmlNode* node) {
  return node->type == XML_ELEMENT_NODE && node->ns != nullptr && view_of(node->name) == "Signature" &&
         view_of(node->ns->href) == signature_namespace;
}

}  // namespace xml
