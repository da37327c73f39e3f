#include "xml/canonicalize.hpp"

#include <doctest/doctest.h>

#include <string>

#include "seeded.hpp"
#include "xml/write_text.hpp"

namespace {

using xml::CanonicalForm;
using xml::Canonicalization;

std::string whole(std::string_view text, const Canonicalization& by, bool has_comments = true) {
  const auto parsed = xml::parse(text);
  REQUIRE(parsed.document);
  xml::Selection selection;
  selection.has_comments = has_comments;
  return xml::canonicalize(*parsed.document, selection, by).value();
}
std::string below(std::string_view text, const char* id, const Canonicalization& by) {
  const auto parsed = xml::parse(text);
  REQUIRE(parsed.document);
  const auto found = parsed.document->find_by_id(id);
  REQUIRE(found.element);
  return xml::canonicalize(*parsed.document, *found.element, by).value();
}

const Canonicalization inclusive{CanonicalForm::inclusive_1_0, false, {}};
const Canonicalization inclusive_1_1{CanonicalForm::inclusive_1_1, false, {}};
const Canonicalization exclusive{CanonicalForm::exclusive_1_0, false, {}};

// A part of a document with everything that has a rule of its own in a canonical form: bindings that change and end,
// attributes in namespaces, white space, characters that are escaped, comments, instructions, signatures.
std::string random_part(Seeded& random, int depth) {
  const std::vector<std::string> prefixes{"", "a:", "b:", "ds:"};
  const std::vector<std::string> bindings{
      "", " xmlns='urn:a'", " xmlns=''", " xmlns:a='urn:b'", " xmlns:b='urn:a'", " xmlns:a='urn:a' xmlns='urn:b'"};
  const std::vector<std::string> attributes{"",
                                            "",
                                            " a:x='1'",
                                            " b:y='&lt;&amp;&quot;&#13;&#9;'",
                                            " x=' \t>\n'",
                                            " a:y='2' x='&#10;' z=''",
                                            " xml:lang='pl' xml:base='b/'"};
  const std::vector<std::string> texts{
      "",           "text",          " \r\n\t",   "&amp;&lt;&gt;&#13;", "<![CDATA[<&>]]>",
      "<!-- - -->", "<?pi  of > ?>", "<?empty?>", "\xC5\xBC\"'"};
  // Of two declarations the second would make the tag malformed.
  const bool is_signature = random.number(0, 7) == 0;
  const std::string name = is_signature ? "ds:Signature" : random.one_of(prefixes) + (random.coin() ? "m" : "n");
  std::string tag = "<" + name + random.one_of(bindings) + random.one_of(attributes);
  tag += " Id='" + random.digits(12) + "'>" + random.one_of(texts);
  for (std::int64_t i = depth == 0 ? 0 : random.number(0, 3); i > 0; --i)
    tag += random_part(random, depth - 1) + random.one_of(texts);
  return tag + "</" + name + ">";
}
std::vector<xml::Element> all_below(const xml::Element& top) {
  std::vector<xml::Element> all{top};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const xml::Element& child : std::vector(all[i].children())) all.push_back(child);
  return all;
}

}  // namespace

TEST_CASE("instructions and comments around the root are canonical as RFC 3076 example 3.1") {
  const char* text =
      "<?xml version=\"1.0\"?>\n\n<?xml-stylesheet   href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\n"
      "<doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n<!-- Comment 2 -->\n\n<!-- Comment 3 "
      "-->\n";
  CHECK(whole(text, inclusive) ==
        "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!</doc>\n<?pi-without-data?>");
  const Canonicalization with_comments{CanonicalForm::inclusive_1_0, true, {}};
  CHECK(whole(text, with_comments) ==
        "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!<!-- Comment 1 --></doc>\n"
        "<?pi-without-data?>\n<!-- Comment 2 -->\n<!-- Comment 3 -->");
  // A selection without comments has none, whatever the algorithm says (XML-DSig §4.4.3.3).
  CHECK(whole(text, with_comments, false) == whole(text, inclusive));
}

TEST_CASE("start and end tags are canonical as RFC 3076 example 3.3, without what a DTD would add") {
  CHECK(
      whole(
          "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n"
          "   <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      xmlns:b=\"http://www.ietf.org\"\n"
          "      xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n"
          "   <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n"
          "         <e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n            <e9 xmlns=\"\" "
          "xmlns:a=\"http://www.ietf.org\"/>\n"
          "         </e8>\n      </e7>\n   </e6>\n</doc>",
          inclusive) ==
      "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n"
      "   <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" "
      "attr2=\"all\" "
      "b:attr=\"sorted\" a:attr=\"out\"></e5>\n"
      "   <e6 xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\">\n"
      "            <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n         </e8>\n      </e7>\n   </e6>\n</doc>");
}

