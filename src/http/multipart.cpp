#include "http/multipart.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace http {
namespace {

constexpr std::string_view media_type = "multipart/form-data";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool starts_like(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

base::Result<std::string> find_boundary(std::string_view content_type) {
  const std::size_t at = content_type.find("boundary=");
  if (at == std::string_view::npos) return base::fail(base::Code::invalid_input, "multipart without a boundary");
  std::string_view value = content_type.substr(at + 9);
  value = value.substr(0, value.find(';'));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  const bool good = !value.empty() && value.size() <= 70 &&
                    std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"'; });
  if (!good) return base::fail(base::Code::invalid_input, "multipart with a broken boundary");
  return std::string(value);
}

/// A parameter in quotes: browsers write `"` inside as %22.
std::string parameter(std::string_view line, std::string_view name) {
  const std::string mark = "; " + std::string(name) + "=\"";
  const std::size_t at = line.find(mark);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + mark.size();
  const std::size_t end = line.find('"', begin);
  return end == std::string_view::npos ? std::string() : std::string(line.substr(begin, end - begin));
}

struct Part {
  std::string name;
  bool is_file = false;
  std::string file_name{};
  std::string_view octets;
};

base::Result<Part> read_part(std::string_view text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos || end > 4096)
    return base::fail(base::Code::invalid_input, "a part without an end of its head");
  Part part;
  part.octets = text.substr(end + 4);
  std::string_view head = text.substr(0, end);
  while (!head.empty()) {
    const std::size_t stop = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, stop);
    head.remove_prefix(std::min(stop + 2, head.size()));
    if (starts_like(line, "content-transfer-encoding:"))
      return base::fail(base::Code::invalid_input, "a part with a transfer encoding");
    if (!starts_like(line, "content-disposition: form-data")) continue;
    part.name = parameter(line, "name");
    part.is_file = line.find("; filename") != std::string_view::npos;
    part.file_name = parameter(line, "filename");
  }
  if (part.name.empty()) return base::fail(base::Code::invalid_input, "a part without a name");
  return part;
}

/// A name must occur once, because two readers of a form could choose different parts. `names`: those of earlier parts.
base::Result<void> take_name(const std::string& name, std::vector<std::string>& names) {
  if (name.find('\0') != std::string::npos || !base::is_utf8(name)) {
    return base::fail(base::Code::invalid_input, "the name of a part is not UTF-8 text");
  }
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return base::fail(base::Code::invalid_input, "the name of a part comes twice");
  }
  names.push_back(name);
  return {};
}

}  // namespace

bool is_multipart(const Request& request) {
  const std::string* type = request.find_header("Content-Type");
  return type != nullptr && starts_like(*type, media_type);
}

base::Result<MultipartForm> parse_multipart(const Request& request, std::size_t most, std::string_view several) {
  const std::string* type = request.find_header("Content-Type");
  if (type == nullptr || !is_multipart(request))
    return base::fail(base::Code::invalid_input, "not multipart/form-data");
  ASSIGN_OR_RETURN(const std::string boundary, find_boundary(*type));
  const std::string first = "--" + boundary;
  const std::string next = "\r\n" + first;
  std::string_view rest = request.body;
  if (!rest.starts_with(first))
    return base::fail(base::Code::invalid_input, "multipart does not begin with its boundary");
  rest.remove_prefix(first.size());
  MultipartForm form;
  std::string encoded;
  std::vector<std::string> names;
  for (std::size_t count = 0; !rest.starts_with("--"); ++count) {
    if (count == most || !rest.starts_with("\r\n"))
      return base::fail(base::Code::invalid_input, "too many parts, or a broken one");
    rest.remove_prefix(2);
    const std::size_t end = rest.find(next);
    if (end == std::string_view::npos) return base::fail(base::Code::invalid_input, "multipart without an end");
    ASSIGN_OR_RETURN(Part part, read_part(rest.substr(0, end)));
    rest.remove_prefix(end + next.size());
    const bool is_one_of_several =
        part.is_file && part.name == several && !form.files.empty() && form.files.back().field == several;
    if (!is_one_of_several) RETURN_IF_ERROR(take_name(part.name, names));
    if (part.is_file) {
      form.files.push_back({std::move(part.name), std::string(part.octets), std::move(part.file_name)});
    } else {
      encoded.append(encoded.empty() ? "" : "&")
          .append(base::percent_encode(part.name))
          .append("=")
          .append(base::percent_encode(part.octets));
    }
  }
  ASSIGN_OR_RETURN(form.fields, Form::parse(encoded));
  return form;
}

}  // namespace http
