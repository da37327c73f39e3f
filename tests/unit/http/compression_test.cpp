#include "http/compression.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

namespace {

const std::string words = [] {
  std::string text = "<!DOCTYPE html>";
  for (int i = 0; i < 200; ++i) text += "<p>Anna Kowalska, row " + std::to_string(i) + "</p>\n";
  return text;
}();

http::Request request(const std::string& site, const std::string& codings = "gzip, deflate, br") {
  http::Request asked;
  if (!site.empty()) asked.headers.push_back({"Sec-Fetch-Site", site});
  if (!codings.empty()) asked.headers.push_back({"Accept-Encoding", codings});
  return asked;
}

http::Response page() {
  return http::Response::html(words);
}

bool is_packed(const http::Response& response) {
  for (const http::Header& header : response.headers) {
    if (header.name == "Content-Encoding") return header.value == "gzip";
  }
  return false;
}

bool is_sent_packed(const http::Request& asked, http::Response response = page()) {
  http::compress_page(asked, response);
  return is_packed(response);
}

std::string unpack(const std::string& packed) {
  z_stream stream{};
  REQUIRE(::inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string out(words.size() + 1, '\0');
  std::string in = packed;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(::inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("a page for a request of this site, or of the person, is smaller and the same") {
  for (const char* site : {"same-origin", "none"}) {
    http::Response response = page();
    http::compress_page(request(site), response);
    REQUIRE(is_packed(response));
    CHECK(response.body.size() < words.size() / 4);
    CHECK(unpack(response.body) == words);
  }
}

TEST_CASE("a page that another site asks for is sent as it is, so that its length tells nothing") {
  for (const char* site : {"cross-site", "same-site", "", "Same-Origin", "same-origin, none", "null"}) {
    http::Response response = page();
    http::compress_page(request(site), response);
    CHECK_FALSE_MESSAGE(is_packed(response), site);
    CHECK(response.body == words);
  }
  http::Request twice = request("same-origin");
  twice.headers.push_back({"Sec-Fetch-Site", "cross-site"});
  CHECK_FALSE(is_sent_packed(twice));
}

TEST_CASE("a browser that does not take gzip gets the page as it is") {
  for (const char* codings : {"", "br", "deflate, br", "gzip;q=0", "gzip; q=0.000, br", "x-gzip-not", "identity"}) {
    CHECK_FALSE_MESSAGE(is_sent_packed(request("none", codings)), codings);
  }
  for (const char* codings : {"gzip", "GZIP", "br , gzip;q=0.5", "gzip;q=1.0, *;q=0"}) {
    CHECK_MESSAGE(is_sent_packed(request("none", codings)), codings);
  }
}

TEST_CASE("nothing but a large page is compressed") {
  http::Response json = http::Response::json(words);
  CHECK_FALSE(is_sent_packed(request("none"), json));
  CHECK_FALSE(is_sent_packed(request("none"), http::Response::html("<p>short</p>")));
  CHECK_FALSE(is_sent_packed(request("none"), http::Response::redirect("/account")));
  http::Response file = page();
  file.kind = http::Kind::asset;
  CHECK_FALSE(is_sent_packed(request("none"), file));
}
