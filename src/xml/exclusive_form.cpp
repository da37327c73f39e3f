#include "xml/exclusive_form.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "xml/libxml.hpp"

namespace xml {
namespace {

// What stands for an octet; "" = itself. RFC 3076 §2.3.
using Replacements = std::array<std::string_view, 256>;
constexpr Replacements in_text = [] {
  Replacements all{};
  all['&'] = "&amp;";
  all['<'] = "&lt;";
  all['>'] = "&gt;";
  all['\r'] = "&#xD;";
  return all;
}();
constexpr Replacements in_value = [] {
  Replacements all{};
  all['&'] = "&amp;";
  all['<'] = "&lt;";
  all['"'] = "&quot;";
  all['\t'] = "&#x9;";
  all['\n'] = "&#xA;";
  all['\r'] = "&#xD;";
  return all;
}();
constexpr Replacements in_comment = [] {
  Replacements all{};
  all['\r'] = "&#xD;";
  return all;
}();

struct Binding {
  std::string_view prefix;  // "" = default
  std::string_view uri;     // "" = none
};

class Form {
 public:
  Form(const Selection& selection, bool has_comments)
      : without_(selection.without ? node_of(*selection.without) : nullptr),
        has_signatures_(selection.has_signatures),
        has_comments_(has_comments) {}

  void write_document(const xmlNode* root) {
    for (const xmlNode* node = root->doc->children; node != nullptr; node = node->next) {
      if (node != root) {
        write_leaf(node);
      } else if (!is_taken_out(root)) {
        write_tree(root);
        place_ = Place::behind;
      }
    }
  }
  void write_part(const xmlNode* top) {
    for (const xmlNode* node = top->parent; node != nullptr; node = node->parent)
      if (is_taken_out(node)) return;
    write_tree(top);
  }
  base::Bytes take() { return std::move(out_); }

 private:
  // Where a comment or an instruction stands: beside the root each has a line of its own.
  enum class Place : std::uint8_t {
    before,
    inside,
    behind,
  };

  [[nodiscard]] bool is_taken_out(const xmlNode* node) const {
    return node == without_ || (!has_signatures_ && is_signature(node));
  }

  // No recursion, because depth is a limit of others.
  void write_tree(const xmlNode* top) {
    place_ = Place::inside;
    const xmlNode* node = top;
    while (node != nullptr) {
      if (node->type == XML_ELEMENT_NODE && !is_taken_out(node)) {
        open(node);
        if (node->children != nullptr) {
          node = node->children;
          continue;
        }
        close(node);
      } else if (node->type != XML_ELEMENT_NODE) {
        write_leaf(node);
      }
      while (node != top && node->next == nullptr) {
        node = node->parent;
        close(node);
      }
      node = node == top ? nullptr : node->next;
    }
  }

  void write_leaf(const xmlNode* node) {
    switch (node->type) {
      case XML_TEXT_NODE:
      case XML_CDATA_SECTION_NODE: append(view_of(node->content), in_text); break;
      case XML_PI_NODE: write_instruction(node); break;
      case XML_COMMENT_NODE:
        if (!has_comments_) break;
        if (place_ == Place::behind) out_ += '\n';
        out_ += "<!--";
        append(view_of(node->content), in_comment);
        out_ += "-->";
        if (place_ == Place::before) out_ += '\n';
        break;
      default: break;
    }
  }
  void write_instruction(const xmlNode* node) {
    if (place_ == Place::behind) out_ += '\n';
    out_.append("<?").append(view_of(node->name));
    if (const std::string_view content = view_of(node->content); !content.empty()) {
      out_ += ' ';
      append(content, in_comment);
    }
    out_ += "?>";
    if (place_ == Place::before) out_ += '\n';
  }

  void open(const xmlNode* element) {
    opened_.push_back(rendered_.size());
    out_ += '<';
    append_name(element->ns, element->name);
    write_namespaces(element);
    if (element->properties != nullptr) write_attributes(element);
    out_ += '>';
  }
  void close(const xmlNode* element) {
    out_ += "</";
    append_name(element->ns, element->name);
    out_ += '>';
    rendered_.resize(opened_.back());
    opened_.pop_back();
  }

  // §3: a namespace is written where its prefix is used, unless the nearest element above that uses it has the same.
  void write_namespaces(const xmlNode* element) {
    const std::size_t first = rendered_.size();
    render(element->ns == nullptr ? Binding{} : Binding{view_of(element->ns->prefix), view_of(element->ns->href)});
    for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next)
      if (attribute->ns != nullptr) render({view_of(attribute->ns->prefix), view_of(attribute->ns->href)});
    const auto begin = rendered_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, rendered_.end(), [](const Binding& a, const Binding& b) { return a.prefix < b.prefix; });
    for (auto one = begin; one != rendered_.end(); ++one) {
      out_ += " xmlns";
      if (!one->prefix.empty()) out_.append(":").append(one->prefix);
      out_ += "=\"";
      append(one->uri, in_value);
      out_ += '"';
    }
  }
  void render(Binding binding) {
    if (binding.prefix == "xml") return;
    const auto known = std::find_if(rendered_.rbegin(), rendered_.rend(),
                                    [&](const Binding& one) { return one.prefix == binding.prefix; });
    const std::string_view before = known == rendered_.rend() ? std::string_view() : known->uri;
    if (before != binding.uri) rendered_.push_back(binding);
  }

  // §2.2 of Canonical XML: by the URI of the namespace, those in none first, and by name.
  void write_attributes(const xmlNode* element) {
    attributes_.clear();
    for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next)
      attributes_.push_back(attribute);
    const auto key = [](const xmlAttr* attribute) {
      return std::pair(attribute->ns == nullptr ? std::string_view() : view_of(attribute->ns->href),
                       view_of(attribute->name));
    };
    std::sort(attributes_.begin(), attributes_.end(),
              [&](const xmlAttr* a, const xmlAttr* b) { return key(a) < key(b); });
    for (const xmlAttr* attribute : attributes_) {
      out_ += ' ';
      append_name(attribute->ns, attribute->name);
      out_ += "=\"";
      for (const xmlNode* part = attribute->children; part != nullptr; part = part->next)
        append(view_of(part->content), in_value);
      out_ += '"';
    }
  }

  void append_name(const xmlNs* ns, const xmlChar* name) {
    if (ns != nullptr && ns->prefix != nullptr) out_.append(view_of(ns->prefix)).append(":");
    out_ += view_of(name);
  }
  void append(std::string_view text, const Replacements& replacements) {
    std::size_t plain = 0;  // start of the octets that stand for themselves
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string_view replacement = replacements[static_cast<unsigned char>(text[i])];
      if (replacement.empty()) continue;
      out_.append(text.substr(plain, i - plain)).append(replacement);
      plain = i + 1;
    }
    out_.append(text.substr(plain));
  }

  const xmlNode* without_;
  bool has_signatures_;
  bool has_comments_;
  Place place_ = Place::before;
  base::Bytes out_;
  std::vector<Binding> rendered_;           // by the elements that are open, the outermost first
  std::vector<std::size_t> opened_;         // how many there were before each of these elements
  std::vector<const xmlAttr*> attributes_;  // of one element
};

}  // namespace

base::Bytes write_exclusive_form(const Document& document, const Selection& selection, bool has_comments) {
  Form form(selection, has_comments);
  if (selection.top) {
    form.write_part(node_of(*selection.top));
  } else {
    form.write_document(node_of(document.root()));
  }
  return form.take();
}

}  // namespace xml
