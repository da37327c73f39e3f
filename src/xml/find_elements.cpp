#include "xml/find_elements.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>

namespace xml {
namespace {

struct Predicate {
  std::size_t position = 0;  // from 1; 0 = the attribute counts
  bool is_last = false;
  std::string attribute;
  std::string value;
};
struct Step {
  bool is_anywhere = false;  // behind "//"
  std::string prefix;
  std::string name;  // "*" = any
  std::vector<Predicate> predicates;
};

bool is_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

class PathReader {
 public:
  explicit PathReader(std::string_view path) : rest_(path) {}

  std::optional<std::vector<Step>> read() {
    std::vector<Step> steps;
    while (!rest_.empty()) {
      Step step;
      if (!take("/")) return std::nullopt;
      step.is_anywhere = take("/");
      if (!read_step(step)) return std::nullopt;
      steps.push_back(std::move(step));
    }
    if (steps.empty()) return std::nullopt;
    return steps;
  }

 private:
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string read_name() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_in_name);
    std::string name(rest_.begin(), end);
    rest_.remove_prefix(name.size());
    return name;
  }
  bool read_step(Step& step) {
    if (take("*")) {
      step.name = "*";
    } else {
      step.name = read_name();
      if (take(":")) {
        step.prefix = std::move(step.name);
        step.name = take("*") ? "*" : read_name();
        if (step.prefix.empty()) return false;
      }
      if (step.name.empty() || step.name == "." || step.name == "..") return false;
    }
    while (take("["))
      if (!read_predicate(step)) return false;
    return true;
  }
  bool read_predicate(Step& step) {
    Predicate predicate;
    if (take("last()")) {
      predicate.is_last = true;
    } else if (take("@")) {
      predicate.attribute = read_name();
      if (predicate.attribute.empty() || !take("=")) return false;
      const char quote = rest_.empty() ? ' ' : rest_.front();
      if (quote != '\'' && quote != '"') return false;
      const std::size_t end = rest_.find(quote, 1);
      if (end == std::string_view::npos) return false;
      predicate.value = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
    } else {
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), predicate.position);
      if (error != std::errc() || predicate.position == 0) return false;
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    }
    step.predicates.push_back(std::move(predicate));
    return take("]");
  }

  std::string_view rest_;
};

using Fits = std::function<bool(const Step&, const Element&)>;

void keep_by(const Predicate& predicate, std::vector<Element>& elements) {
  if (!predicate.attribute.empty()) {
    std::erase_if(elements, [&](const Element& element) {
      return element.find_attribute(predicate.attribute) != predicate.value;
    });
    return;
  }
  const std::size_t position = predicate.is_last ? elements.size() : predicate.position;
  if (position == 0 || position > elements.size()) return elements.clear();
  elements = {elements[position - 1]};
}

void append_descendants(const Element& top, std::vector<Element>& all) {
  // Depth is limited when a document is parsed.
  all.push_back(top);
  for (const Element& child : top.children()) append_descendants(child, all);
}

std::vector<Element> take_step(const Step& step, const std::vector<Element>& from, const Fits& fits) {
  std::vector<Element> found;
  for (const Element& parent : from) {
    std::vector<Element> children = parent.children();
    std::erase_if(children, [&](const Element& child) { return !fits(step, child); });
    for (const Predicate& predicate : step.predicates) keep_by(predicate, children);
    found.insert(found.end(), children.begin(), children.end());
  }
  return found;
}

std::vector<Element> walk(const Document& document, const std::vector<Step>& steps, const Fits& fits) {
  std::vector<Element> at;
  bool is_first = true;
  for (const Step& step : steps) {
    std::vector<Element> next;
    std::vector<Element> parents;
    if (is_first || !step.is_anywhere) {
      parents = at;
    } else {
      // All are of one depth, because "//" occurs once: none is inside of another.
      for (const Element& element : at) append_descendants(element, parents);
    }
    if (is_first) {
      if (step.is_anywhere) append_descendants(document.root(), parents);
      std::vector<Element> root;
      if (fits(step, document.root())) root.push_back(document.root());
      for (const Predicate& predicate : step.predicates) keep_by(predicate, root);
      next = std::move(root);
    }
    const std::vector<Element> below = take_step(step, parents, fits);
    next.insert(next.end(), below.begin(), below.end());
    at = std::move(next);
    is_first = false;
    if (at.empty()) break;
  }
  return at;
}

std::optional<std::string> find_declared(const Element& top, std::string_view prefix) {
  if (auto bound = top.find_namespace(prefix)) return bound;
  for (const Element& child : top.children())
    if (auto bound = find_declared(child, prefix)) return bound;
  return std::nullopt;
}

std::optional<std::vector<Step>> read_path(std::string_view path) {
  if (path.size() > longest_path) return std::nullopt;
  auto steps = PathReader(path).read();
  // More "//" than one could cost the product of what they find.
  if (steps && std::count_if(steps->begin(), steps->end(), [](const Step& step) { return step.is_anywhere; }) > 1)
    return std::nullopt;
  return steps;
}

}  // namespace

std::optional<std::vector<Element>> find_elements(const Document& document, std::string_view path) {
  const auto steps = read_path(path);
  if (!steps) return std::nullopt;
  const Element root = document.root();
  std::vector<std::optional<std::string>> bound;
  for (const Step& step : *steps)
    bound.push_back(step.prefix.empty() ? std::nullopt : find_declared(root, step.prefix));
  return walk(document, *steps, [&](const Step& step, const Element& element) {
    if (step.name != "*" && step.name != element.local_name()) return false;
    if (!step.prefix.empty()) {
      const auto& uri = bound[static_cast<std::size_t>(&step - steps->data())];
      return uri && *uri == element.namespace_uri();
    }
    return step.name == "*" || element.namespace_uri().empty() || element.namespace_uri() == root.namespace_uri();
  });
}

std::optional<std::vector<Element>> find_elements(const Document& document, std::string_view path,
                                                  const Element& place) {
  const auto steps = read_path(path);
  if (!steps) return std::nullopt;
  std::vector<std::string> bound;
  for (const Step& step : *steps) {
    const auto uri = step.prefix.empty() ? std::string() : place.find_namespace(step.prefix);
    if (!uri) return std::nullopt;
    bound.push_back(*uri);
  }
  return walk(document, *steps, [&](const Step& step, const Element& element) {
    if (step.name == "*" && step.prefix.empty()) return true;
    return (step.name == "*" || step.name == element.local_name()) &&
           element.namespace_uri() == bound[static_cast<std::size_t>(&step - steps->data())];
  });
}

}  // namespace xml
