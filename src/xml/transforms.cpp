#include "xml/transforms.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "xml/find_elements.hpp"

namespace xml {
namespace {

constexpr std::size_t most_transforms = 8;
constexpr std::string_view enveloped_uri = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view base64_uri = "http://www.w3.org/2000/09/xmldsig#base64";
constexpr std::string_view xpath_uri = "http://www.w3.org/TR/1999/REC-xpath-19991116";
constexpr std::string_view filter_uri = "http://www.w3.org/2002/06/xmldsig-filter2";
constexpr std::string_view xslt_uri = "http://www.w3.org/TR/1999/REC-xslt-19991116";

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  return text;
}

// Whether the expression is `before` PREFIX ":Signature" `behind`, the prefix bound to that of XML-DSig at the place.
bool names_signatures(std::string_view expression, std::string_view before, std::string_view behind,
                      const Element& place) {
  if (!expression.starts_with(before)) return false;
  expression.remove_prefix(before.size());
  if (!expression.ends_with(behind)) return false;
  expression.remove_suffix(behind.size());
  const std::size_t colon = expression.find(':');
  if (colon == std::string_view::npos || colon == 0 || expression.substr(colon) != ":Signature") return false;
  return place.find_namespace(expression.substr(0, colon)) == signature_namespace;
}

// The expression that XML-DSig §6.6.4 gives as the meaning of enveloped-signature: all but the ds:Signature in which it
// stands.
bool names_own_signature(std::string_view expression, const Element& place) {
  constexpr std::string_view begin = "count(ancestor-or-self::";
  if (!expression.starts_with(begin)) return false;
  const std::string_view rest = expression.substr(begin.size());
  const std::string prefix(rest.substr(0, rest.find(':')));
  const std::string name = prefix + ":Signature";
  return place.find_namespace(prefix) == signature_namespace &&
         expression ==
             std::string(begin) + name + "|here()/ancestor::" + name + "[1])>count(ancestor-or-self::" + name + ")";
}

// Elements by their name as it is written: /descendant::*[name()='ds:Signature']. nullopt: another expression.
std::optional<std::string_view> find_written_name(std::string_view expression) {
  for (const std::string_view begin : {"/descendant::*[name()=", "//*[name()="}) {
    if (!expression.starts_with(begin) || expression.size() < begin.size() + 4 || !expression.ends_with(']')) continue;
    const std::string_view quoted = expression.substr(begin.size(), expression.size() - begin.size() - 1);
    if (quoted.front() != quoted.back() || (quoted.front() != '\'' && quoted.front() != '"')) continue;
    return quoted.substr(1, quoted.size() - 2);
  }
  return std::nullopt;
}

void collect_named(const Element& element, std::string_view name, std::vector<Element>& all) {
  if (element.name() == name) all.push_back(element);
  for (const Element& child : element.children()) collect_named(child, name, all);
}

class Pipeline {
 public:
  Pipeline(Referenced from, const Element& signature, const Limits& limits)
      : at_(std::move(from)), signature_(signature), limits_(limits) {
    out_.selection = at_.selection;
  }

  Transformed run(const std::optional<Element>& transforms) {
    if (transforms && !apply_all(*transforms)) return std::move(out_);
    out_.is_nodes = is_own_tree();
    if (at_.document != nullptr && !write({CanonicalForm::inclusive_1_0, false, {}})) return std::move(out_);
    out_.octets = std::move(at_.octets);
    return std::move(out_);
  }

 private:
  bool refuse(std::string flaw, std::string detail) {
    out_.flaw = std::move(flaw);
    out_.detail = std::move(detail);
    return false;
  }

  bool apply_all(const Element& transforms) {
    const std::vector<Element> all = transforms.children();
    if (all.empty() || all.size() > most_transforms) return refuse("xml_transform", std::to_string(all.size()));
    for (const Element& transform : all) {
      const std::string uri = transform.find_attribute("Algorithm").value_or("");
      if (!transform.is(signature_namespace, "Transform")) return refuse("xml_transform", transform.name());
      out_.algorithms.push_back(uri);
      if (!apply(uri, transform)) return false;
    }
    return true;
  }

  bool apply(const std::string& uri, const Element& transform) {
    if (const auto form = find_canonicalization(transform)) return demand_tree() && write(*form);
    if (uri == enveloped_uri) return take_signature_out();
    if (uri == base64_uri) return decode_base64();
    if (uri == xpath_uri) return demand_tree() && filter_by_xpath(transform);
    if (uri == filter_uri) return demand_tree() && filter_by_paths(transform);
    if (uri == xslt_uri) return refuse("xml_transform_xslt", "");
    return refuse("xml_transform", uri.substr(0, 200));
  }

