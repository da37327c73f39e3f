#include "xml/document.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace {

std::string flaw_of(std::string_view octets, const xml::Limits& limits = {}) {
  return xml::parse(octets, limits).flaw;
}

std::string utf16(std::string_view ascii, bool is_big) {
  std::string out = is_big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) out += is_big ? std::string({'\0', c}) : std::string({c, '\0'});
  return out;
}

std::string repeat(std::string_view text, std::size_t n) {
  std::string all;
  for (std::size_t i = 0; i < n; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a document is a tree of elements with names, attributes and texts") {
  const auto parsed = xml::parse(
      "<?xml version='1.0' encoding='utf-8'?><!-- a --><r xmlns='urn:r' xmlns:p='urn:p' Id=\"1\">"
      "<p:a b='&amp;&#65;'>x<![CDATA[<y>]]></p:a><a/><a>t<!-- c --></a> </r>\n");
  REQUIRE(parsed.document);
  const xml::Element root = parsed.document->root();
  CHECK(root.is("urn:r", "r"));
  CHECK(root.name() == "r");
  CHECK(root.has_only_elements());
  CHECK_FALSE(root.parent());
  REQUIRE(root.children().size() == 3);
  const auto first = root.find_only("urn:p", "a");
  REQUIRE(first);
  CHECK(first->name() == "p:a");
  CHECK(first->find_attribute("b") == "&A");
  CHECK_FALSE(first->find_attribute("c"));
  CHECK(first->find_text() == "x<y>");
  CHECK_FALSE(first->has_only_elements());
  CHECK(first->find_namespace("") == "urn:r");
  CHECK(first->find_namespace("p") == "urn:p");
  CHECK_FALSE(first->find_namespace("q"));
  CHECK(first->path() == "/r/p:a");
  CHECK_FALSE(root.find_only("urn:r", "a"));
  const auto alike = root.find_all("urn:r", "a");
  REQUIRE(alike.size() == 2);
  CHECK(alike[0].find_text() == "");
  CHECK_FALSE(alike[1].find_text());  // a comment inside
  CHECK(alike[1].path() == "/r/a[2]");
  CHECK(root.contains(*first));
  CHECK_FALSE(first->contains(root));
  CHECK(root.find_below("urn:r", "a").size() == 2);
}

TEST_CASE("a document type declaration is refused, whatever is in it") {
  CHECK(flaw_of("<!DOCTYPE r><r/>") == "xml_dtd");
  CHECK(flaw_of("<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>") == "xml_dtd");
  CHECK(flaw_of("<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'><r/>") == "xml_dtd");
  CHECK(flaw_of("<?xml version='1.0'?>\n<!-- c -->\n<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><r>&b;</r>") ==
        "xml_dtd");
  CHECK(flaw_of("\xEF\xBB\xBF<!DOCTYPE r><r/>") == "xml_dtd");
  CHECK(flaw_of(utf16("<!DOCTYPE r><r/>", true)) == "xml_dtd");
  CHECK(flaw_of(utf16("<!DOCTYPE r><r/>", false)) == "xml_dtd");
}

TEST_CASE("an entity of one's own, or anything that is not well-formed, is refused") {
  for (const char* text : {"",
                           " ",
                           "text",
                           "<",
                           "<r",
                           "<r>",
                           "</r>",
                           "<r></s>",
                           "<r/><r/>",
                           "<r/>text",
                           "<r>&e;</r>",
                           "<r a='1' a='2'/>",
                           "<r a=1/>",
                           "<r a='<'/>",
                           "<r a/>",
                           "<r a='1'b='2'/>",
                           "<r>\x01</r>",
                           "<r><!-- -- --></r>",
                           "<r>]]></r>",
                           "<r><![CDATA[x</r>",
                           "<![CDATA[x]]><r/>",
                           "<r><!ENTITY e 'x'></r>",
                           "<?xml version='1.0'?",
                           "<r><?</r>",
                           "<r><?1 a?></r>",
                           "<r><?xml version='1.0'?></r>",
                           " <?xml version='1.0'?><r/>",
                           "<r>\xEF\xBF\xBF</r>",
                           "<r>&#0;</r>",
                           "<r>&#xD800;</r>",
                           "<1/>",
                           "<r xml:id='a' xml:id='b'/>",
                           "<?xml?",
                           "<?xml bad='1'?><r>"}) {
    CAPTURE(text);
    const auto parsed = xml::parse(text);
    CHECK_FALSE(parsed.document);
    CHECK(parsed.flaw == "xml_malformed");
  }
}

TEST_CASE("a prefix that nobody declared is refused") {
  for (const char* text :
       {"<p:r/>", "<r p:a='1'/>", "<r xmlns:p=''/>", "<r xmlns:a='urn:a' xmlns:b='urn:a' a:x='1' b:x='2'/>"}) {
    CAPTURE(text);
    CHECK(flaw_of(text) == "xml_namespace");
  }
}

TEST_CASE("text is UTF-8, UTF-16 with its mark, or of one octet a character, and nothing else") {
  for (const std::string& text : {std::string("<r>\xC5\xBC</r>"), std::string("\xEF\xBB\xBF<r/>"), utf16("<r/>", true),
                                  utf16("<r/>", false), utf16("<?xml version='1.0' encoding='UTF-16'?><r/>", true),
                                  utf16("<?xml version='1.0' encoding='utf-16le'?><r/>", false),
                                  std::string("<?xml version='1.0' encoding='US-ASCII'?><r/>")}) {
    CAPTURE(text);
    CHECK(flaw_of(text).empty());
  }
  for (const std::string& text :
       {std::string("<r>\xFF</r>"), std::string("<r>\xC0\xAF</r>"), std::string("<r>\xED\xA0\x80</r>"),
        std::string("<?xml version='1.0' encoding='UTF-7'?><r/>"),
        std::string("<?xml version='1.0' encoding='Shift_JIS'?><r/>"),
        std::string("<?xml version='1.0' encoding='IBM037'?><r/>"),
        // Browsers read 0x80 to 0x9F as windows-1252; windows-1252 has nothing at 0x81.
        std::string("<?xml version='1.0' encoding='ISO-8859-1'?><r>\x93</r>"),
        std::string("<?xml version='1.0' encoding='windows-1252'?><r>\x81</r>"),
        std::string("\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-2'?><r/>"),
        utf16("<?xml version='1.0' encoding='ISO-8859-2'?><r/>", true),
        std::string("<?xml version='1.0' encoding='UTF-16'?><r/>"),
        utf16("<?xml version='1.0' encoding='UTF-8'?><r/>", true),
        std::string("<?xml version='1.0' encoding='US-ASCII'?><r>\xC5\xBC</r>"), std::string("\xFE\xFF\0<\0r\0/\0", 9),
        std::string("\xFE\xFF\xD8\x00\x00<", 6)}) {
    CAPTURE(text);
    CHECK(flaw_of(text) == "xml_encoding");
  }
  CHECK(flaw_of("<?xml version='1.1'?><r/>") == "xml_version");
  // What another parser refuses or reads in another encoding.
  for (const char* declaration :
       {"<?xml Version='1.0'?>", "<?xml version='1.0' Encoding='ISO-8859-2'?>", "<?xml encoding='UTF-8'?>",
        "<?xml version='1.0' encoding='UTF-8' encoding='UTF-8'?>", "<?xml version='1.0'encoding='UTF-8'?>",
        "<?xml encoding='UTF-8' version='1.0'?>", "<?xml version='1.0' standalone='maybe'?>", "<?xml ?>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>"}) {
    CAPTURE(declaration);
    CHECK(flaw_of(std::string(declaration) + "<r/>") == "xml_malformed");
  }
  CHECK(flaw_of("<?xml\tversion='1.0'\nencoding = 'UTF-8' standalone='no' ?><r/>").empty());
}

TEST_CASE("a document of one octet a character is read as its declaration says, and keeps its octets") {
  struct Case {
    const char* name;
    std::string octets;
    std::string text;
  };
  for (const Case& one :
       {Case{"ISO-8859-1", "\xFC", "\xC3\xBC"}, Case{"iso-8859-2", "\xB3\xF3", "\xC5\x82\xC3\xB3"},
        Case{"windows-1250", "\xB3\x8C", "\xC5\x82\xC5\x9A"}, Case{"ISO-8859-15", "\xA4", "\xE2\x82\xAC"},
        Case{"windows-1251", "\xC4", "\xD0\x94"}, Case{"KOI8-R", "\xE4", "\xD0\x94"}}) {
    CAPTURE(one.name);
    const std::string head = "<?xml version='1.0' encoding=\"" + std::string(one.name) + "\" ?>\n<r a='";
    const std::string document = head + one.octets + "'>" + one.octets + "</r>";
    const auto parsed = xml::parse(document);
    REQUIRE_MESSAGE(parsed.document, parsed.flaw);
    CHECK(parsed.document->root().find_text() == one.text);
    CHECK(parsed.document->root().find_attribute("a") == one.text);
    const auto encoding = parsed.document->encoding();
    CHECK(xml::encode(parsed.document->text(), encoding) == document);
    // What the encoding has no octet for is written as a reference, which is the same text.
    const std::string more = xml::insert_last(*parsed.document, parsed.document->root(), "<x>\xF0\x9F\x98\x80</x>");
    CHECK(xml::encode(more, encoding) == head + one.octets + "'>" + one.octets + "<x>&#x1F600;</x></r>");
  }
}

TEST_CASE("what is larger or deeper than a limit is refused, and the limit is named") {
  xml::Limits limits;
  const auto refused = [&](std::string_view text) {
    const auto parsed = xml::parse(text, limits);
    return parsed.flaw + " " + parsed.detail;
  };
  CHECK(refused("<r>" + std::string(limits.octets, 'x') + "</r>") == "xml_too_large 16777216");
  CHECK(flaw_of(repeat("<a>", 128) + repeat("</a>", 128)).empty());
  CHECK(refused(repeat("<a>", 129) + repeat("</a>", 129)) == "xml_too_deep 128");
  CHECK(refused(repeat("<a>", 1'000'000)) == "xml_too_deep 128");
  std::string attributes;
  for (int i = 0; i < 257; ++i) attributes += " a" + std::to_string(i) + "='x'";
  CHECK(refused("<r" + attributes + "/>") == "xml_too_many_attributes 256");
  CHECK(refused("<r" + repeat(" a='x'", 2'000'000) + "/>") == "xml_too_many_attributes 256");
  CHECK(refused("<r>" + repeat("<a/>", 1'000'000) + "</r>") == "xml_too_many_nodes 1000000");
  CHECK(flaw_of("<r>" + std::string(11'000'000, 'x') + "</r>").empty());
  limits.octets = 100;
  CHECK(refused("<r>" + std::string(100, 'x') + "</r>") == "xml_too_large 100");
}

TEST_CASE("tags hidden in comments, CDATA and instructions count for no limit and reach nothing") {
  const std::string hidden = "<a" + repeat(" b='c'", 5'000) + ">";
  CHECK(flaw_of("<r><!--" + hidden + "--><![CDATA[" + hidden + "]]><?p " + hidden + "?></r>").empty());
  // A parser that stumbles over the instruction's name would read the rest as tags.
  CHECK(flaw_of("<r><?\xC3\x97 " + hidden + "?></r>") == "xml_malformed");
}

TEST_CASE("namespaces in scope are limited by the work that they cause") {
  std::string declared;
  for (int i = 0; i < 250; ++i) declared += " xmlns:n" + std::to_string(i) + "='urn:" + std::to_string(i) + "'";
  const std::string deep = [&] {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "<r" + declared + ">";
    return text;
  }();
  CHECK(flaw_of(deep + repeat("<a/>", 100) + repeat("</r>", 40)) == "xml_too_many_namespaces");
  CHECK(flaw_of("<r" + declared + ">" + repeat("<a/>", 100) + "</r>").empty());
}

TEST_CASE("an id is found by Id, ID, id and xml:id, and one that occurs twice is told") {
  const auto parsed =
      xml::parse("<r Id='a'><b ID='b'/><b id='c'/><b xml:id='d'/><b Id='e' ID='e'/><b id='c'/><b iD='x'/></r>");
  REQUIRE(parsed.document);
  for (const char* id : {"a", "b", "d", "e"}) {
    CAPTURE(id);
    CHECK(parsed.document->find_by_id(id).count == 1);
    CHECK(parsed.document->find_by_id(id).element);
  }
  CHECK(parsed.document->find_by_id("c").count == 2);
  CHECK_FALSE(parsed.document->find_by_id("c").element);
  CHECK(parsed.document->find_by_id("x").count == 0);
  CHECK_FALSE(parsed.document->find_duplicate_id());  // "id" is used for other things
  const auto twice = xml::parse("<r Id='a'><b xml:id='a'/></r>");
  REQUIRE(twice.document);
  CHECK(twice.document->find_duplicate_id() == "a");
}

TEST_CASE("what is inserted leaves every other octet as it was") {
  const std::string head = "<?xml version='1.0'  ?>\r\n<!-- p -->\r\n<r  a = 'x'>\r\n";
  const std::string text = head + "<b  c='d' /><e>t</e> <!-- q --></r>\n<?end?>\n";
  const auto parsed = xml::parse(text);
  REQUIRE(parsed.document);
  const xml::Element root = parsed.document->root();
  const auto children = root.children();
  CHECK(xml::insert_last(*parsed.document, root, "<N/>") ==
        head + "<b  c='d' /><e>t</e> <!-- q --><N/></r>\n<?end?>\n");
  CHECK(xml::insert_first(*parsed.document, root, "<N/>") ==
        "<?xml version='1.0'  ?>\r\n<!-- p -->\r\n<r  a = 'x'><N/>\r\n<b  c='d' /><e>t</e> <!-- q --></r>\n<?end?>\n");
  CHECK(xml::insert_last(*parsed.document, children[0], "<N/>") ==
        head + "<b  c='d' ><N/></b><e>t</e> <!-- q --></r>\n<?end?>\n");
  CHECK(xml::insert_behind(*parsed.document, children[0], "<N/>") ==
        head + "<b  c='d' /><N/><e>t</e> <!-- q --></r>\n<?end?>\n");
  const auto wide = xml::parse(utf16("<r/>", false));
  REQUIRE(wide.document);
  const std::string text_of_wide = xml::insert_last(*wide.document, wide.document->root(), "\xF0\x9F\x98\x80");
  CHECK(text_of_wide == "<r>\xF0\x9F\x98\x80</r>");
  CHECK(xml::encode(text_of_wide, wide.document->encoding()) ==
        utf16("<r>", false) + "\x3D\xD8" + std::string("\x00\xDE", 2) + utf16("</r>", false).substr(2));
  CHECK(xml::encode("<r/>", xml::Encoding::utf8_with_mark) == "\xEF\xBB\xBF<r/>");
}

TEST_CASE("documents are read in many threads at once") {
  std::vector<std::thread> threads;
  std::vector<int> good(8, 0);
  for (std::size_t t = 0; t < good.size(); ++t)
    threads.emplace_back([&good, t] {
      for (int i = 0; i < 200; ++i) {
        const auto parsed = xml::parse("<r Id='a'><b>" + std::to_string(i) + "</b></r>");
        const auto broken = xml::parse("<r>&x;</r>");
        if (parsed.document && parsed.document->find_by_id("a").count == 1 && !broken.document) ++good[t];
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const int n : good) CHECK(n == 200);
}
