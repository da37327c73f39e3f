// A form with files as a browser or an attacker may send it. The input is the value of Content-Type up to the first
// line feed, then the body. What is accepted must be within its bounds, its names unique, a copy of octets that were
// sent, and must be the same after it is written and read again. The reader of pieces must say the same of it, wherever
// the pieces end.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "http/multipart.hpp"
#include "http/multipart_reader.hpp"

namespace {

constexpr std::size_t most = 8;

void demand(bool holds) {
  if (!holds) std::abort();
}

http::Request request_of(std::string_view type, std::string body) {
  http::Request request;
  request.method = http::Method::post;
  request.headers = {{"Content-Type", std::string(type)}};
  request.body = std::move(body);
  return request;
}

std::string part(std::string_view name, bool is_file, std::string_view octets) {
  std::string text = "--mark\r\nContent-Disposition: form-data; name=\"";
  text.append(name).append(is_file ? "\"; filename=\"f\"" : "\"").append("\r\n\r\n").append(octets).append("\r\n");
  return text;
}

void read_again(const http::MultipartForm& form) {
  std::string body;
  for (const auto& [name, value] : form.fields.fields()) {
    body += part(name, false, value);
    // When it is written again, the value or its name would end earlier.
    if (value.find("\r\n--mark") != std::string::npos || name.find_first_of("\r\n\"") != std::string::npos) return;
  }
  for (const http::UploadedFile& file : form.files) {
    body += part(file.field, true, file.octets);
    if (file.octets.find("\r\n--mark") != std::string::npos) return;
    if (file.field.find_first_of("\r\n\"") != std::string::npos) return;
  }
  const auto again =
      http::parse_multipart(request_of("multipart/form-data; boundary=mark", body + "--mark--\r\n"), most);
  if (body.empty()) return;
  demand(again.has_value());
  demand(again->fields.fields() == form.fields.fields());
  demand(again->files.size() == form.files.size());
  for (std::size_t i = 0; i < form.files.size(); ++i) {
    demand(again->files[i].field == form.files[i].field && again->files[i].octets == form.files[i].octets);
  }
}

base::Result<void> read_in_pieces(http::MultipartReader& reader, std::string_view body, std::size_t seed) {
  while (!body.empty()) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    const std::size_t size = 1 + (seed >> 33) % ((seed >> 60) < 8 ? 3 : 90);
    RETURN_IF_ERROR(reader.add(body.substr(0, size)));
    body.remove_prefix(std::min(size, body.size()));
  }
  return reader.finish();
}

void compare(const http::Request& request, const base::Result<http::MultipartForm>& form) {
  const auto boundary = http::find_boundary(request.headers.front().value);
  if (!boundary || !http::is_multipart(request)) return;
  http::MultipartReader reader(*boundary, {.parts = most, .fields = request.body.size()}, {});
  const auto read = read_in_pieces(reader, request.body, std::hash<std::string>{}(request.body));
  demand(read.has_value() == form.has_value());
  if (!form) return;
  demand(reader.fields().fields() == form->fields.fields());
  demand(reader.files().size() == form->files.size());
  for (std::size_t i = 0; i < form->files.size(); ++i) {
    const http::MultipartReader::File& file = reader.files()[i];
    demand(file.field == form->files[i].field && file.name == form->files[i].name);
    demand(file.begin <= request.body.size() && file.size <= request.body.size() - file.begin);
    demand(request.body.compare(file.begin, file.size, form->files[i].octets) == 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const std::size_t line = octets.find('\n');
  if (line == std::string_view::npos) return 0;
  const http::Request request = request_of(octets.substr(0, line), std::string(octets.substr(line + 1)));
  const auto form = http::parse_multipart(request, most);
  compare(request, form);
  if (!form) {
    demand(form.error().code == base::Code::invalid_input);
    return 0;
  }
  demand(http::is_multipart(request));
  demand(form->fields.fields().size() + form->files.size() <= most);
  std::set<std::string> names;
  for (const auto& [name, value] : form->fields.fields()) {
    demand(names.insert(name).second);
    demand(!name.empty() && base::is_utf8(name) && base::is_utf8(value));
    demand(request.body.find(value) != std::string::npos);
  }
  for (const http::UploadedFile& file : form->files) {
    demand(names.insert(file.field).second);
    demand(!file.field.empty() && base::is_utf8(file.field));
    demand(request.body.find(file.octets) != std::string::npos);
  }
  read_again(*form);
  return 0;
}