  // Octets are parsed for a transform that reads nodes (XML-DSig §4.4.3.2).
  bool demand_tree() {
    if (at_.document != nullptr) return true;
    Parsed parsed = parse(at_.octets, limits_);
    if (!parsed.document) return refuse(parsed.flaw, parsed.detail);
    parsed_.push_back(std::make_unique<Document>(std::move(*parsed.document)));
    at_ = Referenced{parsed_.back().get(), {}, {}};
    at_.selection.has_comments = true;
    return true;
  }
  bool write(const Canonicalization& form) {
    auto octets = canonicalize(*at_.document, at_.selection, form);
    if (!octets) return refuse("xml_namespace", "");
    if (parsed_.empty()) out_.selection = at_.selection;
    at_ = Referenced{nullptr, {}, std::move(*octets)};
    return true;
  }
  [[nodiscard]] bool is_own_tree() const { return at_.document != nullptr && parsed_.empty(); }

  bool take_signature_out() {
    if (!is_own_tree() || at_.selection.top == signature_) return refuse("xml_transform_place", "");
    // XML-DSig §6.6.4: it takes out what is in the node-set. Many programs put the signature beside what it signs.
    if (at_.selection.top && !at_.selection.top->contains(signature_)) return true;
    at_.selection.without = signature_;
    out_.is_enveloped = true;
    return true;
  }
  void take_signatures_out() {
    at_.selection.has_signatures = false;
    out_.is_enveloped |= is_own_tree();
  }
  bool decode_base64() {
    if (at_.document != nullptr && parsed_.empty()) out_.selection = at_.selection;
    auto octets = read_base64(at_.document != nullptr ? text_of(*at_.document, at_.selection) : at_.octets);
    if (!octets) return refuse("xml_base64", "");
    at_ = Referenced{nullptr, {}, std::move(*octets)};
    return true;
  }
  bool filter_by_xpath(const Element& transform) {
    const auto xpath = transform.find_only(signature_namespace, "XPath");
    const auto text = xpath ? xpath->find_text() : std::nullopt;
    if (!text || transform.children().size() != 1) return refuse("xml_transform_xpath", "");
    const std::string expression = without_spaces(*text);
    if (names_own_signature(expression, *xpath)) return take_signature_out();
    if (!names_signatures(expression, "not(ancestor-or-self::", ")", *xpath))
      return refuse("xml_transform_xpath", text->substr(0, 200));
    take_signatures_out();
    return true;
  }
  bool filter_by_paths(const Element& transform) {
    const std::vector<Element> paths = transform.children();
    if (paths.empty() || paths.size() > most_transforms) return refuse("xml_transform_xpath", "");
    for (const Element& path : paths) {
      const auto text = path.find_text();
      if (!path.is(filter_uri, "XPath") || !text) return refuse("xml_transform_xpath", "");
      if (!filter_by_path(path, without_spaces(*text))) return refuse("xml_transform_xpath", text->substr(0, 200));
    }
    return true;
  }
  bool filter_by_path(const Element& path, const std::string& expression) {
    const std::string filter = path.find_attribute("Filter").value_or("");
    if (filter == "subtract") {
      const bool is_known = names_signatures(expression, "/descendant::", "", path) ||
                            names_signatures(expression, "//", "", path) ||
                            names_signatures(expression, "/descendant-or-self::", "", path);
      if (is_known) take_signatures_out();
      return is_known || subtract(path, expression);
    }
    // A part of what an earlier transform has written has no place in the document, and so no scope that is told.
    if (filter != "intersect" || !parsed_.empty()) return false;
    if (expression == "/") return true;
    const auto found = find_elements(*at_.document, expression, path);
    if (!found || found->size() != 1) return false;
    if (at_.selection.top && !at_.selection.top->contains(found->front())) return false;
    at_.selection.top = found->front();
    return true;
  }

  // A path that takes out nothing but signatures: all of the document, or this one.
  bool subtract(const Element& path, std::string_view expression) {
    if (!is_own_tree()) return false;
    std::vector<Element> found;
    if (const auto name = find_written_name(expression)) {
      collect_named(at_.document->root(), *name, found);
    } else if (auto by_path = find_elements(*at_.document, expression, path)) {
      found = std::move(*by_path);
    }
    const auto is_signature = [](const Element& one) { return one.is(signature_namespace, "Signature"); };
    if (found.empty() || !std::all_of(found.begin(), found.end(), is_signature)) return false;
    if (found.size() == 1 && found.front() == signature_) return take_signature_out();
    const std::vector<Element> all = at_.document->root().find_below(signature_namespace, "Signature");
    const bool are_all = std::all_of(all.begin(), all.end(), [&](const Element& one) {
      return std::any_of(found.begin(), found.end(), [&](const Element& out) { return out.contains(one); });
    });
    if (are_all) take_signatures_out();
    return are_all;
  }

  Referenced at_;
  const Element signature_;
  const Limits& limits_;
  Transformed out_;
  std::vector<std::unique_ptr<Document>> parsed_;  // documents made of octets on the way
};

}  // namespace

Transformed apply_transforms(const std::optional<Element>& transforms, Referenced from, const Element& signature,
                             const Limits& limits) {
  return Pipeline(std::move(from), signature, limits).run(transforms);
}

std::optional<base::Bytes> read_base64(std::string_view text) {
  auto octets = base::parse_base64(without_spaces(std::string(text)));
  if (!octets) return std::nullopt;
  return std::move(*octets);
}

}  // namespace xml
