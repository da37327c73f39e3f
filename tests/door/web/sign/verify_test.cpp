// The page to verify signatures (S4.21): raw forms in, pages out.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "app/config/config.hpp"
#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/features.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

/// A form with files as a browser sends it.
std::string multipart(const std::vector<std::pair<std::string, std::string>>& files,
                      const std::vector<std::pair<std::string, std::string>>& fields = {}) {
  std::string body;
  for (const auto& [name, octets] : files) {
    body += "--b1\r\nContent-Disposition: form-data; name=\"" + name +
            "\"; filename=\"f\"\r\nContent-Type: " + "application/octet-stream\r\n\r\n" + octets + "\r\n";
  }
  for (const auto& [name, text] : fields) {
    body += "--b1\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
  }
  return body + "--b1--\r\n";
}

struct Site {
  App app;
  Browser browser{app.port()};

  Reply send(const std::string& body, const std::string& path = "/verify") {
    return browser.request("POST", path,
                           {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", app.origin()}}, body);
  }
};

}  // namespace

TEST_CASE("a file without a known signature gets a clear answer, without a login") {
  Site site;
  CHECK(has(site.browser.get("/verify").body, "enctype=\"multipart/form-data\""));
  CHECK(has(site.browser.get("/").body, "href=\"/verify\""));
  CHECK(site.send(multipart({})).status == 422);
  const Reply empty = site.send(multipart({{"document", ""}}));
  CHECK(empty.status == 422);
  CHECK(has(empty.body, "The file is empty."));
  const Reply text = site.send(multipart({{"document", "a letter"}}));
  CHECK(text.status == 422);
  CHECK(has(text.body, "CAdES, XAdES"));
  CHECK(has(site.send(multipart({{"document", "%PDF-1.7"}})).body, "PDF"));
  CHECK(site.send(multipart({{"signature", "<a/>"}}, {{"digest", "12"}})).status == 422);
  CHECK(site.send(multipart({{"document", "<a/>"}}, {{"at", "2999-01-01"}})).status == 422);
  CHECK(site.app.events("signature_validated").empty());
}

TEST_CASE("the answer has an address: a page, JSON, ETSI XML and a page for paper, for nobody who guesses") {
  Site site;
  const Reply sent = site.send(multipart({{"document", "<letter/>"}}));
  REQUIRE(sent.status == 303);
  const std::string address = sent.location();
  REQUIRE(address.starts_with("/verify/report/"));
  const Reply page = site.browser.get(address);
  CHECK(page.status == 200);
  CHECK(has(page.body, "Invalid"));
  const Reply json = site.browser.get(address + "/json");
  CHECK(json.header("content-type") == "application/json");
  CHECK(has(json.header("content-disposition"), "attachment"));
  const auto report = boost::json::parse(json.body).as_object();
  CHECK(report.at("indication").as_string() == "TOTAL-FAILED");
  CHECK(report.at("sub_indication").as_string() == "FORMAT_FAILURE");
  CHECK(has(site.browser.get(address + "/xml").body, "urn:etsi:019102:subindication:FORMAT_FAILURE"));
  CHECK(site.browser.get(address + "/print").status == 200);
  std::string other = address;
  other.back() = other.back() == 'A' ? 'Q' : 'A';
  for (const char* const end : {"", "/json", "/xml", "/print"}) CHECK(site.browser.get(other + end).status == 404);
  CHECK(site.app.events("signature_validated").size() == 1);
}

TEST_CASE("where it is switched off, visitors are told, and who has logged in still verifies") {
  Site site;
  const auto by = flow::make_operator("test");
  REQUIRE(flow::set_feature(site.app.house(), by, {"", flow::Feature::public_validation, flow::FeatureState::off},
                            {"", "test", "r", base::now()}));
  CHECK(site.browser.get("/verify").status == 403);
  CHECK(site.send(multipart({{"document", "<letter/>"}})).status == 403);
  CHECK_FALSE(has(site.browser.get("/").body, "href=\"/verify\""));
  door::log_in_jan(site.browser);
  CHECK(has(site.browser.get("/account").body, "href=\"/verify\""));
  CHECK(site.send(multipart({{"document", "<letter/>"}})).status == 303);
}

TEST_CASE("a form from another site is refused, and a huge one ends with 413") {
  Site site;
  const std::string body = multipart({{"document", "<letter/>"}});
  const Reply foreign = site.browser.request(
      "POST", "/verify", {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", "https://evil.example"}},
      body);
  CHECK(foreign.status == 403);
  Browser other(site.app.port());
  const Reply huge = other.request(
      "POST", "/verify",
      {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", site.app.origin()}, {"Expect", "100-continue"}},
      std::string(36 * 1024 * 1024, 'x'));
  CHECK((huge.status == 413 || huge.status == 0));
  CHECK(site.browser.get("/verify").status == 200);
}
