#include "xml/transforms.hpp"

#include <doctest/doctest.h>

#include <string>

#include "xml/find_elements.hpp"

namespace {

const std::string ds = "xmlns:ds='http://www.w3.org/2000/09/xmldsig#'";
const std::string exclusive = "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>";
const std::string enveloped = "<ds:Transform Algorithm='http://www.w3.org/2000/09/xmldsig#enveloped-signature'/>";

std::string xpath(const std::string& expression) {
  return "<ds:Transform Algorithm='http://www.w3.org/TR/1999/REC-xpath-19991116'><ds:XPath>" + expression +
         "</ds:XPath></ds:Transform>";
}
std::string filter(const std::string& kind, const std::string& expression) {
  return "<ds:Transform Algorithm='http://www.w3.org/2002/06/xmldsig-filter2'><f:XPath "
         "xmlns:f='http://www.w3.org/2002/06/xmldsig-filter2' Filter='" +
         kind + "'>" + expression + "</f:XPath></ds:Transform>";
}

// <r><b>text</b><ds:Signature><ds:Transforms>…</ds:Transforms></ds:Signature><c/><ds:Signature/></r>
xml::Transformed transform(const std::string& transforms, const char* top = nullptr) {
  const auto parsed = xml::parse("<r " + ds + "><b Id='b'>dGV4dA==</b><ds:Signature><ds:Transforms>" + transforms +
                                 "</ds:Transforms></ds:Signature><c/><ds:Signature/></r>");
  REQUIRE(parsed.document);
  const auto signature = parsed.document->root().find_all(xml::signature_namespace, "Signature").front();
  xml::Referenced from;
  from.document = &*parsed.document;
  if (top != nullptr) from.selection.top = parsed.document->find_by_id(top).element;
  return xml::apply_transforms(signature.children().front(), std::move(from), signature);
}
const std::string bare = "<r><b Id=\"b\">dGV4dA==</b><c></c></r>";

}  // namespace

TEST_CASE("an enveloped signature is taken out alone, by XPath with all others") {
  const auto one = transform(enveloped + exclusive);
  CHECK(one.flaw.empty());
  CHECK(one.is_enveloped);
  CHECK(one.octets ==
        "<r><b Id=\"b\">dGV4dA==</b><c></c><ds:Signature "
        "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature></r>");
  const std::string as_expression =
      "count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) &gt;\n"
      " count(ancestor-or-self::ds:Signature)";
  CHECK(transform(xpath(as_expression) + exclusive).octets == one.octets);
  CHECK(transform(xpath(as_expression)).is_enveloped);
  CHECK(transform(filter("subtract", "/*/ds:Signature[1]") + exclusive).octets == one.octets);
  for (const std::string& all :
       {filter("subtract", "/*/ds:Signature"), filter("subtract", "/descendant::*[name()='ds:Signature']"),
        xpath("not(ancestor-or-self::ds:Signature)"), xpath(" not( ancestor-or-self :: ds:Signature )\n"),
        filter("subtract", "/descendant::ds:Signature"), filter("subtract", " //ds:Signature "),
        filter("intersect", "/") + enveloped + filter("subtract", "//ds:Signature")}) {
    CAPTURE(all);
    const auto done = transform(all + exclusive);
    CHECK(done.flaw.empty());
    CHECK(done.is_enveloped);
    CHECK(done.octets == bare);
  }
}

TEST_CASE("a path takes out nothing but signatures") {
  for (const char* path : {"/r", "/*/*", "/r/b", "/*/ds:Signature[2]", "/descendant::*[name()='b']",
                           "/descendant::*[name()='Signature']", "//*[name()=\"ds:Signature']"}) {
    CAPTURE(path);
    CHECK(transform(filter("subtract", path)).flaw == "xml_transform_xpath");
  }
}

TEST_CASE("a signature beside what it signs takes nothing out, and covers no more than that") {
  const auto done = transform(enveloped + exclusive, "b");
  CHECK(done.flaw.empty());
  CHECK_FALSE(done.is_enveloped);
  CHECK(done.octets == "<b Id=\"b\">dGV4dA==</b>");
}

TEST_CASE("base64 gives the octets, also those of a part") {
  const auto done = transform("<ds:Transform Algorithm='http://www.w3.org/2000/09/xmldsig#base64'/>", "b");
  CHECK(done.flaw.empty());
  CHECK(done.octets == "text");
  CHECK(done.algorithms == std::vector<std::string>{"http://www.w3.org/2000/09/xmldsig#base64"});
  CHECK(xml::read_base64(" dGV4\n dA== ") == "text");
  for (const char* text : {"dGV4dA=", "dGV4dB==", "a", "d-==", "dGV4dA==dGV4dA=="}) CHECK_FALSE(xml::read_base64(text));
}

TEST_CASE("without a canonicalisation the last nodes are written by canonical XML 1.0") {
  CHECK(transform(enveloped).octets.starts_with("<r xmlns:ds="));
}

