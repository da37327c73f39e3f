#include "signature/report/visible_text.hpp"

#include <doctest/doctest.h>

using signature::make_visible;

TEST_CASE("a name that turns the direction of text, or hides a part of it, is written out") {
  CHECK(make_visible("invoice\xE2\x80\xAE"
                     "fdp.exe") == "invoice[U+202E]fdp.exe");
  CHECK(make_visible("\xE2\x81\xA6"
                     "Anna\xE2\x81\xA9") == "[U+2066]Anna[U+2069]");
  CHECK(make_visible("An\xE2\x80\x8Bna") == "An[U+200B]na");
  CHECK(make_visible("a\nb\x7F") == "a[U+000A]b[U+007F]");
  CHECK(make_visible(std::string_view("a\0b", 3)) == "a[U+0000]b");
  CHECK(make_visible("\xF3\xA0\x81\x81") == "[U+E0041]");
  CHECK(make_visible("\xFF\xC0\xAF") == "[FF][C0][AF]");
}

TEST_CASE("names of all scripts stay as they are") {
  for (const char* name : {"Anna Nowak", "\xC5\x81ucja \xC5\xBB\xC3\xB3\xC5\x82\xC4\x87", "\xD7\x93\xD7\x95\xD7\x93",
                           "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xB1\xD9\x88\xD8\xAF",  // with a joiner of Persian
                           "\xE5\xBC\xA0\xE4\xBC\x9F", "\xF0\x9F\x96\x8B", ""}) {
    CHECK(make_visible(name) == name);
  }
}

TEST_CASE("every name in a report is shown like that") {
  const std::string turned = "\xE2\x80\xAE";
  signature::SignatureReport report;
  report.signer = {turned, turned, "1", turned};
  report.role = report.commitment = report.policy = report.verdict.detail = turned;
  report.scope = {{signature::ScopePart::Kind::file, turned}};
  report.certificates.emplace_back();
  report.certificates.front().subject = turned;
  report.certificates.front().issuer = turned;
  report.timestamps.emplace_back();
  report.timestamps.front().authority = turned;
  report.blocks.emplace_back("step",
                             signature::failed(signature::SubIndication::hash_failure, "document_altered", turned));
  make_visible(report);
  for (const std::string& text :
       {report.signer.name, report.signer.organisation, report.signer.issuer, report.role, report.commitment,
        report.policy, report.verdict.detail, report.scope.front().name, report.certificates.front().subject,
        report.certificates.front().issuer, report.timestamps.front().authority, report.blocks.front().second.detail}) {
    CHECK(text == "[U+202E]");
  }
}
