#include "http/multipart.hpp"

#include <doctest/doctest.h>

namespace {

http::Request request_of(std::string body, std::string type = "multipart/form-data; boundary=mark") {
  http::Request request;
  request.method = http::Method::post;
  request.headers = {{"Content-Type", std::move(type)}};
  request.body = std::move(body);
  return request;
}

std::string part(const std::string& head, const std::string& octets) {
  return "--mark\r\n" + head + "\r\n\r\n" + octets + "\r\n";
}

std::string field(const std::string& name) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", "1");
}

std::string file(const std::string& name) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"; filename=\"x\"", "1");
}

}  // namespace

TEST_CASE("fields and files of a form are told apart, and a file's octets come through as they are") {
  const std::string octets("\0\r\n--mar\xff", 9);
  const auto form =
      http::parse_multipart(request_of(part("Content-Disposition: form-data; name=\"csrf\"", "a&b=c") +
                                       part("Content-Disposition: form-data; name=\"file\"; "
                                            "filename=\"x.der\"\r\nContent-Type: application/x-x509-ca-cert",
                                            octets) +
                                       "--mark--\r\n"));
  REQUIRE(form);
  CHECK(form->fields.get("csrf") == "a&b=c");
  CHECK_FALSE(form->fields.has("file"));
  REQUIRE(form->files.size() == 1);
  CHECK(form->files[0].field == "file");
  CHECK(form->files[0].octets == octets);
}

TEST_CASE("a form with files that is not whole is refused") {
  const std::string good = part("Content-Disposition: form-data; name=\"a\"", "1");
  for (const std::string& body :
       {std::string(), std::string("--mark"), good, "x" + good + "--mark--",
        part("Content-Disposition: form-data", "1") + "--mark--",
        part("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64", "1") + "--mark--",
        std::string("--mark\r\nno end of the head\r\n--mark--"),
        part("Content-Disposition: form-data; name=\"a\"", "\xff") + "--mark--"}) {
    CHECK_FALSE_MESSAGE(http::parse_multipart(request_of(body)), body);
  }
  for (const char* type : {"multipart/form-data", "multipart/form-data; boundary=", "text/plain"}) {
    CHECK_FALSE(http::parse_multipart(request_of(good + "--mark--", type)));
  }
  std::string many;
  for (int i = 0; i < 60; ++i) many += part("Content-Disposition: form-data; name=\"f" + std::to_string(i) + "\"", "1");
  CHECK_FALSE(http::parse_multipart(request_of(many + "--mark--")));
}

TEST_CASE("the boundary is the parameter of that name, in quotes or not, and there is one") {
  const std::string body = field("a") + "--mark--";
  for (const char* type :
       {"multipart/form-data; boundary=mark", "multipart/form-data;boundary=mark",
        "multipart/form-data; BOUNDARY=\"mark\"", "multipart/form-data; charset=utf-8; boundary=mark",
        "multipart/form-data; boundary=mark ; charset=utf-8;", "multipart/form-data; xboundary=other; boundary=mark",
        "multipart/form-data; x=\"; boundary=other\"; boundary=mark",
        "multipart/form-data; x=\"\\\"; boundary=other\"; boundary=\"ma\\rk\""}) {
    CHECK_MESSAGE(http::parse_multipart(request_of(body, type)), type);
  }
  for (const char* type :
       {"multipart/form-data; boundary=mark; boundary=mark", "multipart/form-data; boundary=mark; Boundary=other",
        "multipart/form-data; xboundary=mark", "multipart/form-data; xboundary=mark; boundary=other",
        "multipart/form-data; boundary=\"mark", "multipart/form-data; boundary=\"mark\"x",
        "multipart/form-data; boundary =mark", "multipart/form-data; x=\"; boundary=mark\"",
        "multipart/form-data; boundary=mark x"}) {
    CHECK_FALSE_MESSAGE(http::parse_multipart(request_of(body, type)), type);
  }
}

TEST_CASE("each name comes once in a form with files, whether a field or a file has it") {
  const auto several = http::parse_multipart(request_of(field("a") + file("b") + file("c") + field("d") + "--mark--"));
  REQUIRE(several);
  CHECK(several->fields.fields().size() == 2);
  CHECK(several->files.size() == 2);
  for (const std::string& body : {field("a") + field("a"), file("a") + file("a"), field("a") + file("a"),
                                  file("a") + field("a"), file("a") + file("b") + field("c") + file("a")}) {
    const auto form = http::parse_multipart(request_of(body + "--mark--"));
    REQUIRE_FALSE_MESSAGE(form, body);
    CHECK(form.error().code == base::Code::invalid_input);
  }
  CHECK(http::parse_multipart(request_of(field("a") + file("A") + "--mark--")));
}

TEST_CASE("the name of a field or a file is UTF-8 text") {
  CHECK(http::parse_multipart(request_of(file("załącznik") + field("pole ż") + "--mark--")));
  for (const std::string& name : {std::string("\xff"), std::string("a\xc0\xaf"), std::string("a\0b", 3)}) {
    for (const std::string& body : {file(name), field(name)}) {
      const auto form = http::parse_multipart(request_of(body + "--mark--"));
      REQUIRE_FALSE(form);
      CHECK(form.error().code == base::Code::invalid_input);
    }
  }
}

TEST_CASE("several files come in one field only where it is allowed, and beside each other") {
  const std::string two = file("document") + file("document") + field("csrf");
  CHECK_FALSE(http::parse_multipart(request_of(two + "--mark--")));
  CHECK_FALSE(http::parse_multipart(request_of(two + "--mark--"), 50, "other"));
  const auto form = http::parse_multipart(request_of(two + "--mark--"), 50, "document");
  REQUIRE(form);
  CHECK(form->files.size() == 2);
  CHECK(form->files[1].name == "x");
  for (const std::string& bad : {file("document") + field("document"), field("document") + file("document"),
                                 file("document") + file("other") + file("document")}) {
    CHECK_FALSE_MESSAGE(http::parse_multipart(request_of(bad + "--mark--"), 50, "document"), bad);
  }
}