TEST_CASE("a transform outside of the list is refused with its own code") {
  const auto flaw_of = [](const std::string& transforms) { return transform(transforms).flaw; };
  CHECK(flaw_of("<ds:Transform Algorithm='http://www.w3.org/TR/1999/REC-xslt-19991116'><x/></ds:Transform>") ==
        "xml_transform_xslt");
  CHECK(flaw_of("<ds:Transform Algorithm='urn:x'/>") == "xml_transform");
  CHECK(flaw_of("<ds:Transform/>") == "xml_transform");
  CHECK(flaw_of("<Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>") == "xml_transform");
  CHECK(flaw_of("") == "xml_transform");
  CHECK(flaw_of(exclusive + exclusive + exclusive + exclusive + exclusive + exclusive + exclusive + exclusive +
                exclusive) == "xml_transform");
  for (const char* expression :
       {"", "not(ancestor-or-self::Signature)", "not(ancestor-or-self::x:Signature)", "self::b", "true()",
        "count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[2]) > "
        "count(ancestor-or-self::ds:Signature)",
        "count(ancestor-or-self::x:Signature | here()/ancestor::x:Signature[1]) > "
        "count(ancestor-or-self::x:Signature)",
        "here()", "not(ancestor-or-self::ds:Signature) or self::c", "not(ancestor-or-self::ds:Signature)<!-- c -->"}) {
    CAPTURE(expression);
    CHECK(flaw_of(xpath(expression)) == "xml_transform_xpath");
  }
  for (const auto& [kind, expression] :
       {std::pair{"subtract", "here()/ancestor::ds:Signature[1]"}, std::pair{"subtract", "//c"},
        std::pair{"union", "/"}, std::pair{"intersect", "//none"}, std::pair{"intersect", "id('b')"},
        std::pair{"", "/"}}) {
    CAPTURE(expression);
    CHECK(flaw_of(filter(kind, expression)) == "xml_transform_xpath");
  }
  CHECK(transform("<ds:Transform Algorithm='http://www.w3.org/2000/09/xmldsig#base64'/>").octets == "text");
}

TEST_CASE("an intersection narrows what is covered, and this is told") {
  const auto done = transform(filter("intersect", "/r/b") + exclusive);
  CHECK(done.flaw.empty());
  CHECK(done.octets == "<b Id=\"b\">dGV4dA==</b>");
  REQUIRE(done.selection.top);
}

TEST_CASE("octets from outside are parsed for a canonicalisation with the same care") {
  const auto parsed =
      xml::parse("<ds:Signature " + ds + "><ds:Transforms>" + exclusive + "</ds:Transforms></ds:Signature>");
  REQUIRE(parsed.document);
  const auto signature = parsed.document->root();
  const auto apply = [&](std::string octets) {
    return xml::apply_transforms(signature.children().front(), {nullptr, {}, std::move(octets)}, signature);
  };
  CHECK(apply("<a  b='c'/>").octets == "<a b=\"c\"></a>");
  CHECK(apply("<!DOCTYPE a><a/>").flaw == "xml_dtd");
  CHECK(apply("text").flaw == "xml_malformed");
}

TEST_CASE("a place is found by its path, by local names or by prefixes of the document") {
  const auto parsed = xml::parse(
      "<ClinicalDocument xmlns='urn:hl7-org:v3' xmlns:e='urn:e'><component><e:sig ID='1'/><x xmlns=''/></component>"
      "<component ID='2'><a><a/></a></component></ClinicalDocument>");
  REQUIRE(parsed.document);
  const auto found = [&](std::string_view path) {
    const auto elements = xml::find_elements(*parsed.document, path);
    if (!elements) return std::string("?");
    std::string all;
    for (const auto& element : *elements) all += (all.empty() ? "" : " ") + element.path();
    return all;
  };
  CHECK(found("/ClinicalDocument") == "/ClinicalDocument");
  CHECK(found("/ClinicalDocument/component/e:sig") == "/ClinicalDocument/component[1]/e:sig");
  CHECK(found("/*/component[2]") == "/ClinicalDocument/component[2]");
  CHECK(found("/*/component[last()]") == "/ClinicalDocument/component[2]");
  CHECK(found("/*/component[@ID='2']") == "/ClinicalDocument/component[2]");
  CHECK(found("//x") == "/ClinicalDocument/component[1]/x");
  CHECK(found("//a") == "/ClinicalDocument/component[2]/a /ClinicalDocument/component[2]/a/a");
  CHECK(found("/*//a[1]").find("/ClinicalDocument/component[2]/a/a") != std::string::npos);
  CHECK(found("//component").size() > 40);
  CHECK(found("//sig") == "");  // its namespace is another one than the root's
  CHECK(found("/e:*") == "");
  CHECK(found("/component") == "");
  CHECK(found("/ClinicalDocument/component[3]") == "");
  for (const char* path : {"", "a", "/", "//", "/a/", "/a[", "/a[0]", "/a[x]", "/a[@b]", "/a[@b='c]", "/..", "/a/.",
                           "/a|/b", "/a[1 or 1]", "//a//b", "/:a", "/a::b", "/id('x')", "/text()"}) {
    CAPTURE(path);
    CHECK(found(path) == "?");
  }
  CHECK(found("/" + std::string(1000, 'a')) == "?");
}
