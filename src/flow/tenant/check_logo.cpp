#include "flow/tenant/check_logo.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace flow {
namespace {

constexpr std::string_view white = " \t\r\n";
constexpr std::string_view svg_namespace = "http://www.w3.org/2000/svg";
constexpr std::size_t deepest = 100;

// What draws. Scripts, links, animations and foreign content are left out, because an image in a page has no use for
// them and a file that is opened by itself would run them.
constexpr std::array<std::string_view, 50> elements{"svg",
                                                    "g",
                                                    "defs",
                                                    "title",
                                                    "desc",
                                                    "path",
                                                    "rect",
                                                    "circle",
                                                    "ellipse",
                                                    "line",
                                                    "polyline",
                                                    "polygon",
                                                    "text",
                                                    "tspan",
                                                    "textPath",
                                                    "use",
                                                    "symbol",
                                                    "image",
                                                    "linearGradient",
                                                    "stop",
                                                    "clipPath",
                                                    "mask",
                                                    "pattern",
                                                    "radialGradient",
                                                    "filter",
                                                    "marker",
                                                    "style",
                                                    "feBlend",
                                                    "feColorMatrix",
                                                    "feComponentTransfer",
                                                    "feComposite",
                                                    "feFlood",
                                                    "feFuncA",
                                                    "feFuncB",
                                                    "feFuncG",
                                                    "feFuncR",
                                                    "feMerge",
                                                    "feMergeNode",
                                                    "feMorphology",
                                                    "feOffset",
                                                    "feTile",
                                                    "feGaussianBlur",
                                                    "feDropShadow",
                                                    "feTurbulence",
                                                    "feDisplacementMap",
                                                    "feDiffuseLighting",
                                                    "feSpecularLighting",
                                                    "fePointLight",
                                                    "feDistantLight",
                                                    "feConvolveMatrix"};

constexpr std::array<std::string_view, 148> attributes{"id",
                                                       "class",
                                                       "style",
                                                       "transform",
                                                       "d",
                                                       "x",
                                                       "y",
                                                       "x1",
                                                       "x2",
                                                       "y1",
                                                       "y2",
                                                       "cx",
                                                       "cy",
                                                       "r",
                                                       "rx",
                                                       "ry",
                                                       "fx",
                                                       "fy",
                                                       "fr",
                                                       "dx",
                                                       "dy",
                                                       "width",
                                                       "height",
                                                       "viewBox",
                                                       "version",
                                                       "preserveAspectRatio",
                                                       "points",
                                                       "pathLength",
                                                       "offset",
                                                       "gradientUnits",
                                                       "gradientTransform",
                                                       "spreadMethod",
                                                       "clipPathUnits",
                                                       "maskUnits",
                                                       "maskContentUnits",
                                                       "patternUnits",
                                                       "patternContentUnits",
                                                       "patternTransform",
                                                       "markerWidth",
                                                       "markerHeight",
                                                       "markerUnits",
                                                       "refX",
                                                       "refY",
                                                       "orient",
                                                       "href",
                                                       "xlink:href",
                                                       "xml:space",
                                                       "xml:lang",
                                                       "xmlns",
                                                       "xmlns:xlink",
                                                       "lang",
                                                       "role",
                                                       "type",
                                                       "media",
                                                       "fill",
                                                       "fill-opacity",
                                                       "fill-rule",
                                                       "stroke",
                                                       "stroke-width",
                                                       "stroke-linecap",
                                                       "stroke-linejoin",
                                                       "stroke-miterlimit",
                                                       "stroke-dasharray",
                                                       "stroke-dashoffset",
                                                       "stroke-opacity",
                                                       "opacity",
                                                       "color",
                                                       "clip-path",
                                                       "clip-rule",
                                                       "mask",
                                                       "mask-type",
                                                       "filter",
                                                       "marker-start",
                                                       "marker-mid",
                                                       "marker-end",
                                                       "display",
                                                       "visibility",
                                                       "overflow",
                                                       "font-family",
                                                       "font-size",
                                                       "font-weight",
                                                       "font-style",
                                                       "font-variant",
                                                       "font-stretch",
                                                       "text-anchor",
                                                       "text-decoration",
                                                       "letter-spacing",
                                                       "word-spacing",
                                                       "dominant-baseline",
                                                       "alignment-baseline",
                                                       "baseline-shift",
                                                       "stop-color",
                                                       "stop-opacity",
                                                       "color-interpolation",
                                                       "color-interpolation-filters",
                                                       "shape-rendering",
                                                       "text-rendering",
                                                       "image-rendering",
                                                       "color-rendering",
                                                       "paint-order",
                                                       "vector-effect",
                                                       "enable-background",
                                                       "mix-blend-mode",
                                                       "isolation",
                                                       "textLength",
                                                       "lengthAdjust",
                                                       "startOffset",
                                                       "rotate",
                                                       "focusable",
                                                       "filterUnits",
                                                       "primitiveUnits",
                                                       "in",
                                                       "in2",
                                                       "result",
                                                       "stdDeviation",
                                                       "mode",
                                                       "values",
                                                       "operator",
                                                       "k1",
                                                       "k2",
                                                       "k3",
                                                       "k4",
                                                       "radius",
                                                       "flood-color",
                                                       "flood-opacity",
                                                       "tableValues",
                                                       "slope",
                                                       "intercept",
                                                       "amplitude",
                                                       "exponent",
                                                       "baseFrequency",
                                                       "numOctaves",
                                                       "seed",
                                                       "stitchTiles",
                                                       "scale",
                                                       "xChannelSelector",
                                                       "yChannelSelector",
                                                       "surfaceScale",
                                                       "diffuseConstant",
                                                       "specularConstant",
                                                       "specularExponent",
                                                       "lighting-color",
                                                       "azimuth",
                                                       "elevation",
                                                       "z",
                                                       "order",
                                                       "kernelMatrix",
                                                       "xml:id"};

template <std::size_t size>
bool lists(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// The text without leading white space.
std::string_view skip_white(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

base::Result<void> refuse(const std::string& why) {
  return base::fail(base::Code::invalid_input, "the logo " + why);
}

base::Result<void> refuse_form(const std::string& why) {
  return refuse("is not an SVG image in UTF-8 that begins with <svg xmlns=\"http://www.w3.org/2000/svg\" …>: " + why);
}

/// A name as a sentence shows it: foreign text, and not longer than it helps.
std::string shown(std::string_view name) {
  return std::string(name.substr(0, 40));
}

/// Text of a style or of any attribute: nothing that is fetched, and no escapes, which could spell it otherwise.
base::Result<void> check_value(std::string_view value) {
  const std::string text = in_lower_case(value);
  for (const std::string_view one : {"\\", "javascript:", "@import", "@charset", "image-set(", "src(", "expression("}) {
    if (text.find(one) != std::string::npos)
      return refuse("contains " + std::string(one) + ", which a logo does not need");
  }
  for (std::size_t at = text.find("url("); at != std::string::npos; at = text.find("url(", at + 1)) {
    std::string_view rest = skip_white(std::string_view(text).substr(at + 4));
    if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
    if (!skip_white(rest).starts_with('#'))
      return refuse("refers to something outside itself, which pages do not fetch");
  }
  return {};
}

/// A part of the file, or an embedded picture of points.
bool stays_inside(std::string_view reference) {
  const std::string text = in_lower_case(skip_white(reference));
  for (const std::string_view begin : {"#", "data:image/png;base64,", "data:image/jpeg;base64,",
                                       "data:image/gif;base64,", "data:image/webp;base64,"}) {
    if (text.starts_with(begin)) return true;
  }
  return false;
}

/// Reads the XML that logos need and no more: no document type, no entities of its own, no names with other prefixes.
class LogoReader {
 public:
  explicit LogoReader(std::string_view text) : rest_(text) {}

  base::Result<void> read() {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
    if (rest_.starts_with("<?xml ")) {
      const std::size_t end = rest_.find("?>");
      if (end == std::string_view::npos) return refuse_form("its first line does not end");
      rest_.remove_prefix(end + 2);
    }
    RETURN_IF_ERROR(skip_between());
    if (!rest_.starts_with("<svg")) return refuse_form("it begins with something else");
    do {
      RETURN_IF_ERROR(read_next());
    } while (!open_.empty());
    RETURN_IF_ERROR(skip_between());
    return rest_.empty() ? base::Result<void>() : refuse_form("something follows </svg>");
  }

 private:
  /// White space and comments outside of the root.
  base::Result<void> skip_between() {
    for (rest_ = skip_white(rest_); rest_.starts_with("<!--"); rest_ = skip_white(rest_)) {
      RETURN_IF_ERROR(skip_to("-->", 4));
    }
    return {};
  }

  base::Result<void> skip_to(std::string_view end, std::size_t from) {
    const std::size_t at = rest_.find(end, from);
    if (at == std::string_view::npos) return refuse("is cut off: " + std::string(end) + " is missing");
    rest_.remove_prefix(at + end.size());
    return {};
  }

  base::Result<void> read_next() {
    if (rest_.empty()) return refuse("is cut off: </svg> is missing");
    if (rest_.starts_with("<!--")) return skip_to("-->", 4);
    if (rest_.starts_with("<![CDATA[")) return read_cdata();
    if (rest_.starts_with("<!") || rest_.starts_with("<?"))
      return refuse("contains <! or <?, a document type or an instruction, which a logo does not need");
    if (rest_.starts_with("</")) return read_end();
    if (rest_.starts_with('<')) return read_start();
    const std::string_view text = rest_.substr(0, rest_.find('<'));
    RETURN_IF_ERROR(check_references(text));
    keep(text);
    rest_.remove_prefix(text.size());
    return {};
  }

  base::Result<void> read_cdata() {
    const std::string_view text = rest_.substr(9, rest_.find("]]>") - 9);
    RETURN_IF_ERROR(skip_to("]]>", 9));
    keep(text);
    return {};
  }

  /// Collects the text of a style, which comments could part.
  void keep(std::string_view text) {
    if (open_.back() == "style") style_ += text;
  }

  /// Of references to characters only the five that XML names itself: others could spell what is refused.
  static base::Result<void> check_references(std::string_view text) {
    for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
      const std::string_view rest = text.substr(at);
      const auto begins = [&](std::string_view one) { return rest.starts_with(one); };
      if (!begins("&amp;") && !begins("&lt;") && !begins("&gt;") && !begins("&quot;") && !begins("&apos;"))
        return refuse("contains \"" + shown(rest.substr(0, rest.find(';') + 1)) + "\"; write the character itself");
    }
    return {};
  }

  std::string_view read_name() {
    const std::size_t end = std::min(rest_.find_first_of(" \t\r\n/>=<\"'"), rest_.size());
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return name;
  }

  base::Result<void> read_end() {
    rest_.remove_prefix(2);
    const std::string_view name = read_name();
    rest_ = skip_white(rest_);
    if (open_.empty() || name != open_.back() || !rest_.starts_with('>'))
      return refuse_form("</" + shown(name) + "> ends nothing that is open");
    rest_.remove_prefix(1);
    return close();
  }

  base::Result<void> close() {
    if (open_.back() == "style") {
      RETURN_IF_ERROR(check_value(style_));
      style_.clear();
    }
    open_.pop_back();
    return {};
  }

  base::Result<void> read_start() {
    rest_.remove_prefix(1);
    const std::string_view name = read_name();
    if (!lists(elements, name))
      return refuse("contains <" + shown(name) + ">, which a logo does not need; save it as optimised or plain SVG");
    if (open_.size() == deepest) return refuse("is nested too deeply");
    if (!open_.empty() && open_.back() == "style") return refuse("contains an element in <style>");
    const bool is_root = open_.empty();
    open_.emplace_back(name);
    std::set<std::string_view> seen;
    for (rest_ = skip_white(rest_); !rest_.starts_with('>') && !rest_.starts_with("/>"); rest_ = skip_white(rest_)) {
      RETURN_IF_ERROR(read_attribute(seen));
    }
    if (is_root && !seen.contains("xmlns")) return refuse_form("the attribute xmlns is missing");
    const bool is_empty = rest_.starts_with('/');
    rest_.remove_prefix(is_empty ? 2 : 1);
    return is_empty ? close() : base::Result<void>();
  }

  base::Result<void> read_attribute(std::set<std::string_view>& seen) {
    const std::string_view name = read_name();
    if (!lists(attributes, name) && !name.starts_with("aria-") && !name.starts_with("data-"))
      return refuse("contains the attribute \"" + shown(name) +
                    "\", which a logo does not need; save it as optimised or plain SVG");
    if (!seen.insert(name).second) return refuse_form("an attribute comes twice");
    rest_ = skip_white(rest_);
    if (!rest_.starts_with('=')) return refuse_form("an attribute has no value");
    rest_ = skip_white(rest_.substr(1));
    if (!rest_.starts_with('"') && !rest_.starts_with('\'')) return refuse_form("a value has no quotes");
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return refuse("is cut off: a value does not end");
    const std::string_view value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (value.find('<') != std::string_view::npos) return refuse_form("a value contains <");
    RETURN_IF_ERROR(check_references(value));
    RETURN_IF_ERROR(check_value(value));
    if (name == "xmlns" && value != svg_namespace) return refuse("contains elements that are not SVG");
    if ((name == "href" || name == "xlink:href") && !stays_inside(value))
      return refuse("refers to something outside itself, which pages do not fetch");
    return {};
  }

  std::string_view rest_;
  std::vector<std::string> open_;  // names of the elements that are open, the innermost last
  std::string style_;
};

}  // namespace

base::Result<void> check_logo(std::string_view octets) {
  if (octets.empty()) return refuse("is empty");
  if (octets.size() > largest_logo) {
    return refuse("has " + std::to_string(octets.size()) + " octets; at most " + std::to_string(largest_logo) +
                  " are taken");
  }
  if (!base::is_utf8(octets)) return refuse_form("it is not UTF-8");
  return LogoReader(octets).read();
}

}  // namespace flow