TEST_CASE("characters are canonical as RFC 3076 example 3.4, also in UTF-16") {
  CHECK(whole("<doc>\r\n<text>First line&#x0d;&#10;Second line</text><value>&#x32;</value>"
              "<compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>"
              "<compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>"
              "<norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/></doc>",
              inclusive) ==
        "<doc>\n<text>First line&#xD;\nSecond line</text><value>2</value>"
        "<compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>"
        "<compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; "
        "?&quot;valid&quot;:&quot;error&quot;\">valid</compute>"
        "<norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm></doc>");
  CHECK(whole(std::string("\xFE\xFF\0<\0r\0>\x01\x7C\0<\0/\0r\0>", 18), inclusive) == "<r>\xC5\xBC</r>");
}

TEST_CASE("a part takes the namespaces and the xml attributes of its surroundings, or leaves them, by its form") {
  const char* text =
      "<r xmlns='urn:r' xmlns:a='urn:a' xmlns:b='urn:b' xml:lang='pl' xml:base='http://x/' xml:space='default'>"
      "<m Id='m' b:x='1'><a:n xml:lang='en'/></m></r>";
  CHECK(below(text, "m", inclusive) ==
        "<m xmlns=\"urn:r\" xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" Id=\"m\" xml:base=\"http://x/\" xml:lang=\"pl\" "
        "xml:space=\"default\" b:x=\"1\"><a:n xml:lang=\"en\"></a:n></m>");
  CHECK(below(text, "m", exclusive) ==
        "<m xmlns=\"urn:r\" xmlns:b=\"urn:b\" Id=\"m\" b:x=\"1\"><a:n xmlns:a=\"urn:a\" xml:lang=\"en\"></a:n></m>");
  const Canonicalization with_prefix{CanonicalForm::exclusive_1_0, false, {"a", "#default"}};
  CHECK(below(text, "m", with_prefix) ==
        "<m xmlns=\"urn:r\" xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" Id=\"m\" b:x=\"1\"><a:n xml:lang=\"en\"></a:n></m>");
}

TEST_CASE("canonical XML 1.1 inherits neither xml:id nor a joined base twice") {
  const char* text =
      "<r xml:id='r' xml:base='http://x/a/' xml:lang='pl'><s xml:base='b/'><m Id='m' xml:base='c'/></s></r>";
  CHECK(below(text, "m", inclusive) == "<m Id=\"m\" xml:base=\"c\" xml:id=\"r\" xml:lang=\"pl\"></m>");
  CHECK(below(text, "m", inclusive_1_1) == "<m Id=\"m\" xml:base=\"http://x/a/b/c\" xml:lang=\"pl\"></m>");
}

TEST_CASE("a signature and all signatures can be left out") {
  const std::string ds = "xmlns:ds='http://www.w3.org/2000/09/xmldsig#'";
  const auto parsed = xml::parse("<r " + ds +
                                 "><ds:Signature Id='s'><a/></ds:Signature><b/><ds:Signature Id='t'/>"
                                 "<Signature>no</Signature></r>");
  REQUIRE(parsed.document);
  xml::Selection selection;
  selection.without = parsed.document->find_by_id("s").element;
  CHECK(xml::canonicalize(*parsed.document, selection).value() ==
        "<r><b></b><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" "
        "Id=\"t\"></ds:Signature><Signature>no</Signature></r>");
  selection.has_signatures = false;
  CHECK(xml::canonicalize(*parsed.document, selection).value() == "<r><b></b><Signature>no</Signature></r>");
  // Nothing is left of a part of a signature.
  selection = {};
  selection.top = parsed.document->find_by_id("s").element->children().front();
  selection.has_signatures = false;
  CHECK(xml::canonicalize(*parsed.document, selection).value().empty());
  selection = {};
  CHECK(xml::text_of(*parsed.document, selection) == "no");
}

TEST_CASE("a relative namespace has no canonical form") {
  const auto parsed = xml::parse("<r xmlns='a/b'/>");
  REQUIRE(parsed.document);
  const auto form = xml::canonicalize(*parsed.document, xml::Selection(), inclusive);
  REQUIRE_FALSE(form);
  CHECK(form.error().code == base::Code::invalid_input);
}

