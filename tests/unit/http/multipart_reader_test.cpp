// A form in pieces is the same as the form as a whole, wherever its pieces end.
#include "http/multipart_reader.hpp"

#include <doctest/doctest.h>

#include "http/multipart.hpp"

namespace {

constexpr const char* type = "multipart/form-data; boundary=mark";

std::string field(const std::string& name, const std::string& value) {
  return "--mark\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

std::string file(const std::string& name, const std::string& octets, const std::string& called = "x") {
  return "--mark\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + called +
         "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + octets + "\r\n";
}

base::Result<http::MultipartForm> whole(const std::string& body) {
  http::Request request;
  request.headers = {{"Content-Type", type}};
  request.body = body;
  return http::parse_multipart(request, 20, "document");
}

/// Like whole(), with `size` octets in each piece.
base::Result<http::MultipartForm> in_pieces(const std::string& body, std::size_t size) {
  http::MultipartReader reader("mark", {.parts = 20}, "document");
  for (std::size_t at = 0; at < body.size(); at += size) {
    RETURN_IF_ERROR(reader.add(std::string_view(body).substr(at, size)));
  }
  RETURN_IF_ERROR(reader.finish());
  http::MultipartForm form;
  form.fields = reader.fields();
  for (const auto& one : reader.files()) {
    form.files.push_back({one.field, body.substr(one.begin, one.size), one.name, nullptr});
  }
  return form;
}

void compare(const std::string& body) {
  const auto expected = whole(body);
  for (std::size_t size = 1; size <= body.size() + 1; size += size < 40 ? 1 : 37) {
    const auto got = in_pieces(body, size);
    CAPTURE(body);
    CAPTURE(size);
    REQUIRE(got.has_value() == expected.has_value());
    if (!got) continue;
    CHECK(got->fields.fields() == expected->fields.fields());
    REQUIRE(got->files.size() == expected->files.size());
    for (std::size_t i = 0; i < got->files.size(); ++i) {
      CHECK(got->files[i].field == expected->files[i].field);
      CHECK(got->files[i].name == expected->files[i].name);
      CHECK(got->files[i].octets == expected->files[i].octets);
    }
  }
}

}  // namespace

TEST_CASE("wherever the pieces of a form end, its fields and files are the same") {
  const std::string odd("\r\n--mar\r\n--mar\0k\r\n\r\n-\r\n--", 26);
  compare(field("csrf", "a&b=c") + file("document", odd, "a b.pdf") + file("document", "", "empty") +
          file("document", std::string(300, '\r')) + field("empty", "") + "--mark--\r\n");
  REQUIRE(whole(file("document", odd) + "--mark--"));
  CHECK(whole(file("document", odd) + "--mark--")->files[0].octets == odd);
  compare(field("a", "1") + "--mark--" + std::string(200, 'e'));
  compare("--mark--");
}

TEST_CASE("wherever its pieces end, a form that is not whole is refused") {
  const std::string good = field("a", "1");
  for (const std::string& body :
       {std::string(), std::string("--mark"), std::string("--mar"), good, good + "--mark-", good + "--mark", "x" + good,
        good + "--markx" + "--mark--", std::string("--mark\r\n--mark--"), std::string("--mark\r\n\r\n--mark--"),
        std::string("--mark\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--mark--"),
        std::string("--mark\r\nContent-Disposition: form-data; na\r\n--mark\r\nme=\"a\"\r\n\r\nx\r\n--mark--"),
        good + good + "--mark--", file("a", "1") + file("a", "2") + "--mark--",
        file("document", "1") + good + file("x", "") + file("document", "2") + "--mark--",
        field("a", "\xff") + "--mark--", std::string("--mark\r\n") + std::string(5000, 'h') + "\r\n\r\n\r\n--mark--",
        field(std::string(4200, 'n'), "1") + "--mark--"}) {
    CHECK_FALSE_MESSAGE(whole(body).has_value(), body);
    compare(body);
  }
  std::string many;
  for (int i = 0; i < 21; ++i) many += field("f" + std::to_string(i), "1");
  CHECK_FALSE(in_pieces(many + "--mark--", 100));
}

TEST_CASE("the head of a part may be as long in pieces as in a whole") {
  const std::string before = "Content-Disposition: form-data; name=\"\"";
  for (const std::size_t longer : {0U, 1U}) {
    const std::string name(http::longest_part_head - before.size() + longer, 'n');
    const std::string body = field(name, "1") + "--mark--";
    CHECK(whole(body).has_value() == (longer == 0));
    for (const std::size_t size : {1U, 4095U, 4096U, 4100U, 10'000U}) {
      CHECK(in_pieces(body, size).has_value() == (longer == 0));
    }
  }
}

TEST_CASE("the fields of a form in pieces have a limit together, and its files have none") {
  const auto read = [](const std::string& body) -> base::Result<void> {
    http::MultipartReader reader("mark", {.parts = 20, .fields = 100}, "");
    RETURN_IF_ERROR(reader.add(body));
    return reader.finish();
  };
  CHECK(read(field("a", std::string(50, 'x')) + field("b", std::string(50, 'x')) + "--mark--"));
  CHECK_FALSE(read(field("a", std::string(50, 'x')) + field("b", std::string(51, 'x')) + "--mark--"));
  CHECK(read(file("a", std::string(5000, 'x')) + "--mark--"));
}