TEST_CASE("an algorithm is known by its URI alone") {
  CHECK(xml::find_canonicalization("http://www.w3.org/2006/12/xml-c14n11#WithComments")->has_comments);
  CHECK(xml::find_canonicalization("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")->form ==
        CanonicalForm::inclusive_1_0);
  for (const char* uri : {"", "http://www.w3.org/2001/10/xml-exc-c14n", "http://www.w3.org/2010/xml-c14n2", "urn:x"}) {
    CAPTURE(uri);
    CHECK_FALSE(xml::find_canonicalization(uri));
  }
  const auto parsed = xml::parse(
      "<m Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'><i:InclusiveNamespaces "
      "xmlns:i='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList=' a  #default b'/></m>");
  REQUIRE(parsed.document);
  const auto found = xml::find_canonicalization(parsed.document->root());
  REQUIRE(found);
  CHECK(found->prefixes == std::vector<std::string>{"a", "#default", "b"});
  std::string many;
  for (int i = 0; i < 33; ++i) many += " p" + std::to_string(i);
  const auto refused = xml::parse(
      "<m Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'><i:InclusiveNamespaces "
      "xmlns:i='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='" +
      many + "'/></m>");
  REQUIRE(refused.document);
  CHECK_FALSE(xml::find_canonicalization(refused.document->root()));
}

TEST_CASE("a canonical form stays as it is when it is parsed again, and written text is canonical") {
  Seeded random;
  const std::vector<std::string> pieces{
      "a", "&", "<", ">", "\"", "'", "\r", "\n", "\t", " ", "\xC5\xBC", "]]>", "\xF0\x9F\x98\x80"};
  for (int i = 0; i < 200; ++i) {
    const std::string text = random.some_of(pieces, 12);
    const std::string written = "<r a=\"" + xml::escape_value(text) + "\">" + xml::escape_text(text) + "</r>";
    CAPTURE(written);
    for (const Canonicalization& form : {inclusive, inclusive_1_1, exclusive}) CHECK(whole(written, form) == written);
    const auto parsed = xml::parse(written);
    REQUIRE(parsed.document);
    CHECK(parsed.document->root().find_text() == text);
    CHECK(parsed.document->root().find_attribute("a") == text);
  }
}

// A list with a prefix that nobody binds changes nothing, and libxml2 writes the form.
TEST_CASE("the exclusive form of any part is the one that libxml2 writes") {
  Seeded random;
  for (int i = 0; i < 400; ++i) {
    const std::string text =
        "<?before ?><!-- b --><?second of?><r xmlns:a='urn:a' xmlns:b='urn:b' "
        "xmlns:ds='http://www.w3.org/2000/09/xmldsig#'" +
        std::string(random.coin() ? "" : " xmlns='urn:a'") + ">" + random_part(random, 4) + random_part(random, 2) +
        "</r><!-- c --><?after x?>";
    CAPTURE(text);
    const auto parsed = xml::parse(text);
    REQUIRE_MESSAGE(parsed.document, parsed.flaw);
    std::vector<xml::Element> elements = all_below(parsed.document->root());
    for (int k = 0; k < 10; ++k) {
      xml::Selection selection;
      if (random.coin()) selection.top = random.one_of(elements);
      if (random.coin()) selection.without = random.one_of(elements);
      selection.has_signatures = random.coin();
      selection.has_comments = random.coin();
      const bool has_comments = random.coin();
      const auto ours =
          xml::canonicalize(*parsed.document, selection, {CanonicalForm::exclusive_1_0, has_comments, {}});
      const auto theirs =
          xml::canonicalize(*parsed.document, selection, {CanonicalForm::exclusive_1_0, has_comments, {"unbound"}});
      REQUIRE(ours);
      REQUIRE(theirs);
      CHECK(*ours == *theirs);
    }
  }
}

TEST_CASE("a relative namespace anywhere in the document refuses every part of it, in the exclusive form too") {
  const auto parsed = xml::parse("<r><part Id='m'/><other xmlns:p='a/b'/></r>");
  REQUIRE(parsed.document);
  for (const Canonicalization& form : {exclusive, Canonicalization{CanonicalForm::exclusive_1_0, false, {"unbound"}}}) {
    CHECK_FALSE(xml::canonicalize(*parsed.document, xml::Selection(), form));
    CHECK_FALSE(xml::canonicalize(*parsed.document, *parsed.document->find_by_id("m").element, form));
  }
}
